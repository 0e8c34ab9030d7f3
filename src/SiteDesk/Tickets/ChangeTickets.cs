using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tickets;

/// <summary>Changes one ticket or a selection, as one action that can be undone as one.</summary>
public sealed class ChangeTickets(Database database, TicketWordIndex words, TimeProvider time)
{
    /// <summary>Tickets one action may touch.</summary>
    public const int MostTickets = 200;

    /// <summary>Tags one action may add and remove.</summary>
    public const int MostTags = 30;

    /// <summary>What is set; null leaves it. Zero as a key clears assignee or team.</summary>
    public sealed record Changes
    {
        public StandardStatus? Status { get; init; }

        public long? CustomStatusId { get; init; }

        public TicketPriority? Priority { get; init; }

        public long? AssigneeId { get; init; }

        public long? TeamId { get; init; }

        public string? Subject { get; init; }

        /// <summary>The language it is conducted in.</summary>
        public string? Language { get; init; }

        public IReadOnlyList<string> AddTags { get; init; } = [];

        public IReadOnlyList<string> RemoveTags { get; init; } = [];

        /// <summary>By the key of the field; an empty value clears it.</summary>
        public IReadOnlyDictionary<long, string> Fields { get; init; } = new Dictionary<long, string>();

        public bool? Junk { get; init; }

        /// <summary>Whether anything is set besides <see cref="Junk"/>, which has a permission of its own.</summary>
        public bool SetsMoreThanJunk => Status is not null || CustomStatusId is not null || Priority is not null || AssigneeId is not null || TeamId is not null || Subject is not null
            || Language is not null || AddTags.Count + RemoveTags.Count + Fields.Count > 0;
    }

    /// <param name="Batch">Names the action for undoing it.</param>
    public sealed record Result(IReadOnlyList<Ticket> Tickets, string Batch);

    public async Task<Outcome<Result>> RunAsync(IReadOnlyCollection<long> ticketIds, Changes changes, Staff staff, CancellationToken cancellation)
    {
        if (ticketIds.Count > MostTickets)
            return new Problem("", "ticket.too-many", ("count", MostTickets));
        if (changes.Subject is { } subject && subject.Trim().Length is 0 or > 300)
            return new Problem("subject", "ticket.subject-length");
        if (changes.AddTags.Count + changes.RemoveTags.Count > MostTags)
            return new Problem("tags", "ticket.too-many-tags", ("count", MostTags));
        if (changes.AddTags.Any(tag => tag.Trim().Length is 0 or > Ticket.LongestTag))
            return new Problem("tags", "ticket.tag-length");

        const int tries = 3;
        return await database.AgainOnConflictAsync(tries, () => ApplyAsync(ticketIds, changes, staff, cancellation), cancellation);
    }

    private async Task<Outcome<Result>> ApplyAsync(IReadOnlyCollection<long> ticketIds, Changes changes, Staff staff, CancellationToken cancellation)
    {
        var tickets = await database.Set<Ticket>().VisibleTo(staff)
            .Include(ticket => ticket.Tags).Include(ticket => ticket.Fields)
            .Where(ticket => ticketIds.Contains(ticket.Id)).ToListAsync(cancellation);
        if (tickets.Count == 0)
            return new Problem("", "ticket.not-found");

        var batch = Tokens.New();
        var now = time.Now();
        foreach (var ticket in tickets)
        {
            var (status, assignee, wasWithAssistant) = (ticket.Status, ticket.AssigneeId, ticket.IsWithAssistant);
            Apply(ticket, changes, staff.AsActor(), now, batch);
            if (ticket.Status != status)
                database.Publish(() => new TicketStatusChanged(ticket.Id, status, ticket.Status));
            if (ticket.AssigneeId != assignee)
                database.Publish(() => new TicketAssigned(ticket.Id, ticket.AssigneeId, staff.Id, staff.Name));
            if (wasWithAssistant && !ticket.IsWithAssistant)
                database.Publish(() => new TicketTakenOver(ticket.Id, ticket.SiteId));
            database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        }

        if (changes.Subject is not null || changes.Fields.Count > 0)
            await words.RefreshAsync(tickets, cancellation);
        await database.SaveChangesAsync(cancellation);
        return new Result(tickets, batch);
    }

    private static void Apply(Ticket ticket, Changes changes, Actor by, DateTime now, string batch)
    {
        if (changes.Subject is { } subject)
            ticket.Rename(subject.Trim(), by, now, batch);
        if (changes.AssigneeId is { } assignee)
            ticket.Assign(assignee == 0 ? null : assignee, by, now, batch);
        if (changes.TeamId is { } team)
            ticket.HandTo(team == 0 ? null : team, by, now, batch);
        if (changes.Status is { } status)
            ticket.SetStatus(status, changes.CustomStatusId, by, now, batch);
        if (changes.Priority is { } priority)
            ticket.SetPriority(priority, by, now, batch);
        if (changes.Language is { } language)
            ticket.SpeakIn(language, by, now, batch);
        foreach (var tag in changes.AddTags)
            ticket.Tag(tag.Trim(), by, now, batch);
        foreach (var tag in changes.RemoveTags)
            ticket.Untag(tag, by, now, batch);
        foreach (var (field, value) in changes.Fields)
            ticket.SetField(field, value.Length == 0 ? null : value, by, now, batch);
        if (changes.Junk == true)
            ticket.MarkJunk("manual", by, now, batch);
        else if (changes.Junk == false)
            ticket.RestoreFromJunk(by, now, batch);
    }
}
