using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Api;

/// <summary>Finds the customer a program speaks of, or makes the record.</summary>
public sealed class CustomerOfRequest(Database database, FindCustomer find, TimeProvider time)
{
    /// <summary>
    /// By the number a record is found only by who may see it: numbers can be counted through. A key or an address has to be known beforehand.
    /// </summary>
    /// <returns>A tracked customer; a new one is stored with the caller's save.</returns>
    public async Task<Outcome<Customer>> FindOrMakeAsync(CustomerReference? reference, Site site, Staff staff, CancellationToken cancellation)
    {
        if (reference is null)
            return new Problem("customer", "api.customer-needed");
        if (reference.Id is { } id)
            return await find.ByIdAsync(id, cancellation) is { } known && await IsVisibleAsync(known, staff, cancellation) ? known : new Problem("customer.id", "customer.not-found");
        if (reference.ExternalId is { Length: > 100 })
            return new Problem("customer.externalId", "api.value-unknown", ("field", "externalId"));
        if (reference.ExternalId is { Length: > 0 } externalId
            && await find.ByExternalIdAsync(externalId, cancellation) is { } theirs)
            return theirs;
        return await ByContactAsync(reference, site, cancellation);
    }

    /// <summary>Whether this caller may see the record; a new one is theirs.</summary>
    public async Task<bool> IsVisibleAsync(Customer customer, Staff staff, CancellationToken cancellation) =>
        customer.Id == 0 || await database.Set<Customer>().VisibleTo(database, staff).AnyAsync(row => row.Id == customer.Id, cancellation);

    private async Task<Outcome<Customer>> ByContactAsync(CustomerReference reference, Site site, CancellationToken cancellation)
    {
        var contacts = new List<ContactAddress>();
        if (reference.Email is { Length: > 0 } email)
        {
            if (ContactAddress.ParseEmail(email) is not { } address)
                return new Problem("customer.email", "api.value-unknown", ("field", "email"));
            contacts.Add(address);
        }

        if (reference.Phone is { Length: > 0 } phone)
        {
            if (ContactAddress.ParsePhone(phone) is not { } number)
                return new Problem("customer.phone", "api.value-unknown", ("field", "phone"));
            contacts.Add(number);
        }

        // The owner's own program vouches for the address, so the record that has it is the one that is meant.
        foreach (var contact in contacts)
        {
            if (await find.ByContactAsync(contact, cancellation) is { } known)
                return known;
        }

        if (contacts.Count == 0 && string.IsNullOrWhiteSpace(reference.Name) && string.IsNullOrWhiteSpace(reference.ExternalId))
            return new Problem("customer", "api.customer-needed");
        var customer = new Customer
        {
            Name = PersonName.Tidy(Bounded(reference.Name), Languages.Match(reference.Language) ?? site.DefaultLanguage),
            ExternalId = string.IsNullOrWhiteSpace(reference.ExternalId) ? null : reference.ExternalId,
            Language = Languages.Match(reference.Language) ?? site.DefaultLanguage,
            CreatedAt = time.Now(),
        };
        foreach (var contact in contacts)
            customer.AddContact(contact, customer.CreatedAt);
        return customer;
    }

    internal static string Bounded(string? text)
    {
        return MessageComposer.Clean(text ?? "").ReplaceLineEndings(" ").UpTo(200);
    }
}
