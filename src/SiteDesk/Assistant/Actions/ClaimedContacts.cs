using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Assistant.Actions;

/// <summary>Keeps an address or number that a customer gave, as their claim and nothing more.</summary>
internal sealed class ClaimedContacts(Database database, AuditLog audit, TimeProvider time)
{
    private const int Tries = 5;

    /// <summary>Adds it unless it is there; what was added stands in the audit log, without the address itself.</summary>
    public async Task AddAsync(ActionRequest request, ContactAddress address, CancellationToken cancellation) =>
        await database.AgainOnConflictAsync(Tries, async () =>
        {
            var customer = await database.Set<Customer>().Include(row => row.Contacts).FirstAsync(row => row.Id == request.Ticket.CustomerId, cancellation);
            var before = customer.Contacts.Count;
            customer.AddContact(address, time.Now());
            if (customer.Contacts.Count > before)
                audit.Write(request.AsActor(), "assistant.contact-claimed", SubjectOf(request), ("contact", address.Kind.ToString()));
            return await database.SaveChangesAsync(cancellation);
        }, cancellation);

    public static string SubjectOf(ActionRequest request) => string.Create(CultureInfo.InvariantCulture, $"customer:{request.Ticket.CustomerId}");
}
