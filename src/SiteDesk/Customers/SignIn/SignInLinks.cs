using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers.SignIn;

/// <summary>Makes links that sign customers in, and takes them back.</summary>
public sealed class SignInLinks(Database database, IDataProtectionProvider protection, ProveContact prove, TimeProvider time)
{
    private readonly IDataProtector _protector = protection.CreateProtector(nameof(SignInLinks));

    /// <summary>Makes a link for whoever has the address; saved at once.</summary>
    /// <returns>Its key, for <see cref="SecretOfAsync"/>; null when no record has the address.</returns>
    public async Task<long?> MakeAsync(ContactAddress address, string path, CancellationToken cancellation)
    {
        // A proven address is one person's. Of records that only claim it the oldest is taken: opening the link is what proves it.
        var contact = await database.Set<CustomerContact>().AsNoTracking()
            .Where(row => row.Kind == address.Kind && row.Value == address.Value && database.Set<Customer>().Any(customer => customer.Id == row.CustomerId && customer.MergedIntoId == null))
            .OrderBy(row => row.ProvenAt == null).ThenBy(row => row.CustomerId).Select(row => (long?)row.Id).FirstOrDefaultAsync(cancellation);
        if (contact is null)
            return null;
        var link = new SignInLink { ContactId = contact.Value, Path = path, CreatedAt = time.Now() };
        database.Add(link);
        await database.SaveChangesAsync(cancellation);
        return link.Id;
    }

    /// <summary>The secret part of a link. It is stored nowhere; sealed anew each time, and every one of them is good.</summary>
    /// <returns>Null when the link was used, is too old, or went with its address.</returns>
    public async Task<string?> SecretOfAsync(long id, CancellationToken cancellation) =>
        await Good(id).AnyAsync(cancellation) ? _protector.Protect(id.ToString(CultureInfo.InvariantCulture)) : null;

    /// <summary>Whether the link is still good, without using it.</summary>
    public async Task<bool> IsGoodAsync(string secret, CancellationToken cancellation) =>
        Read(secret) is { } id && await Good(id).AnyAsync(cancellation);

    /// <summary>Uses the link: whoever holds it has the address.</summary>
    /// <returns>The address, proven now if it was not, and what its reader wanted to see; null when the link was used or is too old.</returns>
    public async Task<(ContactAddress Address, string Path)?> UseAsync(string secret, CancellationToken cancellation)
    {
        if (Read(secret) is not { } id)
            return null;
        var now = time.Now();
        if (await Good(id).ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), cancellation) == 0)
            return null;
        var found = await (
            from link in database.Set<SignInLink>()
            join contact in database.Set<CustomerContact>() on link.ContactId equals contact.Id
            where link.Id == id
            select new { contact.CustomerId, contact.Kind, contact.Value, contact.Shown, link.Path }).AsNoTracking().FirstOrDefaultAsync(cancellation);
        if (found is null)
            return null; // the address went in this moment
        var address = new ContactAddress(found.Kind, found.Value, found.Shown);
        var proven = await prove.RunAsync(new ProveContact.Request(found.CustomerId, address, ContactProof.Link, Actor.Customer(found.CustomerId, "")), cancellation);
        return proven.Succeeded ? (address, found.Path) : null;
    }

    private IQueryable<SignInLink> Good(long id)
    {
        var oldest = time.Now() - SignInLink.Lifetime;
        return database.Set<SignInLink>().Where(link => link.Id == id && link.UsedAt == null && link.CreatedAt > oldest);
    }

    private long? Read(string secret)
    {
        if (secret.Length > 500)
            return null;
        try
        {
            return long.Parse(_protector.Unprotect(secret), CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            // Not our seal: the page says that the link is no good.
            return null;
        }
    }
}
