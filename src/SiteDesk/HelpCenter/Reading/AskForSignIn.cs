using System.Security.Cryptography;
using System.Text;
using SiteDesk.Customers;
using SiteDesk.Customers.SignIn;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>A reader asks for a link to sign in. What they are told does not depend on whether the address is known.</summary>
internal sealed class AskForSignIn(Database database, AddressWatch watch)
{
    /// <summary>Asks of one network in fifteen minutes.</summary>
    public const int MostOfNetwork = 10;

    /// <summary>Links to one address in fifteen minutes; whoever asks for more is told the same, and no mail leaves.</summary>
    public const int MostToAddress = 3;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(15);

    /// <param name="slug">The article they wanted to read; empty for none.</param>
    public async Task<Outcome<ContactAddress>> RunAsync(HttpContext http, HelpVisit visit, string email, string slug, CancellationToken cancellation)
    {
        if (ContactAddress.ParseEmail(email) is not { } address)
            return new Problem("email", "help-sign-in.email-wrong");
        if (!watch.TryTake("sign-in-ask", AddressWatch.Network(http.Connection.RemoteIpAddress), MostOfNetwork, Period))
            return new Problem("", "help-sign-in.too-many");
        // Nodes tell each other what was taken: under a name that is nobody's address.
        if (!watch.TryTake("sign-in-link", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.Value)).AsSpan(0, 16)), MostToAddress, Period))
            return address;
        var path = slug.Length <= SignInLink.LongestPath ? slug : "";
        database.Publish(() => new SignInWished(visit.Site.Id, address.Shown, visit.Language, path));
        await database.SaveChangesAsync(cancellation);
        return address;
    }
}
