using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>Writes the letter with a link for a new password, as long as the link is good: one that waited too long for its server does not leave.</summary>
public sealed class PasswordLetter(Database database, ResetPassword reset, TextCatalog texts, SiteDeskOptions options)
{
    /// <returns>Null when the link has ended: used, too old, or a newer one was asked for.</returns>
    public async Task<ComposedMessage?> WriteAsync(OutgoingMail mail, Mailbox mailbox, CancellationToken cancellation)
    {
        var secret = await reset.SecretOfAsync(mail.Key[QueuePasswordLetter.KeyStart.Length..], cancellation);
        if (await reset.FindAsync(secret, cancellation) is not { } member || mailbox.DeskFor(options) is not { Length: > 0 } desk)
            return null;
        var site = await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == mailbox.SiteId, cancellation);
        var link = $"{desk}/new-password/{secret}";
        string[] paragraphs =
        [
            texts.Get(mail.Language, "mail.password.text", [("desk", new Uri(desk).Authority), ("email", member.Email ?? "")]),
            link,
            texts.Get(mail.Language, "mail.password.how", [("count", (int)ResetPassword.MailedLifetime.TotalMinutes)]),
            texts.Get(mail.Language, "mail.password.not-you"),
        ];
        return LinkLetter.Write(mail, mailbox, site, paragraphs, link);
    }
}
