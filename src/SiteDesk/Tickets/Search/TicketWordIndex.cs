using Microsoft.EntityFrameworkCore;
using SiteDesk.Language;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets.Search;

/// <summary>
/// Keeps the words under which a ticket is found in step with what stands on it and in no message: its subject and its own
/// fields. They are indexed with the opening message.
/// </summary>
public sealed class TicketWordIndex(Database database)
{
    /// <summary>Call before the save that changes subject or fields.</summary>
    /// <param name="tickets">Tracked, with their fields as they will be.</param>
    public async Task RefreshAsync(IReadOnlyCollection<Ticket> tickets, CancellationToken cancellation)
    {
        var ids = tickets.Select(ticket => ticket.Id).ToList();
        var openings = await database.Set<Message>().Where(message => ids.Contains(message.TicketId)).GroupBy(message => message.TicketId).Select(messages => messages.Min(message => message.Id)).ToListAsync(cancellation);
        var messages = await database.Set<Message>().Include(message => message.Tokens).Include(message => message.Files).ThenInclude(file => file.File)
            .Where(message => openings.Contains(message.Id)).ToListAsync(cancellation);
        foreach (var message in messages)
        {
            var ticket = tickets.First(ticket => ticket.Id == message.TicketId);
            var words = WordsOf(message, string.Join('\n', [ticket.Subject, .. ticket.Fields.Select(field => field.Value)]));
            if (message.Tokens is { } tokens)
                tokens.Tokens = words;
            else
                message.Tokens = new MessageTokens { Tokens = words };
        }
    }

    /// <summary>The analysed words of a message.</summary>
    /// <param name="also">Words that find the message though they are not in it.</param>
    internal static string WordsOf(Message message, string also) =>
        SearchText.ForIndex(string.Join('\n', [also, message.Text, .. message.Files.Select(file => file.File.Name)]));
}
