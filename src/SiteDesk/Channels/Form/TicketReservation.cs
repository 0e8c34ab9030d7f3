using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Form;

/// <summary>
/// Names a form's ticket before it exists, so that the form can be sent twice (a double click, a reload, a lost answer)
/// and still makes one ticket. The name is ours and sealed: nobody can choose it, or aim at another's.
/// </summary>
public sealed class TicketReservation(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(nameof(TicketReservation)).ToTimeLimitedDataProtector();

    /// <summary>A sealed new name for a hidden field.</summary>
    public string Make() => _protector.Protect(Tokens.New(), Lifetime);

    /// <returns>The ticket's token, or null when the seal is broken or too old.</returns>
    public string? Read(string? reservation)
    {
        if (string.IsNullOrEmpty(reservation) || reservation.Length > 500)
            return null;
        try
        {
            return _protector.Unprotect(reservation);
        }
        catch (CryptographicException)
        {
            // Not our seal, or from before yesterday: the form is shown again with a fresh one.
            return null;
        }
    }
}
