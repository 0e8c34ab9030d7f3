using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets.Search;

/// <summary>The filters of a search as a condition of the database. Who wrote is asked apart (<see cref="SearchTickets"/>).</summary>
internal sealed class TicketSearchCondition(Database database)
{
    /// <summary>Tickets that fit every filter, and none of those that are turned round.</summary>
    public IQueryable<Ticket> Confine(IQueryable<Ticket> tickets, TicketSearchQuery query)
    {
        if (query.Statuses is { Count: > 0 } statuses)
            tickets = tickets.Where(ticket => statuses.Contains(ticket.Status));
        if (query.Priority is { } priority)
            tickets = tickets.Where(ticket => ticket.Priority == priority);
        if (query.Channel is { } channel)
            tickets = tickets.Where(ticket => ticket.Channel == channel);
        foreach (var tag in query.Tags)
            tickets = tickets.Where(ticket => ticket.Tags.Any(known => known.Name == tag));
        if (query.Assignees is { Count: > 0 } assignees)
            tickets = tickets.Where(ticket => assignees.Contains(ticket.AssigneeId ?? TicketSearchQuery.Nobody));
        if (query.Teams is { Count: > 0 } teams)
            tickets = tickets.Where(ticket => teams.Contains(ticket.TeamId ?? TicketSearchQuery.Nobody));
        if (query.Sites is { Count: > 0 } sites)
            tickets = tickets.Where(ticket => sites.Contains(ticket.SiteId));
        if (query.HasAttachment)
            tickets = tickets.Where(ticket => database.Set<Message>().Any(message => message.TicketId == ticket.Id && message.Files.Any()));
        if (query.IsWithAssistant)
            tickets = tickets.Where(ticket => ticket.Stage == TicketStage.Assistant);
        if (query.Before is { } before)
            tickets = tickets.Where(ticket => ticket.CreatedAt < before);
        if (query.After is { } after)
            tickets = tickets.Where(ticket => ticket.CreatedAt >= after);
        tickets = query.OwnFields.Aggregate(tickets, (found, filter) => filter.Confine(found, database.Set<TicketFieldValue>()));
        return query.Except is { } except ? Exclude(tickets, except) : tickets;
    }

    private IQueryable<Ticket> Exclude(IQueryable<Ticket> tickets, TicketSearchQuery query)
    {
        if (query.Statuses is { Count: > 0 } statuses)
            tickets = tickets.Where(ticket => !statuses.Contains(ticket.Status));
        if (query.Priority is { } priority)
            tickets = tickets.Where(ticket => ticket.Priority != priority);
        if (query.Channel is { } channel)
            tickets = tickets.Where(ticket => ticket.Channel != channel);
        foreach (var tag in query.Tags)
            tickets = tickets.Where(ticket => !ticket.Tags.Any(known => known.Name == tag));
        if (query.Assignees is { Count: > 0 } assignees)
            tickets = tickets.Where(ticket => !assignees.Contains(ticket.AssigneeId ?? TicketSearchQuery.Nobody));
        if (query.Teams is { Count: > 0 } teams)
            tickets = tickets.Where(ticket => !teams.Contains(ticket.TeamId ?? TicketSearchQuery.Nobody));
        if (query.Sites is { Count: > 0 } sites)
            tickets = tickets.Where(ticket => !sites.Contains(ticket.SiteId));
        if (query.HasAttachment)
            tickets = tickets.Where(ticket => !database.Set<Message>().Any(message => message.TicketId == ticket.Id && message.Files.Any()));
        if (query.IsWithAssistant)
            tickets = tickets.Where(ticket => ticket.Stage != TicketStage.Assistant);
        if (query.Before is { } before)
            tickets = tickets.Where(ticket => ticket.CreatedAt >= before);
        if (query.After is { } after)
            tickets = tickets.Where(ticket => ticket.CreatedAt < after);
        foreach (var field in query.OwnFields)
        {
            var fitting = field.Confine(database.Set<Ticket>(), database.Set<TicketFieldValue>()).Select(ticket => ticket.Id);
            tickets = tickets.Where(ticket => !fitting.Contains(ticket.Id));
        }

        return tickets;
    }
}
