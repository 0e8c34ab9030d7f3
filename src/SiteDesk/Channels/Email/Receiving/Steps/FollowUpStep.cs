using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>
/// Finds the ticket a mail goes on in: by a token we signed, by the mails it refers to, by a number in the subject when a known
/// correspondent writes it. Never in another site, and never by the subject's words.
/// </summary>
public sealed partial class FollowUpStep(Database database, MailTokens tokens) : IReceivingStep
{
    private const int MostReferences = 50;

    public string Name => "follow-up";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        // What a blocked sender writes does not come between an agent and a customer, whatever it refers to.
        if (mail.Junk == "blocked")
            return;
        List<string> references = [.. mail.Message.InReplyTo, .. mail.Message.References.Reverse().Take(MostReferences)];
        var found = await ByTokenAsync(mail, references, cancellation)
            ?? await ByReferenceAsync(mail, references, cancellation)
            ?? await ByNumberAsync(mail, cancellation)
            ?? (mail.IsLoop ? await NewestOfSenderAsync(mail, cancellation) : null);
        if (found is null)
            return;
        mail.Ticket = await InUseAsync(found, mail, cancellation);
        if (mail.Ticket is not null)
            mail.Junk = null;
    }

    private async Task<Ticket?> ByTokenAsync(MailUnderWay mail, List<string> references, CancellationToken cancellation)
    {
        var candidates = references.Concat(mail.Receivers().Select(address => address.Address));
        if (await tokens.ReadAsync(candidates, cancellation) is not { } ticketId || await FindAsync(ticketId, mail, cancellation) is not { } ticket)
            return null;
        mail.HasToken = true;
        return ticket;
    }

    private async Task<Ticket?> ByReferenceAsync(MailUnderWay mail, List<string> references, CancellationToken cancellation)
    {
        if (references.Count == 0)
            return null;
        var hashes = references.Select(MailHashes.OfMailId).ToList();
        var ticketId = await database.Set<RawMail>()
            .Where(row => row.SiteId == mail.Site.Id && row.TicketId != null && row.MessageIdHash != null && hashes.Contains(row.MessageIdHash))
            .OrderByDescending(row => row.Id).Select(row => row.TicketId).FirstOrDefaultAsync(cancellation);
        return ticketId is null ? null : await FindAsync(ticketId.Value, mail, cancellation);
    }

    private async Task<Ticket?> ByNumberAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (NumberPattern().Match(mail.Message.Subject) is not { Success: true } match || !long.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        return await FindAsync(number, mail, cancellation) is { } ticket && await IsCorrespondentAsync(ticket, mail, cancellation) ? ticket : null;
    }

    private async Task<bool> IsCorrespondentAsync(Ticket ticket, MailUnderWay mail, CancellationToken cancellation)
    {
        if (ContactAddress.ParseEmail(mail.Sender.Address) is not { } sender)
            return false;
        if (await database.Set<CustomerContact>().AnyAsync(contact => contact.CustomerId == ticket.CustomerId && contact.Kind == ContactKind.Email && contact.Value == sender.Value, cancellation))
            return true;
        var correspondence = await database.Set<Correspondence>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticket.Id, cancellation);
        return correspondence is not null && correspondence.Cc.Append(correspondence.To).OfType<MailParty>().Any(party => ContactAddress.ParseEmail(party.Address)?.Value == sender.Value);
    }

    private async Task<Ticket?> NewestOfSenderAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var ticketId = await database.Set<RawMail>().Where(row => row.SiteId == mail.Site.Id && row.Sender == mail.Raw.Sender && row.Outcome == MailOutcome.Ticket && row.Id != mail.Raw.Id)
            .OrderByDescending(row => row.Id).Select(row => row.TicketId).FirstOrDefaultAsync(cancellation);
        return ticketId is null ? null : await FindAsync(ticketId.Value, mail, cancellation);
    }

    /// <summary>Follows mergers; a closed ticket is over, unless a machine answers to it.</summary>
    private async Task<Ticket?> InUseAsync(Ticket ticket, MailUnderWay mail, CancellationToken cancellation)
    {
        const int longestChain = 20;
        for (var link = 0; ticket.MergedIntoId is { } target && link < longestChain; link++)
        {
            if (await FindAsync(target, mail, cancellation) is not { } next)
                return null;
            ticket = next;
        }

        return ticket.Status == StandardStatus.Closed && !mail.IsAutomatic ? null : ticket;
    }

    private Task<Ticket?> FindAsync(long ticketId, MailUnderWay mail, CancellationToken cancellation) =>
        database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(ticket => ticket.Id == ticketId && ticket.SiteId == mail.Site.Id, cancellation);

    [GeneratedRegex(@"(?<![\p{L}\p{N}#])[#№]\s?(?<number>[0-9]{1,18})(?![0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NumberPattern();
}
