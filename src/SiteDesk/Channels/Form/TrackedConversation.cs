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

    /// <param name="Parts">Tickets into which a part of this one was split: the conversation goes on there, too.</param>
    public sealed record View(Ticket Ticket, Site Site, string State, IReadOnlyList<Message> Messages, IReadOnlyList<Part> Parts);

    public sealed record Part(string Token, long Number, string Subject);

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
        var messages = await MessagesAfterAsync(await WholeConversation.OfAsync(database, ticket, cancellation), 0, cancellation);
        return new View(ticket, site, await wording.OfAsync(ticket, language, cancellation), messages, await PartsAsync(ticket, cancellation));
    }

    private async Task<List<Part>> PartsAsync(Ticket ticket, CancellationToken cancellation)
    {
        var numbers = await database.Set<TicketChange>().AsNoTracking().Where(change => change.TicketId == ticket.Id && change.Field == "split-off")
            .OrderBy(change => change.Id).Select(change => change.To).Take(20).ToListAsync(cancellation);
        var ids = numbers.Select(number => long.Parse(number!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return ids.Count == 0 ? [] : await database.Set<Ticket>().AsNoTracking().Where(part => ids.Contains(part.Id) && part.MergedIntoId != ticket.Id).OrderBy(part => part.Id)
            .Select(part => new Part(part.Token, part.Id, part.Subject)).ToListAsync(cancellation);
    }

    /// <summary>Public messages after a position, oldest first.</summary>
    public async Task<List<Message>> MessagesAfterAsync(List<long> ticketIds, long after, CancellationToken cancellation)
    {
        var messages = await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File)
            .Where(message => ticketIds.Contains(message.TicketId) && message.Kind == MessageKind.Public && message.Id > after)
            .OrderByDescending(message => message.Id).Take(MostMessages).ToListAsync(cancellation);
        messages.Reverse();
        return messages;
    }

    /// <summary>The customer writes on: in their own name, also where their ticket was merged into somebody else's.</summary>
    public async Task<Outcome<Message>> ContinueAsync(
        string token, string text, string clientId, IFormFileCollection attachments, MessageChoice? choice, string? senderAddress, CancellationToken cancellation)
    {
        if (attachments.Count > SubmitForm.MostFiles)
            return new Problem("files", "message.too-many-files", ("count", SubmitForm.MostFiles));
        var kept = await attached.KeepAsync(attachments, cancellation);
        if (!kept.Succeeded)
            return kept.Problems.ToList();
        var own = await database.Set<Ticket>().Where(ticket => ticket.Token == token).Select(ticket => ticket.Id).FirstAsync(cancellation);
        var added = await addMessage.RunAsync(new AddCustomerMessage.Request(own, text, clientId, FormModule.Channel, kept.Value, Choice: choice, SenderAddress: senderAddress), cancellation);
        return added.Succeeded ? added.Value.Message : added.Problems.ToList();
    }

    /// <summary>What a message of this ticket offers.</summary>
    /// <returns>Null when there is no such message for this customer, or it offers nothing.</returns>
    public async Task<MessageOffer?> OfferAsync(Ticket ticket, long messageId, CancellationToken cancellation)
    {
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);
        return await database.Set<Message>().Where(message => message.Id == messageId && whole.Contains(message.TicketId) && message.Kind == MessageKind.Public)
            .Select(message => message.Offer).FirstOrDefaultAsync(cancellation);
    }

    /// <returns>The file, if it was sent in a public message of this ticket.</returns>
    public async Task<StoredFile?> FileAsync(Ticket ticket, string fileToken, CancellationToken cancellation)
    {
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);
        return await database.Set<Message>().Where(message => whole.Contains(message.TicketId) && message.Kind == MessageKind.Public)
            .SelectMany(message => message.Files).Select(file => file.File)
            .FirstOrDefaultAsync(file => file.Token == fileToken, cancellation);
    }
}
