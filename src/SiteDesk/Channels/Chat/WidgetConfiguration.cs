using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>Who is there for a site's visitors.</summary>
/// <param name="NextAt">When somebody is there again, UTC; null when somebody is, or nobody will be within a year.</param>
public sealed record Presence(bool Online, DateTime? NextAt, IReadOnlyList<PresentAgent> Agents, int? ReplyMinutes);

public sealed record PresentAgent(string Name, string Initials);

/// <summary>What the widget has to know of its site before it shows itself.</summary>
public sealed class WidgetConfiguration(Database database, TextCatalog texts, WidgetAssets assets, FileLimits files, TimeProvider time)
{
    private const int MostAgents = 3;
    private static readonly TimeSpan CountsAsPresent = TimeSpan.FromMinutes(15);

    public async Task<object> OfAsync(WidgetVisit visit, CancellationToken cancellation)
    {
        var (site, language) = (visit.Site, visit.Language);
        var consent = await ConsentTexts.CurrentAsync(database, site.Id, language, site.DefaultLanguage, cancellation);
        return new
        {
            site.Name,
            site.Color,
            Language = language,
            Assets = assets.Folder,
            Presence = await PresenceAsync(site, cancellation),
            Privacy = new
            {
                ConsentRequired = site.Privacy.RequiresConsent && consent is not null,
                ConsentVersion = consent?.Number ?? 0,
                ConsentText = consent?.Text ?? "",
                PolicyUrl = site.Privacy.PolicyAddress,
                PageTracking = site.Privacy.TracksPages,
            },
            Assistant = site.Assistant.AnswersInWidget
                ? new { Name = site.Assistant.Name.GetValueOrDefault(language) is { Length: > 0 } called ? called : texts.Get(language, "chat.assistant") }
                : null,
            Widget = new
            {
                Label = texts.Get(language, "chat.open"),
                Greeting = site.Widget.Greeting.GetValueOrDefault(language) is { Length: > 0 } own ? own : texts.Get(language, "chat.greeting"),
                Position = site.Widget.Position == "start" ? "left" : "right",
                site.Widget.Theme,
                site.Widget.Offset,
                site.Widget.OffersProblemReport,
                AskContact = site.Widget.AsksContactFirst ? "always" : "offline",
            },
            Limits = new
            {
                FileBytes = files.MostBytes,
                TextLength = Message.LongestText,
                FilesPerMessage = MessageComposer.MostFiles,
                FileTypes = Array.Empty<string>(),
            },
        };
    }

    public async Task<Presence> PresenceAsync(Site site, CancellationToken cancellation)
    {
        var now = time.Now();
        if (!site.Hours.IsOpenAt(now))
            return new Presence(false, site.Hours.NextOpening(now), [], null);
        return new Presence(true, null, site.Widget.ShowsAgentNames ? await AgentsAsync(site, now, cancellation) : [], null);
    }

    /// <summary>Those whose workspace was in use lately and who answer this site's customers.</summary>
    private async Task<IReadOnlyList<PresentAgent>> AgentsAsync(Site site, DateTime now, CancellationToken cancellation)
    {
        var since = now - CountsAsPresent;
        var names = await database.Set<StaffMember>().AsNoTracking()
            .Where(member => member.DeactivatedAt == null && !member.IsAway
                && (!member.ConfinedToSites || member.Sites.Any(allowed => allowed.SiteId == site.Id))
                && database.Set<Session>().Any(session => session.StaffId == member.Id && session.LastSeenAt > since && session.ExpiresAt > now))
            .OrderBy(member => member.Id).Select(member => new { member.DisplayName, member.Role }).Take(50).ToListAsync(cancellation);
        return [.. names.Where(member => TicketPermissions.Reply.IsGrantedTo(member.Role)).Take(MostAgents).Select(member => new PresentAgent(member.DisplayName, Initials.Of(member.DisplayName)))];
    }
}
