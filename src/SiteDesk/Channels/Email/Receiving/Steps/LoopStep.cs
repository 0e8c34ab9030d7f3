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

        var now = time.Now();
        var since = now - (limits.LoopWindow > ConfirmationStep.Window ? limits.LoopWindow : ConfirmationStep.Window);
        var opened = await database.Set<RawMail>()
            .Where(row => row.SiteId == mail.Site.Id && row.Sender == mail.Raw.Sender && row.ReceivedAt > since && row.Outcome == MailOutcome.Ticket && row.Id != mail.Raw.Id)
            .OrderByDescending(row => row.ReceivedAt).Take(Math.Max(limits.TicketsOfSender, 1)).Select(row => row.ReceivedAt).ToListAsync(cancellation);
        mail.HasWrittenLately = opened.Count > 0;
        mail.IsLoop = opened.Count(moment => moment > now - limits.LoopWindow) >= limits.TicketsOfSender || await AnswersWithoutEndAsync(mail, now, cancellation);
    }

    /// <summary>Two programs may also answer each other within one ticket.</summary>
    private async Task<bool> AnswersWithoutEndAsync(MailUnderWay mail, DateTime now, CancellationToken cancellation)
    {
        if (mail.Message.InReplyTo.Count == 0 && mail.Message.References.Count == 0)
            return false;
        var since = now - limits.LoopWindow;
        var lately = await database.Set<RawMail>()
            .Where(row => row.SiteId == mail.Site.Id && row.Sender == mail.Raw.Sender && row.ReceivedAt > since && row.Outcome == MailOutcome.FollowUp && row.Id != mail.Raw.Id)
            .OrderByDescending(row => row.ReceivedAt).Select(row => row.Id).Take(limits.MailsOfSender).CountAsync(cancellation);
        return lately >= limits.MailsOfSender;
    }
}
