using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>What the staff write of a customer.</summary>
/// <param name="Version">Of the record they looked at.</param>
public sealed record CustomerCorrection(string Name, string AddressAs, string? Language, string Remarks, int Version);

/// <summary>The staff correct a customer's record: name, language, addresses and numbers.</summary>
public sealed class CorrectCustomer(Database database, AuditLog audit, TimeProvider time)
{
    /// <summary>Addresses and numbers one record may have.</summary>
    public const int MostContacts = 20;

    public const int LongestRemarks = 4000;

    /// <param name="customer">Tracked, with contacts.</param>
    public async Task<Outcome<Customer>> RunAsync(Customer customer, CustomerCorrection correction, Staff by, CancellationToken cancellation)
    {
        if (correction.Name.Length > PersonName.Longest || correction.AddressAs.Length > PersonName.Longest)
            return new Problem("Name", "customer.too-long");
        if (correction.Remarks.Length > LongestRemarks)
            return new Problem("Remarks", "customer.too-long");
        if (correction.Version != customer.Version)
            return new Problem("", "customer.moved");
        var language = Languages.Match(correction.Language);
        customer.Name = PersonName.Tidy(correction.Name, language);
        customer.AddressAs = correction.AddressAs.Trim();
        customer.Language = language;
        customer.Remarks = correction.Remarks.Trim();
        audit.Write(by.AsActor(), "customer.corrected", SubjectOf(customer));
        return await SaveAsync(customer, cancellation);
    }

    /// <param name="text">An address or a number; without country code it is read as the customer's country writes it.</param>
    /// <param name="country">ISO code of the country to assume when the customer's language says nothing.</param>
    public async Task<Outcome<Customer>> AddContactAsync(Customer customer, string text, string? country, Staff by, CancellationToken cancellation)
    {
        // Who sees addresses masked would otherwise try whether one is there.
        if (by.MasksContacts)
            return new Problem("Contact", "customer.contacts-masked");
        if (ContactAddress.Parse(text, (customer.Language is { } language ? ContactAddress.CountryOf(language) : null) ?? country) is not { } address)
            return new Problem("Contact", "new.contact-wrong");
        if (customer.Contacts.Count >= MostContacts)
            return new Problem("Contact", "customer.too-many-contacts", ("count", MostContacts));
        if (customer.Contacts.Exists(contact => contact.Kind == address.Kind && contact.Value == address.Value))
            return new Problem("Contact", "customer.contact-known");
        customer.AddContact(address, time.Now());
        audit.Write(by.AsActor(), "customer.contact-added", SubjectOf(customer), ("contact", address.Kind.ToString()));
        return await SaveAsync(customer, cancellation);
    }

    public async Task<Outcome<Customer>> RemoveContactAsync(Customer customer, long contactId, Staff by, CancellationToken cancellation)
    {
        if (by.MasksContacts)
            return new Problem("Contact", "customer.contacts-masked");
        if (customer.Contacts.Find(contact => contact.Id == contactId) is not { } contact)
            return customer;
        customer.Contacts.Remove(contact);
        audit.Write(by.AsActor(), "customer.contact-removed", SubjectOf(customer), ("contact", contact.Kind.ToString()));
        return await SaveAsync(customer, cancellation);
    }

    private async Task<Outcome<Customer>> SaveAsync(Customer customer, CancellationToken cancellation)
    {
        try
        {
            await database.SaveChangesAsync(cancellation);
            return customer;
        }
        catch (DbUpdateException problem) when (problem.IsConflict())
        {
            database.ChangeTracker.Clear();
            return new Problem("", "customer.moved");
        }
    }

    private static string SubjectOf(Customer customer) => string.Create(CultureInfo.InvariantCulture, $"customer:{customer.Id}");
}
