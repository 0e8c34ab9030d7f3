using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Adds the answer of a member of staff in their name.</summary>
public sealed class AnswerAsStaffStep(Database database, ReplyToTicket reply, AuditLog audit) : IReceivingStep
{
    public string Name => "answer as staff";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (mail.StaffReply is not { } answer)
            return;
        var kind = answer.IsNote ? MessageKind.Note : MessageKind.Public;
        var added = await reply.RunAsync(
            new ReplyToTicket.Request(answer.TicketId, kind, answer.Text, TicketStep.ClientIdOf(mail), FileTokens: mail.FileTokens, Channel: EmailModule.Channel), answer.Staff, cancellation);
        if (!added.Succeeded || added.Value.Message is not { } message)
            throw new InvalidOperationException($"The answer cannot be added: {(added.Succeeded ? "held" : string.Join(", ", added.Problems.Select(problem => problem.Text)))}");
        mail.Raw.TicketId = answer.TicketId;
        mail.Raw.MessageId = message.Id;
        audit.Write(answer.Staff.AsActor(), "mail.staff-answered", System.FormattableString.Invariant($"ticket:{answer.TicketId}"), ("address", mail.Raw.Sender), ("dmarc", mail.Authentication.Dmarc));
        if (!await database.Set<MessageMail>().AnyAsync(row => row.MessageId == message.Id, cancellation))
            database.Add(TicketStep.FactsOf(mail, message.Id, knowsMailId: false));
        mail.Finish(MailOutcome.StaffReply);
    }
}
