using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>A report on one of our mails (RFC 3464, RFC 5965, and what is sent instead) belongs to that mail and marks the address.</summary>
public sealed class BounceStep(Database database, MessageComposer composer, TextCatalog texts, TimeProvider time) : IReceivingStep
{
    public string Name => "bounce";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (DeliveryReport.Find(mail.Message) is not { } report)
            return;
        var hash = report.OriginalMessageId is { } id ? MailHashes.OfMailId(id) : null;
        var sent = hash is null ? null : await database.Set<OutgoingMail>().FirstOrDefaultAsync(row => row.MailIdHash == hash, cancellation);
        if (sent is { Kind: OutgoingKind.Password or OutgoingKind.SignIn })
        {
            // Nobody is told but the log: it is between the desk and one person, and there is no ticket to tell it in.
            sent.State = report.First.Action == DeliveryAction.Failed ? OutgoingState.Bounced : sent.State;
            sent.LastAnswer = report.First.Diagnostic?.UpTo(1000);
            mail.Finish(MailOutcome.Bounce, report.First.Diagnostic);
            return;
        }

        if (sent is null || await database.Set<Ticket>().FirstOrDefaultAsync(row => row.Id == sent.TicketId && row.SiteId == mail.Site.Id, cancellation) is not { } ticket)
        {
            mail.Finish(MailOutcome.UnknownBounce, report.First.Diagnostic);
            return;
        }

        mail.Raw.TicketId = sent.TicketId;
        mail.Raw.MessageId = sent.MessageId;
        foreach (var recipient in report.Recipients)
            await MarkAsync(sent, ticket, recipient, mail, cancellation);
        database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        mail.Finish(MailOutcome.Bounce, report.First.Diagnostic);
    }

    private async Task MarkAsync(OutgoingMail sent, Ticket ticket, RecipientReport report, MailUnderWay mail, CancellationToken cancellation)
    {
        var words = string.Join(' ', new[] { report.Status, report.Diagnostic }.OfType<string>()).UpTo(400);
        if (report.Action is DeliveryAction.Delayed or DeliveryAction.Delivered or DeliveryAction.Relayed or DeliveryAction.Expanded)
        {
            sent.LastAnswer = $"{report.Action}: {words}".UpTo(1000);
            return;
        }

        var address = AddressOf(sent, report);
        var wasKnown = sent.Recipients.Exists(recipient => recipient.State == RecipientState.Bounced && (address is null || IsSame(recipient.Address, address)));
        if (report.Action == DeliveryAction.Failed)
        {
            sent.Recipients = sent.Recipients.ConvertAll(recipient => address is null || IsSame(recipient.Address, address) ? recipient with { State = RecipientState.Bounced, Answer = words } : recipient);
            sent.State = OutgoingState.Bounced;
            sent.LastAnswer = words;
        }

        if (address is not null && (report.Action == DeliveryAction.Complaint || report.Status?.StartsWith('4') != true))
            await RememberAsync(address, words, report.Action == DeliveryAction.Complaint, cancellation);
        if (!wasKnown && sent.Kind != OutgoingKind.Notice && report.Action == DeliveryAction.Failed)
            await TellStaffAsync(ticket, address ?? "", words, mail, cancellation);
    }

    /// <summary>A report that hides the address, or names another (a forwarding), is about our receiver when there was only one.</summary>
    private static string? AddressOf(OutgoingMail sent, RecipientReport report) =>
        sent.Recipients.Find(recipient => report.Recipient is not null && IsSame(recipient.Address, report.Recipient))?.Address
        ?? (sent.Recipients is [var only] ? only.Address : report.Recipient);

    private async Task RememberAsync(string address, string words, bool isComplaint, CancellationToken cancellation)
    {
        var key = ContactAddress.ParseEmail(address)?.Value ?? address.ToLowerInvariant();
        var known = database.Set<UnreachableAddress>().Local.FirstOrDefault(row => row.Address == key) ?? await database.Set<UnreachableAddress>().FirstOrDefaultAsync(row => row.Address == key, cancellation);
        if (known is null)
        {
            database.Add(new UnreachableAddress { Address = key, At = time.Now(), Reason = words, IsComplaint = isComplaint });
            return;
        }

        known.At = time.Now();
        known.Reason = words;
        known.IsComplaint |= isComplaint;
    }

    /// <summary>Whoever answered believes that the customer knows: they have to hear of it.</summary>
    private async Task TellStaffAsync(Ticket ticket, string address, string words, MailUnderWay mail, CancellationToken cancellation)
    {
        var now = time.Now();
        var text = texts.Get(mail.Site.DefaultLanguage, "mail.bounce-note", ("address", address), ("reason", words));
        var note = await composer.ComposeAsync(ticket, new MessageComposer.Request(MessageKind.Note, Actor.System, $"bounce:{mail.Raw.Id}", text, EmailModule.Channel), now, cancellation);
        if (!note.Succeeded)
            throw new InvalidOperationException($"The note about a bounce cannot be written: {note.Problems[0].Text}");
        ticket.Received(note.Value);
        ticket.ReopenFor(Actor.System, now);
        database.Add(note.Value);
        database.Publish(() => new MessageAdded(ticket.Id, note.Value.Id, ticket.SiteId, true, false, null));
    }

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
