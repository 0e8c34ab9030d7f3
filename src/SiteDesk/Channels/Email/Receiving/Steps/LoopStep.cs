using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>
/// Two programs that answer each other stop after a few turns. What goes round by forwarding is put aside; a sender who opens
/// ticket after ticket is taken for a machine from then on, and what they send is kept in one place.
/// </summary>
public sealed class LoopStep(Database database, MailIntakeLimits limits, TimeProvider time) : IReceivingStep
{
    public string Name => "loop";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (mail.Message.Headers.All("Received").Skip(limits.MostHops).Any())
        {
            mail.Finish(MailOutcome.Loop, "hops");
            return;
        }

        var since = time.Now() - limits.LoopWindow;
        var opened = await database.Set<RawMail>()
            .CountAsync(row => row.SiteId == mail.Site.Id && row.Sender == mail.Raw.Sender && row.ReceivedAt > since && row.Outcome == MailOutcome.Ticket && row.Id != mail.Raw.Id, cancellation);
        mail.IsLoop = opened >= limits.TicketsOfSender;
    }
}
