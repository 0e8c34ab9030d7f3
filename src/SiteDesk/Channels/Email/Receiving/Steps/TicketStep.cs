using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Opens a ticket, or adds to the one that was found; keeps with whom it is conducted.</summary>
public sealed class TicketStep(Database database, KnownMailboxes mailboxes, OpenTicket open, AddCustomerMessage add, TimeProvider time) : IReceivingStep
{
    /// <summary>A Message-ID beyond it is known by its hash only.</summary>
    internal const int LongestMailId = 900;

    private const int MostCopies = 20;

    public string Name => "ticket";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var (ticket, message, isRepeat) = mail.Ticket is null ? await OpenAsync(mail, cancellation) : await AddAsync(mail, mail.Ticket.Id, cancellation);
        mail.Raw.TicketId = ticket.Id;
        mail.Raw.MessageId = message.Id;
        if (!isRepeat || !await database.Set<MessageMail>().AnyAsync(row => row.MessageId == message.Id, cancellation))
            database.Add(FactsOf(mail, message.Id));
        var known = mail.Ticket is null && !isRepeat ? null : await database.Set<Correspondence>().FirstOrDefaultAsync(row => row.TicketId == ticket.Id, cancellation);
        await CorrespondAsync(mail, ticket, known, cancellation);
        mail.Finish(mail.Ticket is null ? MailOutcome.Ticket : MailOutcome.FollowUp);
        mail.Ticket = ticket;
    }

    internal static string ClientIdOf(MailUnderWay mail) => $"mail:{mail.Raw.Fingerprint![..40]}";

    private async Task<(Ticket, Message, bool)> OpenAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var customer = mail.Customer!;
        var opened = await open.RunAsync(
            new OpenTicket.Request(
                mail.Site.Id, customer, EmailModule.Channel, ClientIdOf(mail), mail.Text.Reply, Actor.Customer(customer.Id, customer.DisplayName), mail.Raw.Subject,
                mail.Language ?? mail.Site.DefaultLanguage, mail.FileTokens, JunkReason: mail.Junk, AwaitsReply: !mail.IsAutomatic,
                IsForAssistant: mail.Site.Assistant.AnswersMail && !mail.IsAutomatic),
            cancellation);
        if (!opened.Succeeded)
            throw new InvalidOperationException($"The ticket cannot be opened: {string.Join(", ", opened.Problems.Select(problem => problem.Text))}");
        if (mail.Mailbox.TeamId is { } team && opened.Value.Ticket.TeamId is null)
            opened.Value.Ticket.HandTo(team, Actor.System, time.Now());
        return (opened.Value.Ticket, opened.Value.Message, opened.Value.IsRepeat);
    }

    private async Task<(Ticket, Message, bool)> AddAsync(MailUnderWay mail, long ticketId, CancellationToken cancellation)
    {
        var isCustomer = mail.Customer is { } customer && ContactAddress.ParseEmail(mail.Sender.Address) is { } sender && customer.Contacts.Exists(contact => contact.Value == sender.Value);
        var author = isCustomer ? null : mail.Sender.Name.Length > 0 ? $"{mail.Sender.Name} ({mail.Sender.Address})" : mail.Sender.Address;
        var added = await add.RunAsync(
            new AddCustomerMessage.Request(
                ticketId, mail.Text.Reply, ClientIdOf(mail), EmailModule.Channel, mail.FileTokens, AuthorName: author?.UpTo(200), IsAutomatic: mail.IsAutomatic),
            cancellation);
        return added.Succeeded
            ? (added.Value.Ticket, added.Value.Message, added.Value.IsRepeat)
            : throw new InvalidOperationException($"The message cannot be added: {string.Join(", ", added.Problems.Select(problem => problem.Text))}");
    }

    /// <param name="knowsMailId">Whether its Message-ID is part of the thread with the customer.</param>
    internal static MessageMail FactsOf(MailUnderWay mail, long messageId, bool knowsMailId = true) => new()
    {
        MessageId = messageId,
        RawMailId = mail.Raw.Id,
        MailId = knowsMailId && mail.Message.MessageId is { Length: <= LongestMailId } id ? id : null,
        From = PartyOf(mail.Message.From ?? mail.Sender),
        To = [.. mail.Message.To.Take(MostCopies).Select(PartyOf)],
        Cc = [.. mail.Message.Cc.Take(MostCopies).Select(PartyOf)],
        Quoted = mail.Text.Quoted.UpTo(100_000),
        Signature = mail.Text.Signature.UpTo(10_000),
        Spf = mail.Authentication.Spf,
        Dkim = mail.Authentication.Dkim,

        // What passed for somebody else says nothing of this author.
        Dmarc = mail.Authentication.Dmarc == "pass" && !mail.IsVouchedFor ? "none" : mail.Authentication.Dmarc,
        AutomaticReason = mail.IsAutomatic ? (mail.IsLoop ? "loop" : mail.Automatic.Reason).UpTo(300) : null,
        RefusedFiles = mail.RefusedFiles,
        HasHtml = mail.Message.Body.Html is not null,
    };

    /// <summary>
    /// Keeps to whom answers go. Whoever only writes the customer's name into From, or knows a ticket's number, must not be able to
    /// turn the answers to themselves: what was agreed on changes only by a mail that shows our token or that its domain vouches for.
    /// </summary>
    private async Task CorrespondAsync(MailUnderWay mail, Ticket ticket, Correspondence? correspondence, CancellationToken cancellation)
    {
        var isNew = correspondence is null;
        if (!isNew && (mail.IsAutomatic || !mail.IsProven))
            return;
        if (correspondence is null)
        {
            correspondence = new Correspondence { TicketId = ticket.Id };
            database.Add(correspondence);
            mail.Correspondence = correspondence;
        }

        var own = (await mailboxes.InUseAsync(cancellation)).Select(row => row.AddressKey).ToList();
        var before = correspondence.To;
        var isKnown = isNew || correspondence.Cc.Append(before).OfType<MailParty>().Any(party => IsSame(party.Address, mail.Sender.Address)) || mail.Customer?.Contacts.Exists(contact => IsSame(contact.Shown, mail.Sender.Address)) == true;
        correspondence.MailboxId = mail.Mailbox.Id;
        if (isKnown)
            correspondence.To = PartyOf(AnswersTo(mail, own));
        var named = mail.Message.To.Concat(mail.Message.Cc).Where(address => MailAddress.IsAddress(address.Address)).ToList();

        // Not written to the mailbox itself: it came through another name of the house, which must not get a copy of its own answers.
        var isAlias = !named.Exists(address => IsOwn(own, address.Address));
        var written = named.Where(address => !isAlias || !string.Equals(address.Domain, mail.Mailbox.Domain, StringComparison.OrdinalIgnoreCase)).Select(PartyOf);

        // A colleague to whom our mail was passed on is kept in the loop, and so is the customer when a colleague answers.
        correspondence.Cc = written.Append(before).Append(isKnown ? null : PartyOf(mail.Sender)).OfType<MailParty>()
            .Where(party => !IsOwn(own, party.Address) && !IsSame(party.Address, correspondence.To?.Address ?? "") && (!isKnown || !IsSame(party.Address, mail.Sender.Address)))
            .DistinctBy(party => party.Address.ToLowerInvariant(), StringComparer.Ordinal).Take(MostCopies).ToList();
    }

    /// <summary>Reply-To is the sender's own word: it counts where the sender is proven, or stays at home.</summary>
    private static MailAddress AnswersTo(MailUnderWay mail, List<string> own)
    {
        var wished = mail.Message.ReplyTo.FirstOrDefault(address => MailAddress.IsAddress(address.Address) && !IsOwn(own, address.Address));
        return wished is not null && (mail.IsVouchedFor || string.Equals(wished.Domain, mail.Sender.Domain, StringComparison.OrdinalIgnoreCase)) ? wished : mail.Sender;
    }

    /// <summary>Also with a token after a plus sign.</summary>
    private static bool IsOwn(List<string> mailboxes, string address)
    {
        var key = ContactAddress.ParseEmail(address)?.Value ?? address.ToLowerInvariant();
        var (plus, at) = (key.IndexOf('+', StringComparison.Ordinal), key.LastIndexOf('@'));
        return mailboxes.Contains(key) || plus > 0 && at > plus && mailboxes.Contains(key[..plus] + key[at..]);
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static MailParty PartyOf(MailAddress address) => new(MessageComposer.Clean(address.Name).ReplaceLineEndings(" ").UpTo(200), address.Address);
}
