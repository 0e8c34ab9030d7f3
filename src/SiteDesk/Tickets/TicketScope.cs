using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>Confines queries to what a member of staff may see. Every query for staff goes through it.</summary>
public static class TicketScope
{
    public static IQueryable<Ticket> VisibleTo(this IQueryable<Ticket> tickets, Staff staff)
    {
        // One site is asked for by equality: only then does an index by site deliver its rows in their order.
        if (staff.SiteIds is [var site])
            tickets = tickets.Where(ticket => ticket.SiteId == site);
        else if (staff.SiteIds is { } sites)
            tickets = tickets.Where(ticket => sites.Contains(ticket.SiteId));
        if (staff.TeamIds is { } teams)
            tickets = tickets.Where(ticket => ticket.TeamId != null && teams.Contains(ticket.TeamId.Value) || ticket.AssigneeId == staff.Id);
        return tickets;
    }

    public static bool IsVisibleTo(this Ticket ticket, Staff staff) =>
        staff.SeesSite(ticket.SiteId) && (staff.SeesTeam(ticket.TeamId) || ticket.AssigneeId == staff.Id);
}
