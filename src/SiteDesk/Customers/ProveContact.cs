using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>
/// The one place that says an address or number is a customer's own. Two records for which the same one is proven are one
/// person, and become one record.
/// </summary>
/// <remarks>
/// A record that merely claims the address is left alone: whoever types somebody else's address into a form would otherwise
/// speak in their name. Such records are proposed to the staff instead.
/// </remarks>
public sealed class ProveContact(Database database, MergeCustomers merge, AuditLog audit, TimeProvider time) : IHandle<ContactProven>
{
    /// <param name="CustomerId">Whose it is; a record that was merged means the one it became.</param>
    /// <param name="Address">Added when the record does not have it yet.</param>
    /// <param name="By">Who says so: the customer, or a member of staff.</param>
    public sealed record Request(long CustomerId, ContactAddress Address, ContactProof Proof, Actor By);

    /// <summary>Stores the proof; merging follows at once, and again after a crash, as the event's handler.</summary>
    /// <returns>The proven contact. A repeat changes nothing.</returns>
    public async Task<Outcome<CustomerContact>> RunAsync(Request request, CancellationToken cancellation)
    {
        const int tries = 5;
        // Somebody changed or merged the record at the same moment: look again.
        return await database.AgainOnConflictAsync(tries, () => TryAsync(request, cancellation), cancellation);
    }

    /// <summary>Every other record for which the same address is proven becomes one with this; the oldest one stays.</summary>
    public async Task HandleAsync(ContactProven domainEvent, EventContext context, CancellationToken cancellation)
    {
        var contacts = database.Set<CustomerContact>().AsNoTracking();
        if (await contacts.FirstOrDefaultAsync(contact => contact.Id == domainEvent.ContactId && contact.ProvenAt != null, cancellation) is not { } proven)
            return;
        var owners = await contacts.Where(contact => contact.Kind == proven.Kind && contact.Value == proven.Value && contact.ProvenAt != null)
            .Select(contact => contact.CustomerId).Distinct().OrderBy(id => id).ToListAsync(cancellation);
        foreach (var owner in owners.Skip(1))
        {
            var outcome = await merge.RunAsync(owner, owners[0], MergeReason.Proof, Actor.System, cancellation);
            database.ChangeTracker.Clear();

            // Two keys in the owner's own system are two customers there: that is for a person to decide.
            if (!outcome.Succeeded && outcome.Problems.Any(problem => problem.Text != "merge-customers.two-keys"))
                throw new InvalidOperationException($"The records of one proven address could not become one: {outcome.Problems[0].Text}.");
        }
    }

    private async Task<Outcome<CustomerContact>> TryAsync(Request request, CancellationToken cancellation)
    {
        var customer = await new FindCustomer(database).ByIdAsync(request.CustomerId, cancellation);
        if (customer is null)
            return new Problem("", "merge-customers.unknown");
        var now = time.Now();
        var contact = customer.AddContact(request.Address, now);
        if (contact.ProvenAt is not null)
            return contact;
        contact.MarkProven(request.Proof, now);
        audit.Write(
            request.By, "customer.contact-proven", string.Create(CultureInfo.InvariantCulture, $"customer:{customer.Id}"),
            ("contact", request.Address.Kind.ToString()), ("proof", request.Proof.ToString()));
        database.Publish(() => new ContactProven(customer.Id, contact.Id));
        await database.SaveChangesAsync(cancellation);
        return contact;
    }
}
