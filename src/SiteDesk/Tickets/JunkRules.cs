using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Tickets;

/// <summary>Decides whether a new request is junk. Nothing is deleted: junk is kept, shown apart, and can be restored.</summary>
public sealed class JunkRules(Database database, BlockedSenders blocked, AddressWatch watch, AbuseLimits limits)
{
    /// <summary>Links in a first message from which on it is taken for advertising.</summary>
    public const int ManyLinks = 4;

    // A unit of work asks about the same sender more than once: the channel first, then the ticket.
    private readonly Dictionary<string, bool> _judged = new(StringComparer.Ordinal);

    /// <returns>The reason's key, or null for an honest request.</returns>
    public async Task<string?> JudgeAsync(OpenTicket.Request request, CancellationToken cancellation)
    {
        if (request.Author.Kind != ActorKind.Customer || request.NotedBy is not null)
            return null;
        if (request.Honeypot)
            return "honeypot";
        if (await IsBlockedAsync(request.Customer.Contacts, request.SenderAddress, cancellation))
            return "blocked";
        if (request.JunkReason is not null)
            return request.JunkReason;

        // People quote pages and programs write signatures in mail; there the channel's own filter judges.
        if (request.Channel != "email" && CountLinks(request.Text) >= ManyLinks)
            return "links";
        return IsRepeated(request) ? "repeated" : null;
    }

    /// <summary>Whether the same words came to this site again and again lately; short ones ("hello") come honestly.</summary>
    private bool IsRepeated(OpenTicket.Request request)
    {
        const int shortest = 25;
        var letters = new string([.. request.Text.Where(char.IsLetterOrDigit)]).ToLowerInvariant();
        return letters.Length >= shortest
            && !watch.TryTake("text", $"{request.SiteId}:{Tokens.Hash(letters)}", limits.EqualTexts, TimeSpan.FromHours(1));
    }

    /// <summary>
    /// Whether a customer who goes on in a ticket is blocked. What somebody restored from junk stays where it was put: they have seen who writes.
    /// </summary>
    public async Task<bool> IsBlockedInAsync(Ticket ticket, long customerId, string? senderAddress, CancellationToken cancellation)
    {
        if (ticket.Junk is not null || !await blocked.AreThereAnyAsync(database, cancellation))
            return false;
        var contacts = await database.Set<CustomerContact>().AsNoTracking().Where(contact => contact.CustomerId == customerId).ToListAsync(cancellation);
        return await IsBlockedAsync(contacts, senderAddress, cancellation)
            && !await database.Set<TicketChange>().AnyAsync(change => change.TicketId == ticket.Id && change.Field == "junk" && change.To == null, cancellation);
    }

    /// <summary>Whether an address, number, domain or network range of this sender is blocked.</summary>
    public async Task<bool> IsBlockedAsync(IReadOnlyList<CustomerContact> contacts, string? senderAddress, CancellationToken cancellation)
    {
        var network = BlockSender.NetworkAddress(senderAddress);
        var exact = contacts.Select(contact => contact.Value)
            .Concat(contacts.Where(contact => contact.Kind == ContactKind.Email).Select(contact => contact.Value[contact.Value.LastIndexOf('@')..]))
            .Append(network?.ToString() ?? "").ToList();
        var key = string.Join('\n', exact);
        if (!_judged.TryGetValue(key, out var isBlocked))
            _judged[key] = isBlocked = await blocked.IsOneAsync(database, exact, network, cancellation);
        return isBlocked;
    }

    internal static int CountLinks(string text)
    {
        var count = 0;
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at + 3, StringComparison.Ordinal))
            count++;
        return count;
    }
}
