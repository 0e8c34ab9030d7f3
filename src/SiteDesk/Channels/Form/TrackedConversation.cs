using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Form;

/// <summary>A ticket as its customer sees it through the unguessable link.</summary>
public sealed class TrackedConversation(Database database, SiteDirectory sites, CustomerWording wording, AddCustomerMessage addMessage, AttachedFiles attached)
{
    /// <summary>Messages on the page, the newest ones.</summary>
    public const int MostMessages = 300;

    public sealed record View(Ticket Ticket, Site Site, string State, IReadOnlyList<Message> Messages);

    /// <returns>Null when the link leads nowhere.</returns>
    public async Task<(Ticket Ticket, Site Site)?> FindAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > 40)
            return null;
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(ticket => ticket.Token == token, cancellation);
        if (ticket is null || await sites.FindAsync(ticket.SiteId, cancellation) is not { } site)
            return null;

        // A merged ticket's link leads on to where the conversation continues.
        if (ticket.MergedIntoId is { } target)
            ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(other => other.Id == target, cancellation);
        return (ticket, site);
    }

    public async Task<View> ReadAsync(Ticket ticket, Site site, string language, CancellationToken cancellation)
    {
        var messages = await MessagesAfterAsync(ticket.Id, 0, cancellation);
        return new View(ticket, site, await wording.OfAsync(ticket, language, cancellation), messages);
    }

    /// <summary>Public messages after a position, oldest first.</summary>
    public async Task<List<Message>> MessagesAfterAsync(long ticketId, long after, CancellationToken cancellation)
    {
        var messages = await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File)
            .Where(message => message.TicketId == ticketId && message.Kind == MessageKind.Public && message.Id > after)
            .OrderByDescending(message => message.Id).Take(MostMessages).ToListAsync(cancellation);
        messages.Reverse();
        return messages;
    }

    /// <summary>The customer writes on.</summary>
    public async Task<Outcome<Message>> ContinueAsync(Ticket ticket, string text, string clientId, IFormFileCollection attachments, CancellationToken cancellation)
    {
        if (attachments.Count > SubmitForm.MostFiles)
            return new Problem("files", "message.too-many-files", ("count", SubmitForm.MostFiles));
        var kept = await attached.KeepAsync(attachments, cancellation);
        if (!kept.Succeeded)
            return kept.Problems.ToList();
        var added = await addMessage.RunAsync(new AddCustomerMessage.Request(ticket.Id, text, clientId, FormModule.Channel, kept.Value), cancellation);
        return added.Succeeded ? added.Value.Message : added.Problems.ToList();
    }

    /// <returns>The file, if it was sent in a public message of this ticket.</returns>
    public Task<StoredFile?> FileAsync(long ticketId, string fileToken, CancellationToken cancellation) =>
        database.Set<Message>().Where(message => message.TicketId == ticketId && message.Kind == MessageKind.Public)
            .SelectMany(message => message.Files).Select(file => file.File)
            .FirstOrDefaultAsync(file => file.Token == fileToken, cancellation);
}
