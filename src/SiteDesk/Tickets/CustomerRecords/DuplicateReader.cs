using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.CustomerRecords;

/// <summary>A record that may be the same person.</summary>
/// <param name="Sharing">The address or number both have; null when only the name is the same or it was searched for.</param>
public sealed record LikelyDuplicate(Customer Customer, CustomerContact? Sharing, bool SameName);

/// <summary>Finds records that are likely the same person: the same address or number first, then the same name.</summary>
public sealed class DuplicateReader(Database database)
{
    /// <summary>Records proposed at once.</summary>
    public const int Most = 8;

    /// <summary>Those that share something with the customer; each query goes by an index.</summary>
    public async Task<IReadOnlyList<LikelyDuplicate>> LikelyAsync(Customer customer, Staff staff, CancellationToken cancellation)
    {
        var sharing = await SharingAsync(customer, cancellation);
        var found = sharing.Count == 0 ? [] : await Visible(staff, customer.Id).Where(other => sharing.Contains(other.Id))
            .OrderBy(other => other.Id).Take(Most).ToListAsync(cancellation);
        if (customer.Name.Length > 0 && found.Count < Most)
        {
            var known = found.ConvertAll(other => other.Id);
            found.AddRange(await Visible(staff, customer.Id).Where(other => other.Name == customer.Name && !known.Contains(other.Id))
                .OrderBy(other => other.Id).Take(Most - found.Count).ToListAsync(cancellation));
        }

        return [.. found.Select(other => new LikelyDuplicate(
            other,
            other.Contacts.Find(contact => customer.Contacts.Exists(own => own.Kind == contact.Kind && own.Value == contact.Value)),
            customer.Name.Length > 0 && other.Name == customer.Name))];
    }

    /// <summary>Whose addresses these are as well, address by address: that is how the index over them is entered.</summary>
    private async Task<List<long>> SharingAsync(Customer customer, CancellationToken cancellation)
    {
        const int mostOfOne = 50;
        var sharing = new List<long>();
        foreach (var own in customer.Contacts)
        {
            sharing.AddRange(await database.Set<CustomerContact>().Where(contact => contact.Kind == own.Kind && contact.Value == own.Value && contact.CustomerId != customer.Id)
                .OrderBy(contact => contact.Id).Select(contact => contact.CustomerId).Take(mostOfOne).ToListAsync(cancellation));
        }

        return sharing;
    }

    /// <summary>Looks for a record by address, number, name or a ticket's number.</summary>
    public async Task<IReadOnlyList<LikelyDuplicate>> SearchAsync(string text, long exceptId, Staff staff, CancellationToken cancellation)
    {
        var wanted = text.Trim();
        if (wanted.Length is 0 or > 254)
            return [];
        var others = Visible(staff, exceptId);
        if (wanted.StartsWith('#') && long.TryParse(wanted.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            others = others.Where(other => database.Set<Ticket>().VisibleTo(staff).Any(ticket => ticket.Id == number && ticket.CustomerId == other.Id));
        else if (ContactAddress.Parse(wanted, ContactAddress.CountryOf(staff.Language)) is { } address)
            others = others.Where(other => database.Set<CustomerContact>().Any(contact => contact.CustomerId == other.Id && contact.Kind == address.Kind && contact.Value == address.Value));
        else
            others = others.Where(other => other.Name.StartsWith(wanted));
        return [.. (await others.OrderBy(other => other.Id).Take(Most).ToListAsync(cancellation)).Select(other => new LikelyDuplicate(other, null, false))];
    }

    private IQueryable<Customer> Visible(Staff staff, long exceptId) =>
        database.Set<Customer>().AsNoTracking().Include(other => other.Contacts).VisibleTo(database, staff).Where(other => other.Id != exceptId);
}
