using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Teaching;

/// <summary>Confines the assistant's rows to what a member of staff may see: their sites, and the tickets of their teams.</summary>
internal static class TurnScope
{
    public static IQueryable<AssistantTurn> VisibleTo(this IQueryable<AssistantTurn> turns, Database database, Staff staff, long? siteId = null)
    {
        // One site is asked for by equality: an index by site serves it.
        if (siteId is { } one)
            turns = staff.SeesSite(one) ? turns.Where(turn => turn.SiteId == one) : turns.Where(_ => false);
        else if (staff.SiteIds is { } sites)
            turns = turns.Where(turn => sites.Contains(turn.SiteId));
        if (staff.TeamIds is null)
            return turns;
        var tickets = database.Set<Ticket>().VisibleTo(staff);
        return turns.Where(turn => tickets.Any(ticket => ticket.Id == turn.TicketId));
    }

    public static IQueryable<AssistantTalk> VisibleTo(this IQueryable<AssistantTalk> talks, Database database, Staff staff, long? siteId = null)
    {
        if (siteId is { } one)
            talks = staff.SeesSite(one) ? talks.Where(talk => talk.SiteId == one) : talks.Where(_ => false);
        else if (staff.SiteIds is { } sites)
            talks = talks.Where(talk => sites.Contains(talk.SiteId));
        if (staff.TeamIds is null)
            return talks;
        var tickets = database.Set<Ticket>().VisibleTo(staff);
        return talks.Where(talk => tickets.Any(ticket => ticket.Id == talk.TicketId));
    }
}
