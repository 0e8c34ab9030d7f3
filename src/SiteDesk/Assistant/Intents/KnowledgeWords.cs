using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Intents;

/// <summary>A change as a page shows it.</summary>
/// <param name="Key">By which it is taken back.</param>
/// <param name="Intent">Key of its intent; null when it is gone or there is none.</param>
/// <param name="Title">What it is about: the intent's name, or "not for us".</param>
/// <param name="What">What of it changed, with language or site.</param>
public sealed record ChangeLine(string Key, string? Intent, string Title, string What, string Language, IReadOnlyList<string> Added, IReadOnlyList<string> Removed);

/// <summary>Puts differences of documents into the reader's words.</summary>
internal sealed class KnowledgeWords(Database database, SiteDirectory directory, HelpSnapshots snapshots)
{
    private const int MostTeams = 500;

    /// <summary>The changes a member of staff may see: those of other sites' answers are left out.</summary>
    public async Task<IReadOnlyList<ChangeLine>> OfAsync(IReadOnlyList<KnowledgeChange> changes, KnowledgeDocument before, KnowledgeDocument after, Staff staff, Texts texts, CancellationToken cancellation)
    {
        var sites = (await directory.VisibleToAsync(staff, cancellation)).ToDictionary(site => site.Id, site => site.Name);
        var teams = changes.Any(change => change.Aspect.Kind == AspectKind.HandOver)
            ? await database.Set<Team>().AsNoTracking().OrderBy(team => team.Id).Take(MostTeams).ToDictionaryAsync(team => team.Id, team => team.NameIn(texts.Language), cancellation) : [];
        var articles = new Dictionary<long, HelpSnapshot>();
        foreach (var site in changes.Where(change => change.Aspect.Kind == AspectKind.Articles).Select(change => change.Aspect.SiteId ?? 0).Distinct().Where(sites.ContainsKey))
            articles[site] = await snapshots.ReadAsync(site, cancellation);
        return [.. changes.Where(change => change.Aspect.SiteId is not { } site || sites.ContainsKey(site)).Select(change => Line(change))];

        ChangeLine Line(KnowledgeChange change)
        {
            var aspect = change.Aspect;
            var what = texts[$"assist-aspect.{aspect.Kind.ToString().ToLowerInvariant()}"];
            if (aspect.Language.Length > 0)
                what += $" · {Languages.OwnName(aspect.Language)}";
            if (aspect.SiteId is { } site && sites.Count > 1)
                what += $" · {sites[site]}";
            return new ChangeLine(
                aspect.Key, IntentCatalog.Has(after, aspect.Intent) ? aspect.Intent : null,
                aspect.Kind == AspectKind.OutOfScope ? texts["assist-intent.out-of-scope"] : IntentCatalog.NameOf(aspect.Intent, after.Intents.ContainsKey(aspect.Intent) ? after : before, texts), what, aspect.Language,
                [.. change.Added.Select(line => Said(aspect, line))], [.. change.Removed.Select(line => Said(aspect, line))]);
        }

        string Said(KnowledgeAspect aspect, string line) => aspect.Kind switch
        {
            AspectKind.State => texts["assist-by.off"],
            AspectKind.Articles => line == "none" ? texts["assist-intent.no-article"]
                : IntentCatalog.TitleOf(long.Parse(line, CultureInfo.InvariantCulture), articles.GetValueOrDefault(aspect.SiteId ?? 0), texts.Language),
            AspectKind.AsksFor => line == "none" ? texts["assist-intent.asks-nothing"] : texts[$"assist-slot.{line}"],
            AspectKind.Action => line == "none" ? texts["assist-intent.action-none"] : texts.Has("action." + line) ? texts["action." + line] : line,
            AspectKind.HandOver => line.Split(':', 2) switch
            {
                ["when", var when] => texts[$"assist-when.{when.ToLowerInvariant()}"],
                ["team", var team] => texts["assist-intent.to-team", ("team", teams.GetValueOrDefault(long.Parse(team, CultureInfo.InvariantCulture), team))],
                _ => texts["assist-intent.for-segment"],
            },
            _ => line,
        };
    }
}
