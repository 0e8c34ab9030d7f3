using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>A mail seen before, in this mailbox or another of the site, with or without a Message-ID, is one mail.</summary>
public sealed class RepeatStep(Database database) : IReceivingStep
{
    public string Name => "repeat";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var fingerprint = MailHashes.Fingerprint(mail.Site.Id, mail.Message);
        var first = await database.Set<RawMail>().AsNoTracking().FirstOrDefaultAsync(row => row.Fingerprint == fingerprint && row.Id != mail.Raw.Id, cancellation);
        if (first is null)
        {
            // Unique in the database: a copy read at the same moment fails to store it, and looks again.
            mail.Raw.Fingerprint = fingerprint;
            return;
        }

        mail.Raw.TicketId = first.TicketId;
        mail.Raw.MessageId = first.MessageId;
        mail.Finish(MailOutcome.Repeat);
    }
}
