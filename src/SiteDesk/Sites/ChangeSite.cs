using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>Changes what a site is: name, addresses, languages, colour, hours, widget; puts it away and takes it back.</summary>
public sealed partial class ChangeSite(Database database, SiteDirectory directory, AuditLog audit, TimeProvider time)
{
    /// <summary>Domains a site may have.</summary>
    public const int MostDomains = 50;

    /// <summary>Characters of a greeting.</summary>
    public const int LongestGreeting = 300;

    public static readonly IReadOnlyList<string> Positions = ["end", "start"];

    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    /// <returns>The site as stored, put away or not; null when there is none this person may see.</returns>
    public async Task<Site?> FindAsync(long id, Staff by, CancellationToken cancellation) =>
        by.SeesSite(id) ? await database.Set<Site>().FirstOrDefaultAsync(site => site.Id == id, cancellation) : null;

    public async Task<Outcome<Site>> SetGeneralAsync(Site site, SiteForm form, Staff by, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        if (form.Name.Trim().Length is 0 or > 100)
            problems.Add(new Problem("Name", "site.name-needed"));
        var address = CreateSite.ParseAddress(form.Address);
        if (address is null)
            problems.Add(new Problem("Address", "site.address-needed"));
        var domains = ReadDomains(form.Domains, problems);
        var languages = Languages.All.Where(form.Languages.Contains).OrderBy(language => language != form.DefaultLanguage).ToList();
        if (languages.Count == 0)
            problems.Add(new Problem("Languages", "site.language-needed"));
        if (!ColorPattern().IsMatch(form.Color))
            problems.Add(new Problem("Color", "site.color-needed"));
        if (problems.Count > 0)
            return problems;

        site.Name = form.Name.Trim();
        site.Address = address!.GetLeftPart(UriPartial.Path).TrimEnd('/');
        site.Domains = domains;
        site.Languages = languages;
        site.Color = form.Color.ToLowerInvariant();
        return await SaveAsync(site, "site.changed", by, cancellation, ("domains", string.Join(' ', domains)), ("languages", string.Join(' ', languages)));
    }

    public Task<Outcome<Site>> SetHoursAsync(Site site, BusinessHours hours, Staff by, CancellationToken cancellation)
    {
        site.Hours = hours;
        return SaveAsync(site, "site.hours-changed", by, cancellation, ("time zone", hours.TimeZone));
    }

    public async Task<Outcome<Site>> SetWidgetAsync(Site site, WidgetForm form, Staff by, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        foreach (var (index, greeting) in form.Greetings.Index().Where(entry => entry.Item.Trim().Length > LongestGreeting))
            problems.Add(new Problem($"greeting-{index}", "widget.greeting-length", ("count", LongestGreeting)));
        if (!Positions.Contains(form.Position))
            problems.Add(new Problem("Position", "widget.position-needed"));
        if (!Themes.Contains(form.Theme))
            problems.Add(new Problem("Theme", "widget.theme-needed"));
        if (form.Offset is not (>= 0 and <= 200))
            problems.Add(new Problem("Offset", "widget.offset-range"));
        if (problems.Count > 0)
            return problems;

        site.Widget = new WidgetSettings
        {
            Greeting = site.Languages.Zip(form.Greetings).Where(pair => pair.Second.Trim().Length > 0).ToDictionary(pair => pair.First, pair => pair.Second.Trim(), StringComparer.Ordinal),
            Position = form.Position,
            Theme = form.Theme,
            Offset = form.Offset ?? 20,
            AsksContactFirst = form.AsksContactFirst,
            OffersProblemReport = form.OffersProblemReport,
            ShowsAgentNames = form.ShowsAgentNames,
        };
        return await SaveAsync(site, "site.widget-changed", by, cancellation);
    }

    /// <summary>No new conversations begin; the old ones stay. The last site cannot be put away.</summary>
    public async Task<Outcome<Site>> ArchiveAsync(Site site, Staff by, CancellationToken cancellation)
    {
        if (!await database.Set<Site>().AnyAsync(other => other.Id != site.Id && other.ArchivedAt == null, cancellation))
            return new Problem("", "site.last");
        site.ArchivedAt ??= time.Now();
        return await SaveAsync(site, "site.archived", by, cancellation);
    }

    public Task<Outcome<Site>> RestoreAsync(Site site, Staff by, CancellationToken cancellation)
    {
        site.ArchivedAt = null;
        return SaveAsync(site, "site.restored", by, cancellation);
    }

    internal async Task<Outcome<Site>> SaveAsync(Site site, string action, Staff by, CancellationToken cancellation, params (string Name, string? Value)[] details)
    {
        audit.Write(by.AsActor(), action, string.Create(CultureInfo.InvariantCulture, $"site:{site.Id}"), [("name", site.Name), .. details]);
        database.Signal(() => new LiveSignal(SiteDirectory.Topic, "changed", site.Id.ToString(CultureInfo.InvariantCulture)));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("", "settings.changed-meanwhile");
        }

        directory.Forget();
        return site;
    }

    /// <summary>Hosts as a browser sends them: lower case, international names in their ASCII form, the port where unusual.</summary>
    private static List<string> ReadDomains(string text, List<Problem> problems)
    {
        var domains = new List<string>();
        foreach (var line in text.Split(['\n', '\r', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var isWildcard = line.StartsWith("*.", StringComparison.Ordinal);
            var address = CreateSite.ParseAddress(isWildcard ? line[2..] : line);
            if (address is null || address.AbsolutePath != "/" || address.IdnHost.Contains('*', StringComparison.Ordinal) || isWildcard && !address.IdnHost.Contains('.', StringComparison.Ordinal))
            {
                problems.Add(new Problem("Domains", "site.domain-wrong", ("domain", line.UpTo(60))));
                continue;
            }

            var host = address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port.ToString(CultureInfo.InvariantCulture)}";
            domains.Add((isWildcard ? "*." : "") + host.ToLowerInvariant());
        }

        if (domains.Count == 0 && problems.TrueForAll(problem => problem.Field != "Domains"))
            problems.Add(new Problem("Domains", "site.domain-needed"));
        if (domains.Count > MostDomains)
            problems.Add(new Problem("Domains", "site.domains-too-many", ("count", MostDomains)));
        return [.. domains.Distinct(StringComparer.Ordinal)];
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ColorPattern();
}
