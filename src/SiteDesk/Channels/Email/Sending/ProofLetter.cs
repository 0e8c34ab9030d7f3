using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// Writes the letter that has an address proven. Whoever gets it may be a stranger: it says nothing of the ticket, and answering it leads into none.
/// Unlike other letters a second try differs by its link, since each is sealed anew; all of them are good.
/// </summary>
public sealed class ProofLetter(Database database, ContactProofLinks links, TextCatalog texts, SiteDeskOptions options)
{
    /// <returns>Null when there is nobody to prove it for, or no way to.</returns>
    public async Task<ComposedMessage?> WriteAsync(OutgoingMail mail, Mailbox mailbox, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(row => row.Id == mail.TicketId, cancellation);
        var site = await database.Set<Site>().AsNoTracking().FirstAsync(row => row.Id == ticket.SiteId, cancellation);
        if (mail.Recipients is not [var receiver] || ContactAddress.ParseEmail(receiver.Address) is not { } address || mailbox.DeskFor(options) is not { Length: > 0 } desk)
            return null;
        var link = $"{desk}{links.Make(ticket.CustomerId, address)}?language={mail.Language}";
        string[] paragraphs =
        [
            texts.Get(mail.Language, "mail.proof.text", [("site", site.Name), ("contact", address.Shown)]),
            link,
            texts.Get(mail.Language, "mail.proof.not-you"),
        ];
        return LinkLetter.Write(mail, mailbox, site, paragraphs, link);
    }
}
