using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Settings;

namespace SiteDesk.Tickets.ReplyTemplates;

/// <summary>The fields of a template; texts in the order of <see cref="Languages.All"/>.</summary>
public sealed class ReplyTemplateForm
{
    public string Name { get; set => field = value ?? ""; } = "";

    public List<string> Texts { get; set => field = NamesInLanguages.Fill(value); } = NamesInLanguages.Fill(null);

    /// <summary>Null for all sites.</summary>
    public long? SiteId { get; set; }

    /// <summary>Null for everybody.</summary>
    public long? TeamId { get; set; }

    /// <summary>What its author has seen; null for a new one.</summary>
    public int? Version { get; set; }

    public static ReplyTemplateForm Of(ReplyTemplate template) => new()
    {
        Name = template.Name,
        Texts = NamesInLanguages.ToList(template.Texts),
        SiteId = template.SiteId,
        TeamId = template.TeamId,
        Version = template.Version,
    };
}

/// <summary>Adds, changes and retires templates of replies.</summary>
public sealed class KeepReplyTemplate(Database database, AuditLog audit, TimeProvider time)
{
    /// <summary>Templates an installation may have, retired ones included.</summary>
    public const int Most = 500;

    private const int Tries = 3;

    /// <param name="id">Null for a new one.</param>
    public Task<Outcome<ReplyTemplate>> RunAsync(long? id, ReplyTemplateForm form, Staff by, CancellationToken cancellation) =>
        database.AgainOnConflictAsync(Tries, () => TryAsync(id, form, by, cancellation), cancellation);

    /// <summary>It is not offered any more, and can come back.</summary>
    /// <returns>Null when there is no such template, or none this person may change.</returns>
    public Task<ReplyTemplate?> RetireAsync(long id, bool retired, Staff by, CancellationToken cancellation) =>
        database.AgainOnConflictAsync(Tries, async () =>
        {
            if (await database.Set<ReplyTemplate>().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } template || !MayKeep(template.SiteId, template.TeamId, by))
                return null;
            template.RetiredAt = retired ? template.RetiredAt ?? time.Now() : null;
            return await SaveAsync(template, retired ? "reply-template.retired" : "reply-template.restored", by, cancellation);
        }, cancellation);

    /// <summary>Who is confined to sites or teams decides about the templates of these, not about those of all.</summary>
    public static bool MayKeep(long? siteId, long? teamId, Staff by) =>
        (siteId is null ? by.SiteIds is null : by.SeesSite(siteId.Value)) && (teamId is null ? by.TeamIds is null : by.SeesTeam(teamId));

    private async Task<Outcome<ReplyTemplate>> TryAsync(long? id, ReplyTemplateForm form, Staff by, CancellationToken cancellation)
    {
        var template = id is null ? null : await database.Set<ReplyTemplate>().FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (id is not null && (template is null || !MayKeep(template.SiteId, template.TeamId, by)))
            return new Problem("", "ticket-settings.unknown");
        form.Texts = form.Texts.ConvertAll(MessageComposer.Clean);
        var problems = await CheckAsync(form, by, cancellation);
        if (template is null && await database.Set<ReplyTemplate>().CountAsync(cancellation) >= Most)
            problems.Add(new Problem("", "ticket-settings.too-many", ("count", Most)));
        if (problems.Count > 0)
            return problems;
        if (template is not null && form.Version != template.Version)
        {
            // Theirs is on the page and nothing of it is lost; saving it again is their decision.
            form.Version = template.Version;
            return new Problem("", "reply-template.changed-meanwhile");
        }

        if (template is null)
        {
            template = new ReplyTemplate { Name = form.Name.Trim() };
            database.Add(template);
        }

        template.Name = form.Name.Trim();
        template.Texts = NamesInLanguages.ToTexts(form.Texts);
        template.SiteId = form.SiteId;
        template.TeamId = form.TeamId;
        return await SaveAsync(template, id is null ? "reply-template.added" : "reply-template.changed", by, cancellation);
    }

    private async Task<List<Problem>> CheckAsync(ReplyTemplateForm form, Staff by, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        if (form.Name.Trim().Length is 0 or > ReplyTemplate.LongestName)
            problems.Add(new Problem("Name", "reply-template.name-needed", ("count", ReplyTemplate.LongestName)));
        if (form.Texts.TrueForAll(text => text.Length == 0))
            problems.Add(new Problem("Texts-0", "reply-template.text-needed"));
        foreach (var (index, text) in form.Texts.Index())
        {
            if (text.Length > ReplyTemplate.LongestText)
                problems.Add(new Problem($"Texts-{index}", "reply-template.text-length", ("count", ReplyTemplate.LongestText)));
            if (TemplatePlaceholders.UnknownIn(text) is { Count: > 0 } unknown)
                problems.Add(new Problem($"Texts-{index}", "reply-template.unknown-placeholder", ("names", string.Join(", ", unknown))));
        }

        if (!MayKeep(form.SiteId, form.TeamId, by))
            problems.Add(new Problem(form.SiteId is null && by.SiteIds is not null || form.SiteId is { } site && !by.SeesSite(site) ? "SiteId" : "TeamId", "reply-template.scope-needed"));
        else if (form.SiteId is { } siteId && !await database.Set<Sites.Site>().AnyAsync(row => row.Id == siteId, cancellation))
            problems.Add(new Problem("SiteId", "ticket-settings.unknown"));
        if (form.TeamId is { } teamId && !await database.Set<Team>().AnyAsync(row => row.Id == teamId, cancellation))
            problems.Add(new Problem("TeamId", "ticket-settings.unknown"));
        return problems;
    }

    private async Task<ReplyTemplate> SaveAsync(ReplyTemplate template, string action, Staff by, CancellationToken cancellation) =>
        await database.InTransactionAsync(async () =>
        {
            await database.SaveChangesAsync(cancellation);
            audit.Write(by.AsActor(), action, string.Create(CultureInfo.InvariantCulture, $"reply-template:{template.Id}"), ("name", template.Name));
            await database.SaveChangesAsync(cancellation);
            return template;
        }, cancellation);
}

/// <summary>What a team that is gone had for itself alone does not become everybody's: it is put away until somebody decides.</summary>
public sealed class RetireTeamTemplates(Database database, TimeProvider time) : IHandle<TeamRemoved>
{
    public async Task HandleAsync(TeamRemoved domainEvent, EventContext context, CancellationToken cancellation)
    {
        foreach (var template in await database.Set<ReplyTemplate>().Where(row => row.TeamId == domainEvent.TeamId).ToListAsync(cancellation))
        {
            template.TeamId = null;
            template.RetiredAt ??= time.Now();
        }

        await database.SaveChangesAsync(cancellation);
    }
}
