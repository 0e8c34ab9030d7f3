using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers.SignIn;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Writes the letter that signs a customer in, as long as its link is good. A second try is the same mail to its receiver's server; the
/// secret in it is sealed anew.
/// </summary>
public sealed class SignInLetter(Database database, SignInLinks links, ISignInPage pages, TextCatalog texts, SiteDeskOptions options)
{
    /// <returns>Null when the link has ended: used, too old, or its address was removed.</returns>
    public async Task<ComposedMessage?> WriteAsync(OutgoingMail mail, Mailbox mailbox, CancellationToken cancellation)
    {
        var id = long.Parse(mail.Key.AsSpan(mail.Key.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        if (await links.SecretOfAsync(id, cancellation) is not { } secret || mailbox.DeskFor(options) is not { Length: > 0 } desk)
            return null;
        var site = await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == mailbox.SiteId, cancellation);
        var page = pages.Of(site, mail.Language);
        var link = $"{(page.StartsWith('/') ? desk + page : page)}/{secret}";
        string[] paragraphs =
        [
            texts.Get(mail.Language, "mail.sign-in.text", [("site", site.Name)]),
            link,
            texts.Get(mail.Language, "mail.sign-in.once", [("minutes", (int)SignInLink.Lifetime.TotalMinutes)]),
            texts.Get(mail.Language, "mail.sign-in.not-you"),
        ];
        return LinkLetter.Write(mail, mailbox, site, paragraphs, link);
    }
}
