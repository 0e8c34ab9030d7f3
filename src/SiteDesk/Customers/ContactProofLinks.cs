using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SiteDesk.Customers;

/// <summary>
/// Sealed links that a channel sends to an address: who opens one and confirms has shown that the address is theirs. The link
/// names the record and the address, so it proves nothing about any other.
/// </summary>
public sealed class ContactProofLinks(IDataProtectionProvider protection)
{
    /// <summary>How long a link can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(nameof(ContactProofLinks)).ToTimeLimitedDataProtector();

    /// <returns>The path of the page behind the link, to be put after the public address.</returns>
    public string Make(long customerId, ContactAddress address) =>
        "/confirm/" + _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{customerId}\n{address.Kind}\n{address.Value}\n{address.Shown}"), Lifetime);

    /// <returns>Null when the seal is broken or too old.</returns>
    public (long CustomerId, ContactAddress Address)? Read(string token)
    {
        if (token.Length > 2000)
            return null;
        try
        {
            return _protector.Unprotect(token).Split('\n') is [var id, var kind, var value, var shown]
                ? (long.Parse(id, CultureInfo.InvariantCulture), new ContactAddress(Enum.Parse<ContactKind>(kind), value, shown))
                : null;
        }
        catch (CryptographicException)
        {
            // Not our seal, or too old: the page says so.
            return null;
        }
    }
}
