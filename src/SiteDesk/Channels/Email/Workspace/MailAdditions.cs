using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Channels.Email.Workspace;

/// <summary>What is shown below a message of a ticket: what its mail brought, and how the mail that carries it fares.</summary>
/// <param name="Came">Null when it did not come by mail.</param>
/// <param name="Goes">Mails that carry it: the answer, or what was sent unseen.</param>
public sealed record MailOfMessage(MessageMail? Came, IReadOnlyList<OutgoingMail> Goes);

/// <summary>Reads the mail of messages: one query a page, and another where mail came in.</summary>
public sealed class MailAdditions(Database database) : IAddToMessages
{
    /// <summary>Mails of one ticket whose state is looked at: the newest.</summary>
    private const int Most = 200;

    public async Task<IReadOnlyDictionary<long, MessageAddition>> ReadAsync(long ticketId, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        var byMail = messages.Where(message => message.Channel == EmailModule.Channel).Select(message => message.Id).ToList();
        var came = byMail.Count == 0 ? [] : await database.Set<MessageMail>().AsNoTracking().Where(mail => byMail.Contains(mail.MessageId)).ToDictionaryAsync(mail => mail.MessageId, cancellation);
        var goes = (await CompiledQueries<Queries>.For(database).Goes(database, ticketId).ToListAsync(cancellation))
            .OrderBy(mail => mail.Id).ToLookup(mail => mail.LastMessageId);
        return messages.Select(message => message.Id).Where(id => came.ContainsKey(id) || goes.Contains(id))
            .ToDictionary(id => id, id => new MessageAddition(typeof(MailNote), new MailOfMessage(came.GetValueOrDefault(id), [.. goes[id]])));
    }

    private sealed class Queries
    {
        public readonly Func<Database, long, IAsyncEnumerable<OutgoingMail>> Goes = EF.CompileAsyncQuery(
            (Database database, long ticketId) => database.Set<OutgoingMail>().AsNoTracking().Where(mail => mail.TicketId == ticketId && mail.Kind != OutgoingKind.Notice).OrderByDescending(mail => mail.Id).Take(Most));
    }
}
