using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Customers;

/// <summary>
/// The browser of somebody who has shown there that an address is theirs. It names the address and not the record: whoever has the
/// mailbox is the customer, also after records were merged or split. It gives a right to read and none to write.
/// </summary>
public sealed class CustomerSessions(IDataProtectionProvider protection)
{
    /// <summary>How long a browser remembers.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private const string Cookie = "customer";
    private const int Longest = 2_000;

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(nameof(CustomerSessions)).ToTimeLimitedDataProtector();

    public void Begin(HttpContext http, ContactAddress address) => http.Response.Cookies.Append(Cookie, _protector.Protect($"{address.Kind}\n{address.Value}", Lifetime), Options(http, Lifetime));

    public void End(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(Cookie))
            http.Response.Cookies.Delete(Cookie, Options(http, age: null));
    }

    /// <returns>The customer with contacts; null when nobody is signed in, or the address is nobody's proven one any more.</returns>
    public async Task<Customer?> FindAsync(HttpContext http, CancellationToken cancellation)
    {
        if (Read(http) is not var (kind, value))
            return null;
        var database = http.RequestServices.GetRequiredService<Database>();
        return await database.Set<Customer>().AsNoTracking().Include(customer => customer.Contacts).AsSingleQuery()
            .Where(customer => customer.MergedIntoId == null && customer.Contacts.Any(contact => contact.Kind == kind && contact.Value == value && contact.ProvenAt != null))
            .OrderBy(customer => customer.Id).FirstOrDefaultAsync(cancellation);
    }

    private (ContactKind Kind, string Value)? Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 and <= Longest } cookie)
            return null;
        try
        {
            return _protector.Unprotect(cookie).Split('\n') is [var kind, var value] && Enum.TryParse<ContactKind>(kind, out var known) ? (known, value) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Not our seal, or too old: nobody is signed in.
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http, TimeSpan? age) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = age,
        IsEssential = true,
    };
}
