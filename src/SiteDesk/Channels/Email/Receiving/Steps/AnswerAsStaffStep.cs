using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>
/// Adds the answer of a member of staff in their name. As in the workspace, an answer to the customer is held when something came that
/// its author had not seen: there is no button for "send anyway" in a mail, so it waits as a draft. A note harms nobody.
/// </summary>
public sealed class AnswerAsStaffStep(Database database, ReplyToTicket reply, HoldReply hold, AuditLog audit) : IReceivingStep
{
    public string Name => "answer as staff";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (mail.StaffReply is not { } written)
            return;
        // A note has no formatting, so its pictures stay beside it. A mail's text is taken as it was typed, unless it holds a picture now.
        var answer = written.IsNote ? written : written with { Text = PlacedPictures.Place(written.Text, mail.Message.Body.Html, mail.Pictures) };
        var hasPictures = !string.Equals(answer.Text, written.Text, StringComparison.Ordinal);
        if (!answer.IsNote && answer.OvertakenBy is { } overtakenBy)
        {
            await HoldAsync(mail, answer, overtakenBy, cancellation);
            return;
        }

        var kind = answer.IsNote ? MessageKind.Note : MessageKind.Public;
        var added = await reply.RunAsync(
            new ReplyToTicket.Request(
                answer.TicketId, kind, answer.Text, TicketStep.ClientIdOf(mail), answer.NewestMessageId, FileTokens: mail.FileTokens, Channel: EmailModule.Channel, IsMarkdown: hasPictures),
            answer.Staff, cancellation);
        if (!added.Succeeded)
            throw new InvalidOperationException($"The answer cannot be added: {string.Join(", ", added.Problems.Select(problem => problem.Text))}");
        if (added.Value.Message is not { } message)
        {
            await HoldAsync(mail, answer, added.Value.Newer[^1], cancellation);
            return;
        }

        if (!answer.IsNote)
            await hold.SettleAsync(answer.TicketId, answer.Staff, cancellation);
        mail.Raw.TicketId = answer.TicketId;
        mail.Raw.MessageId = message.Id;
        audit.Write(answer.Staff.AsActor(), "mail.staff-answered", System.FormattableString.Invariant($"ticket:{answer.TicketId}"), ("address", mail.Raw.Sender), ("dmarc", mail.Authentication.Dmarc));
        if (!await database.Set<MessageMail>().AnyAsync(row => row.MessageId == message.Id, cancellation))
            database.Add(TicketStep.FactsOf(mail, message.Id, knowsMailId: false));
        mail.Finish(MailOutcome.StaffReply);
    }

    private async Task HoldAsync(MailUnderWay mail, StaffReply answer, Message newest, CancellationToken cancellation)
    {
        await hold.RunAsync(answer.TicketId, answer.Text, mail.FileTokens, newest, answer.Staff, cancellation);
        mail.Raw.TicketId = answer.TicketId;
        mail.Finish(MailOutcome.StaffHeld);
    }
}
