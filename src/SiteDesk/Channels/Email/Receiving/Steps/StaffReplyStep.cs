using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>
/// A member of staff answers a notice from their own mail program. Counts only when the token is ours, the address is the person's
/// own, and their sender is vouched for (or the mailbox's owner does without that); else it is put aside, because whoever wrote it
/// wanted to speak in the person's name.
/// </summary>
public sealed class StaffReplyStep(Database database, MailTokens tokens) : IReceivingStep
{
    private const int MostReferences = 50;
    private const int LongestChain = 20;

    public string Name => "staff reply";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var candidates = mail.Message.InReplyTo.Concat(mail.Message.References.Reverse().Take(MostReferences)).Concat(mail.Receivers().Select(address => address.Address));
        if (await tokens.ReadStaffAsync(candidates, cancellation) is not { } token)
            return;
        if (mail.Automatic.IsAutomatic)
        {
            mail.Finish(MailOutcome.StaffAutomatic);
            return;
        }

        var refusal = token.IsOurs ? await AcceptAsync(mail, token, cancellation) : "token";
        if (refusal is not null)
            mail.Finish(MailOutcome.StaffRefused, refusal);
    }

    /// <returns>Why it is not accepted; null when it is.</returns>
    private async Task<string?> AcceptAsync(MailUnderWay mail, StaffToken token, CancellationToken cancellation)
    {
        var member = await database.Set<StaffMember>().AsNoTracking().Include(row => row.Sites).Include(row => row.Teams).AsSplitQuery().FirstOrDefaultAsync(row => row.Id == token.StaffId, cancellation);
        if (member is not { DeactivatedAt: null })
            return "gone";
        if (mail.Message.From is not { } author || ContactAddress.ParseEmail(author.Address)?.Value is not { } from || from != ContactAddress.ParseEmail(member.Email ?? "")?.Value)
            return "address";
        mail.Raw.Sender = author.Address.ToLowerInvariant();
        if (!mail.Mailbox.AcceptsUnprovenStaffMail && !mail.Authentication.VouchesFor(author.Domain))
            return "unproven";
        var staff = member.AsStaff();
        if (await TicketAsync(token.TicketId, mail.Site.Id, cancellation) is not { } ticket || !ticket.IsVisibleTo(staff))
            return "ticket";
        var (isNote, text) = StaffWords.Read(mail.Text.Reply);
        if (!staff.May(isNote ? TicketPermissions.Note : TicketPermissions.Reply))
            return "permission";
        if ((mail.HasNoText || IsQuoteAlone(text)) && mail.Message.Body.Attachments.Count == 0)
            return "empty";
        var newest = await database.Set<Message>().Where(message => message.TicketId == ticket.Id).MaxAsync(message => (long?)message.Id, cancellation) ?? 0;
        var overtakenBy = await OvertakenByAsync(ticket, await SeenAsync(mail, token, cancellation), staff, cancellation);
        mail.StaffReply = new StaffReply(staff, ticket.Id, isNote, mail.HasNoText ? "" : text, newest, overtakenBy);
        return null;
    }

    /// <summary>
    /// The last message of the notice that is answered. Which one that is says its Message-ID; where the answer names none (some programs
    /// keep only the address) it is taken for the first: to hold an answer costs a look, to send one cannot be taken back.
    /// </summary>
    private async Task<long> SeenAsync(MailUnderWay mail, StaffToken token, CancellationToken cancellation)
    {
        var named = mail.Message.InReplyTo.Concat(mail.Message.References.Reverse().Take(MostReferences)).Distinct(StringComparer.Ordinal).Select(MailHashes.OfMailId).ToList();
        var notices =
            from notice in database.Set<OutgoingMail>()
            join notification in database.Set<StaffNotification>() on notice.NotificationId equals notification.Id
            where notice.TicketId == token.TicketId && notification.StaffId == token.StaffId
            select notice;
        return await notices.Where(notice => named.Contains(notice.MailIdHash)).MaxAsync(notice => (long?)notice.LastMessageId, cancellation)
            ?? await notices.MinAsync(notice => (long?)notice.LastMessageId, cancellation) ?? 0;
    }

    /// <summary>The newest of what others wrote after it; the author's own words are no news to them.</summary>
    private async Task<Message?> OvertakenByAsync(Ticket ticket, long seen, Staff staff, CancellationToken cancellation)
    {
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);
        return await database.Set<Message>().AsNoTracking().Where(message => whole.Contains(message.TicketId) && message.Id > seen && (message.AuthorKind != ActorKind.Staff || message.AuthorId != staff.Id))
            .OrderByDescending(message => message.Id).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Nothing written, or only our own notice sent back: that is no answer to a customer.</summary>
    private static bool IsQuoteAlone(string text) => text.Split('\n').Select(line => line.TrimStart()).All(line => line.Length == 0 || line[0] is '>' or '|');

    /// <summary>Follows mergers.</summary>
    private async Task<Ticket?> TicketAsync(long ticketId, long siteId, CancellationToken cancellation)
    {
        Ticket? ticket = null;
        for (var link = 0; link < LongestChain; link++)
        {
            ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == ticketId && row.SiteId == siteId, cancellation);
            if (ticket?.MergedIntoId is not { } target)
                return ticket;
            ticketId = target;
        }

        return ticket;
    }
}

/// <summary>What a member of staff answered by mail.</summary>
/// <param name="NewestMessageId">What the ticket ended with when this was looked at: what comes until the answer is stored overtakes it, too.</param>
/// <param name="OvertakenBy">What came to the ticket and was not in the notice they answered; null when nothing did.</param>
public sealed record StaffReply(Staff Staff, long TicketId, bool IsNote, string Text, long NewestMessageId, Message? OvertakenBy);
