using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Workspace;

/// <summary>A colleague decides by which way a ticket is answered, and who gets copies.</summary>
public sealed class ChooseRecipients(Database database, KnownMailboxes mailboxes, AuditLog audit)
{
    /// <summary>Answers go where the customer writes.</summary>
    public const string Usual = "usual";

    public const string Mail = "mail";

    /// <summary>Answers stay on our pages: the widget and the tracking page.</summary>
    public const string Pages = "pages";

    /// <summary>In the order in which they are offered.</summary>
    public static readonly IReadOnlyList<string> Ways = [Usual, Mail, Pages];

    private const int MostCopies = 20;
    private const int Tries = 3;

    /// <param name="Cc">Addresses, separated by commas or semicolons.</param>
    /// <param name="Bcc">For the next answer alone.</param>
    /// <param name="Way">One of <see cref="Ways"/>; empty leaves it.</param>
    public sealed record Request(long TicketId, string Cc, string Bcc, string Way);

    /// <summary>Key of the way.</summary>
    public static string WayOf(bool? byMail) => byMail switch { null => Usual, true => Mail, false => Pages };

    /// <returns>The problem <c>ticket.not-found</c> also for who sees no addresses.</returns>
    public async Task<Outcome<Correspondence>> RunAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        if (staff.MasksContacts || await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == request.TicketId, cancellation) is not { } ticket)
            return new Problem("", "ticket.not-found");
        var problems = new List<Problem>();
        var (copies, blind) = (await ParseAsync("cc", request.Cc, problems, cancellation), await ParseAsync("bcc", request.Bcc, problems, cancellation));
        if (request.Way.Length > 0 && !Ways.Contains(request.Way))
            problems.Add(new Problem("way", "mail.way-unknown"));
        else if (request.Way == Mail && await ReceiverAsync(ticket, cancellation) is null)
            problems.Add(new Problem("way", "mail.way-no-address"));
        if (problems.Count > 0)
            return problems;
        return await database.AgainOnConflictAsync(Tries, () => KeepAsync(request, copies, blind, staff, cancellation), cancellation);
    }

    /// <summary>The customer's first address; null when they gave none.</summary>
    internal static Task<string?> AddressOfAsync(Database database, Ticket ticket, CancellationToken cancellation) =>
        database.Set<CustomerContact>().AsNoTracking().Where(row => row.CustomerId == ticket.CustomerId && row.Kind == ContactKind.Email)
            .OrderBy(row => row.ProvenAt == null).ThenBy(row => row.Id).Select(row => (string?)row.Shown).FirstOrDefaultAsync(cancellation);

    private async Task<Outcome<Correspondence>> KeepAsync(Request request, List<MailParty> copies, List<MailParty> blind, Staff staff, CancellationToken cancellation)
    {
        var correspondence = await database.Set<Correspondence>().FirstOrDefaultAsync(row => row.TicketId == request.TicketId, cancellation);
        if (correspondence is null)
            database.Add(correspondence = new Correspondence { TicketId = request.TicketId });
        correspondence.Cc = copies;
        correspondence.NextBcc = blind;
        if (request.Way.Length > 0 && WayOf(correspondence.ByMail) != request.Way)
        {
            correspondence.ByMail = request.Way switch { Mail => true, Pages => false, _ => null };
            audit.Write(staff.AsActor(), "mail.way-chosen", System.FormattableString.Invariant($"ticket:{request.TicketId}"), ("way", request.Way));
        }

        await database.SaveChangesAsync(cancellation);
        return correspondence;
    }

    private async Task<string?> ReceiverAsync(Ticket ticket, CancellationToken cancellation) =>
        (await database.Set<Correspondence>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticket.Id, cancellation))?.To?.Address ?? await AddressOfAsync(database, ticket, cancellation);

    private async Task<List<MailParty>> ParseAsync(string field, string text, List<Problem> problems, CancellationToken cancellation)
    {
        var addresses = MailAddress.ParseList(text.Replace(';', ','), MostCopies + 1).Where(address => address.Address.Length > 0 || address.Name.Length > 0).ToList();
        if (addresses.Find(address => ContactAddress.ParseEmail(address.Address) is null) is { } wrong)
        {
            problems.Add(new Problem(field, "mail.recipient-wrong", ("address", wrong.Address.Length > 0 ? wrong.Address : wrong.Name)));
        }
        else if (addresses.Count > MostCopies)
        {
            problems.Add(new Problem(field, "mail.too-many-recipients", ("count", MostCopies)));
        }
        else
        {
            // A copy to ourselves would come back as mail.
            foreach (var address in addresses)
            {
                if (!await mailboxes.IsOneAsync(address.Address, alsoWithToken: true, cancellation))
                    continue;
                problems.Add(new Problem(field, "mail.recipient-own", ("address", address.Address)));
                break;
            }
        }

        return addresses.ConvertAll(address => new MailParty(address.Name, address.Address)).DistinctBy(party => party.Address.ToLowerInvariant(), StringComparer.Ordinal).ToList();
    }
}
