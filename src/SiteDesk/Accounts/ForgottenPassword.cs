using System.Net;
using Microsoft.AspNetCore.Identity;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Accounts;

/// <summary>Somebody says that they forgot the password of the account with an address, which may be nobody's.</summary>
/// <param name="Wish">Unguessable; names the link that is made for it, the same on every try.</param>
/// <param name="From">The network address it came from, for the audit log.</param>
public sealed record PasswordForgotten(string Email, string Wish, string? From) : IEvent;

/// <summary>Carries letters to staff: the way out to mail servers, which is above this floor.</summary>
public interface ICarryStaffLetters
{
    /// <summary>Whether a letter with a link could leave now: something sends mail, and knows under which address the program is reached.</summary>
    Task<bool> IsPossibleAsync(CancellationToken cancellation);
}

/// <summary>
/// Takes the wish for a new password by mail. It does the same for every address, known or not: whether it is somebody's is found out
/// later, by the event's handler, so that neither the answer nor its time tells.
/// </summary>
public sealed class ForgottenPassword(Database database, AddressWatch watch, UserManager<StaffMember> members)
{
    /// <summary>Wishes for one address within <see cref="Window"/>: nobody has a colleague's mailbox flooded.</summary>
    public const int MostForAddress = 3;

    /// <summary>Wishes from one network within <see cref="Window"/>.</summary>
    public const int MostFromNetwork = 10;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>The problem's text when there were too many.</summary>
    public const string TooMany = "forgotten.too-many";

    /// <returns>The address as it was understood.</returns>
    public async Task<Outcome<string>> RunAsync(string email, IPAddress? from, CancellationToken cancellation)
    {
        email = email.Trim();
        if (!EmailRule.IsAddress(email))
            return new Problem("Email", "staff.email-needed");
        if (!watch.TryTake("password-forgotten-from", AddressWatch.Network(from), MostFromNetwork, Window)
            || !watch.TryTake("password-forgotten-of", members.NormalizeEmail(email), MostForAddress, Window))
            return new Problem("", TooMany);
        var forgotten = new PasswordForgotten(email, Platform.Security.Tokens.New(), from?.ToString());
        database.Publish(() => forgotten);
        await database.SaveChangesAsync(cancellation);
        return email;
    }
}
