using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Customers;

/// <summary>Finds the customer a contact belongs to.</summary>
public sealed class FindCustomer(Database database)
{
    /// <summary>
    /// The customer who has proven the contact, or the oldest who claimed it. A claim gives no rights: what is shown to who
    /// writes is decided by their own token, never by the address they type.
    /// </summary>
    public async Task<Customer?> ByContactAsync(ContactAddress address, CancellationToken cancellation)
    {
        var owner = await database.Set<CustomerContact>()
            .Where(contact => contact.Kind == address.Kind && contact.Value == address.Value)
            .OrderBy(contact => contact.ProvenAt == null).ThenBy(contact => contact.Id)
            .Select(contact => (long?)contact.CustomerId).FirstOrDefaultAsync(cancellation);
        return owner is null ? null : await ByIdAsync(owner.Value, cancellation);
    }

    /// <summary>The customer, following merges to the record that is in use.</summary>
    public async Task<Customer?> ByIdAsync(long id, CancellationToken cancellation)
    {
        var customer = await database.Set<Customer>().Include(customer => customer.Contacts).FirstOrDefaultAsync(customer => customer.Id == id, cancellation);
        return customer?.MergedIntoId is { } target && target != id ? await ByIdAsync(target, cancellation) : customer;
    }
}
