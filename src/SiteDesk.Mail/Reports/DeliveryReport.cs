namespace SiteDesk.Mail;

/// <summary>What became of a message (RFC 3464 section 2.3.3), or that its receiver complained (RFC 5965).</summary>
public enum DeliveryAction
{
    /// <summary>Given up: the message was not delivered.</summary>
    Failed,

    /// <summary>Not delivered yet; the system goes on trying.</summary>
    Delayed,

    /// <summary>Delivered.</summary>
    Delivered,

    /// <summary>Passed to a system that sends no reports.</summary>
    Relayed,

    /// <summary>Delivered to an alias or a list and passed on.</summary>
    Expanded,

    /// <summary>The receiver reported the message as unwanted, or asked for no more.</summary>
    Complaint,
}

/// <summary>What a report says of one recipient.</summary>
/// <param name="Recipient">The address the message went to, or null when the report hides it.</param>
/// <param name="Action">What happened.</param>
/// <param name="Status">The enhanced status (RFC 3463), such as "5.1.1"; "5.0.0" or "4.0.0" when only the class is known; null when nothing is.</param>
/// <param name="Diagnostic">The other server's words, or null.</param>
public sealed record RecipientReport(string? Recipient, DeliveryAction Action, string? Status, string? Diagnostic);

/// <summary>A machine's report about a message sent earlier: a bounce, a delay, a complaint.</summary>
/// <param name="Recipients">One entry a recipient, at least one; failures first.</param>
/// <param name="OriginalMessageId">The Message-ID of the message reported on, without brackets, or null.</param>
public sealed record DeliveryReport(IReadOnlyList<RecipientReport> Recipients, string? OriginalMessageId)
{
    /// <summary>The entry that matters most.</summary>
    public RecipientReport First => Recipients[0];

    /// <summary>True when an address should be marked as one that cannot be reached: a permanent failure.</summary>
    public bool IsPermanentFailure => First.Action == DeliveryAction.Failed && First.Status?.StartsWith('4') != true;

    /// <summary>Finds the report in a message; null when it is none.</summary>
    public static DeliveryReport? Find(MimeMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var original = OriginalMessage.Find(message);
        var found = FeedbackReports.Read(message, original) ?? DeliveryStatusFields.Read(message, original)
                    ?? NotificationJson.Read(message) ?? BounceText.Read(message, original);
        if (found is not { Count: > 0 }) return null;
        var ordered = found.OrderBy(report => report.Action is DeliveryAction.Failed or DeliveryAction.Complaint ? 0 : report.Action == DeliveryAction.Delayed ? 1 : 2).ToList();
        return new DeliveryReport(ordered, NotificationJson.MessageId(message) ?? original.MessageId);
    }
}

/// <summary>The message a report is about: enclosed, its header alone, or copied below a line in the text.</summary>
internal sealed record OriginalMessage(string? MessageId, IReadOnlyList<string> Recipients)
{
    public static OriginalMessage Find(MimeMessage message)
    {
        string? id = null;
        var recipients = new List<string>();
        foreach (var part in message.Parts())
        {
            if (part.Enclosed is { } enclosed)
            {
                Take(enclosed);
                break;
            }
            if (!ReferenceEquals(part, message.Root) && part.Headers.First("Message-ID") is { } own)
            {
                // The returned header as the header of a part of its own.
                id = MessageIds.Parse(own.Text) is [var first, ..] ? first : null;
                recipients.AddRange(part.Headers.All("To").SelectMany(field => MailAddress.ParseList(field.Text, 50)).Select(to => to.Address).Where(MailAddress.IsAddress));
                break;
            }
            if (part.MediaType is "text/rfc822-headers" or "message/global-headers" or "text/rfc822-header")
            {
                Take(MimeMessage.Read(part.Content));
                break;
            }
        }
        if (id is null)
        {
            var copy = HumanPart.Of(message).Copy;
            if (copy.Length > 0)
            {
                // Text that was indented or quoted still shows its Message-ID.
                var read = MimeMessage.Read(System.Text.Encoding.UTF8.GetBytes(copy.TrimStart()));
                Take(read);
                id ??= FieldIn(copy, "message-id");
            }
        }
        // Gmail and others thread the report to the message (RFC 5322 section 3.6.4).
        id ??= message.InReplyTo is [var answered, ..] ? answered : message.References is [.., var last] ? last : null;
        return new OriginalMessage(id, recipients);

        void Take(MimeMessage original)
        {
            id = original.MessageId;
            recipients.AddRange(original.To.Concat(original.Cc).Select(to => to.Address).Where(MailAddress.IsAddress).Take(50));
        }
    }

    private static string? FieldIn(string text, string field)
    {
        var at = text.IndexOf(field + ":", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var rest = text.AsSpan(at + field.Length + 1);
        return MessageIds.Parse(rest[..Math.Min(rest.Length, 1_000)].ToString()) is [var id, ..] ? id : null;
    }
}
