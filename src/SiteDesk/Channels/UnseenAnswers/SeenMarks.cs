using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.UnseenAnswers;

/// <summary>Moves the mark of what the customer has seen.</summary>
public static class SeenMarks
{
    public static async Task SetAsync(Database database, WaitingAnswers waiting, long ticketId, long messageId, CancellationToken cancellation)
    {
        var moved = await database.Set<Ticket>().Where(ticket => ticket.Id == ticketId && ticket.SeenByCustomerId < messageId)
            .ExecuteUpdateAsync(set => set.SetProperty(ticket => ticket.SeenByCustomerId, messageId), cancellation);
        if (moved == 0)
            return;
        await waiting.SettleAsync(ticketId, messageId, WaitingAnswers.Seen, cancellation);
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == ticketId, cancellation);
        var data = JsonSerializer.Serialize(new { ticket = ticketId, by = "visitor", messageId }, DatabaseJson.Options);
        database.Signal(() => new LiveSignal(TicketSignals.Desk, "seen", data, SiteId: ticket.SiteId, TeamId: ticket.TeamId, AssigneeId: ticket.AssigneeId));
        database.Signal(() => new LiveSignal(TicketSignals.Conversation(ticketId), "seen", data));
        await database.SaveChangesAsync(cancellation);
    }
}
