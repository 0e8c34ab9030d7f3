using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Channels.Chat;
using SiteDesk.Channels.Email;
using SiteDesk.HelpCenter;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Setup.FirstSteps;

/// <summary>Finds out what is still to be done in a new installation.</summary>
public sealed class FirstStepsReader(Database database, SiteDirectory sites, FirstStepsMemory memory)
{
    /// <summary>Who has had so many tickets knows the way.</summary>
    private const int TicketsOfBeginners = 50;

    /// <summary>The newest conversations that are looked at for one that began on the site itself.</summary>
    private const int ConversationsLookedAt = 50;

    /// <returns>None when all is done, when the installation is no longer new, or for somebody who sees only a part of it.</returns>
    public async Task<IReadOnlyList<FirstStep>> ReadAsync(Staff staff, CancellationToken cancellation)
    {
        if (memory.IsOver || staff.SiteIds is not null || staff.TeamIds is not null)
            return [];
        if (await database.Set<Ticket>().OrderBy(ticket => ticket.Id).Select(ticket => ticket.Id).Take(TicketsOfBeginners).CountAsync(cancellation) == TicketsOfBeginners)
        {
            memory.IsOver = true;
            return [];
        }

        var all = await sites.AllAsync(cancellation);
        if (all.Count == 0)
            return [];
        FirstStep[] steps =
        [
            new("chat", "chat", $"/agent/sites/{all[0].Id}/widget", await IsChatInPlaceAsync(all, cancellation)),
            new("mail", "mail", "/agent/mailboxes/new", await database.Set<Mailbox>().AnyAsync(cancellation)),
            new("team", "users", "/agent/invitations/new", await IsTeamAsync(cancellation)),
            new("articles", "book", $"/agent/help/{all[0].Id}", await database.Set<ArticleText>().AnyAsync(text => text.PublishedVersionId != null, cancellation)),
            new("assistant", "spark", $"/agent/assistant/settings?site={all[0].Id}", all.Any(site => site.Assistant.Answers)),
        ];
        return steps.All(step => step.IsDone) ? [] : steps;
    }

    /// <summary>Conversations begun on the page to try the widget do not count: its host is the program's own.</summary>
    private async Task<bool> IsChatInPlaceAsync(IReadOnlyList<Site> all, CancellationToken cancellation)
    {
        var pages = await database.Set<ChatConversation>().OrderByDescending(conversation => conversation.Id).Take(ConversationsLookedAt)
            .Select(conversation => conversation.PageAddress).ToListAsync(cancellation);
        return pages.Exists(page => Uri.TryCreate(page, UriKind.Absolute, out var address) && all.Any(site => site.Allows(address.Authority)));
    }

    private async Task<bool> IsTeamAsync(CancellationToken cancellation) =>
        await database.Set<StaffMember>().OrderBy(member => member.Id).Select(member => member.Id).Take(2).CountAsync(cancellation) > 1 || await database.Set<Invitation>().AnyAsync(cancellation);
}

/// <summary>Remembers that the beginning is over, which it stays: the workspace then asks nothing at all.</summary>
public sealed class FirstStepsMemory
{
    private volatile bool _isOver;

    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }
}
