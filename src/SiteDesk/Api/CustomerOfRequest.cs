using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.Api;

/// <summary>Finds the customer a program speaks of, or makes the record.</summary>
public sealed class CustomerOfRequest(FindCustomer find, TimeProvider time)
{
    /// <returns>A tracked customer; a new one is stored with the caller's save.</returns>
    public async Task<Outcome<Customer>> FindOrMakeAsync(CustomerReference? reference, Site site, CancellationToken cancellation)
    {
        if (reference is null)
            return new Problem("customer", "api.customer-needed");
        if (reference.Id is { } id)
            return await find.ByIdAsync(id, cancellation) is { } known ? known : new Problem("customer.id", "customer.not-found");
        if (reference.ExternalId is { Length: > 100 })
            return new Problem("customer.externalId", "api.value-unknown", ("field", "externalId"));
        if (reference.ExternalId is { Length: > 0 } externalId
            && await find.ByExternalIdAsync(externalId, cancellation) is { } theirs)
            return theirs;
        return await ByContactAsync(reference, site, cancellation);
    }

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
        return Tickets.MessageComposer.Clean(text ?? "").ReplaceLineEndings(" ").UpTo(200);
    }
}
