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
    public async Task<Customer?> ByContactAsync(ContactAddress address, CancellationToken cancellation) =>
        await Queries.For(database).OwnerOf(database, address.Kind, address.Value, cancellation) is { } owner ? await ByIdAsync(owner, cancellation) : null;

    /// <summary>The customer, following merges to the record that is in use.</summary>
    public async Task<Customer?> ByIdAsync(long id, CancellationToken cancellation)
    {
        var customer = await Queries.For(database).ById(database, id, cancellation);
        return customer?.MergedIntoId is { } target && target != id ? await ByIdAsync(target, cancellation) : customer;
    }

    /// <summary>The customer whom the owner's own programs know by this name.</summary>
    public Task<Customer?> ByExternalIdAsync(string externalId, CancellationToken cancellation) => Queries.For(database).ByExternalId(database, externalId, cancellation);

    /// <summary>Asked with every request that comes in; see <see cref="CompiledQueries{TQueries}"/>.</summary>
    private sealed class Queries
    {
        public readonly Func<Database, long, CancellationToken, Task<Customer?>> ById = EF.CompileAsyncQuery(
            (Database database, long id, CancellationToken cancellation) =>
                database.Set<Customer>().Include(customer => customer.Contacts).AsSingleQuery().FirstOrDefault(customer => customer.Id == id));

        public readonly Func<Database, string, CancellationToken, Task<Customer?>> ByExternalId = EF.CompileAsyncQuery(
            (Database database, string externalId, CancellationToken cancellation) =>
                database.Set<Customer>().Include(customer => customer.Contacts).AsSingleQuery().FirstOrDefault(customer => customer.ExternalId == externalId));

        public readonly Func<Database, ContactKind, string, CancellationToken, Task<long?>> OwnerOf = EF.CompileAsyncQuery(
            (Database database, ContactKind kind, string value, CancellationToken cancellation) => database.Set<CustomerContact>()
                .Where(contact => contact.Kind == kind && contact.Value == value)
                .OrderBy(contact => contact.ProvenAt == null).ThenBy(contact => contact.Id)
                .Select(contact => (long?)contact.CustomerId).FirstOrDefault());

        public static Queries For(Database database) => CompiledQueries<Queries>.For(database);
    }
}
