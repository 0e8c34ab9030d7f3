namespace SiteDesk.Mail;

/// <summary>Complaints: the abuse reporting format (RFC 5965), and the forms of providers that do not use it.</summary>
internal static class FeedbackReports
{
    public static List<RecipientReport>? Read(MimeMessage message, OriginalMessage original)
    {
        foreach (var part in DeliveryStatusFields.OwnParts(message.Root))
            if (part.MediaType == "message/feedback-report") return FromFields(part, message, original);
        return HotmailForm(message, original) ?? UnsubscribeForm(message);
    }

    private static List<RecipientReport> FromFields(MimePart part, MimeMessage message, OriginalMessage original)
    {
        var headers = new HeaderCollection();
        HeaderSection.Read(part.Content.TrimStart("\r\n"u8), headers, MailLimits.Default, new ProblemList(1), isOutermost: false);
        var recipients = headers.All("Original-Rcpt-To").Concat(headers.All("Removal-Recipient")).Select(field => DeliveryStatusFields.AddressOf(field.Text)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(50).ToList();
        if (recipients.Count == 0) recipients.AddRange(original.Recipients.Take(1));
        var type = headers.Value("Feedback-Type")?.Trim();
        // An authentication failure report (RFC 6591) is no complaint of a person, but it is one about the message all the same.
        var words = string.Join("; ", ((string?[])[type, headers.Value("Auth-Failure"), headers.Value("Source-IP"), message.Subject]).Where(text => !string.IsNullOrWhiteSpace(text)));
        if (recipients.Count == 0) return [new RecipientReport(null, DeliveryAction.Complaint, null, words)];
        return [.. recipients.Select(recipient => new RecipientReport(recipient, DeliveryAction.Complaint, null, words))];
    }

    private static List<RecipientReport>? HotmailForm(MimeMessage message, OriginalMessage original)
    {
        var subject = message.Subject.Trim();
        if (!subject.StartsWith("complaint about message from", StringComparison.OrdinalIgnoreCase)) return null;
        foreach (var part in message.Parts())
        {
            if (part.Enclosed is not { } enclosed) continue;
            var recipient = DeliveryStatusFields.AddressOf(enclosed.Headers.Value("X-HmXmrOriginalRecipient")) ?? (original.Recipients is [var to, ..] ? to : null);
            return [new RecipientReport(recipient, DeliveryAction.Complaint, null, subject)];
        }
        return null;
    }

    /// <summary>Apple Mail asks for the end of a list in the reader's name.</summary>
    private static List<RecipientReport>? UnsubscribeForm(MimeMessage message)
    {
        if (!message.Subject.Trim().Equals("unsubscribe", StringComparison.OrdinalIgnoreCase)) return null;
        var text = HumanPart.Of(message).Text;
        return text.Contains("sent this email to unsubscribe from", StringComparison.OrdinalIgnoreCase)
            ? [new RecipientReport(message.From?.Address, DeliveryAction.Complaint, null, "opt-out")]
            : null;
    }
}

/// <summary>Notifications of sending services that come as JSON in a mail (Amazon SES through SNS).</summary>
internal static class NotificationJson
{
    public static List<RecipientReport>? Read(MimeMessage message)
    {
        if (Json(message) is not { } json || Value(json, "notificationType") is not { } type) return null;
        var action = type switch
        {
            "Bounce" => Value(json, "bounceType") == "Transient" ? DeliveryAction.Delayed : DeliveryAction.Failed,
            "Complaint" => DeliveryAction.Complaint,
            "Delivery" => DeliveryAction.Delivered,
            _ => (DeliveryAction?)null,
        };
        if (action is null) return null;
        if (Value(json, "action") is { Length: > 0 } word && action != DeliveryAction.Complaint) action = DeliveryStatusFields.ActionOf(word, null);
        var diagnostic = Value(json, "diagnosticCode") ?? Value(json, "smtpResponse") ?? Value(json, "complaintFeedbackType");
        var status = Value(json, "status") is { } code ? StatusCodes.Enhanced(code) : null;
        status ??= diagnostic is null ? null : StatusCodes.Enhanced(diagnostic);
        var recipient = Value(json, "emailAddress");
        if (recipient is null && json.IndexOf("\"recipients\":[\"", StringComparison.Ordinal) is >= 0 and var at)
            recipient = json[(at + 15)..].Split('"')[0];
        return [new RecipientReport(DeliveryStatusFields.AddressOf(recipient), action.Value, status, diagnostic)];
    }

    public static string? MessageId(MimeMessage message)
    {
        if (Json(message) is not { } json) return null;
        var at = json.IndexOf("\"commonHeaders\"", StringComparison.Ordinal);
        if (at >= 0 && Value(json[at..], "messageId") is { } id && MessageIds.Parse(id) is [var first, ..]) return first;
        // The header list of the original: {"name":"Message-ID","value":"<...>"}.
        at = json.IndexOf("\"Message-ID\",\"value\"", StringComparison.OrdinalIgnoreCase);
        return at >= 0 && Value(json[at..], "value") is { } field && MessageIds.Parse(field) is [var listed, ..] ? listed : null;
    }

    private static string? Json(MimeMessage message)
    {
        var text = HumanPart.Of(message).Text;
        return text.TrimStart().StartsWith('{') && text.Contains("notificationType", StringComparison.Ordinal)
            ? text.Replace("\n ", string.Empty).Replace("\n", string.Empty).Replace("\\\"", "\"").Replace("\" :", "\":").Replace("\": ", "\":")
            : null;
    }

    /// <summary>The string value of the first member of that name: the JSON is nested as text inside JSON, and lines were broken on the way.</summary>
    private static string? Value(string json, string name)
    {
        var key = "\"" + name + "\":\"";
        var at = json.IndexOf(key, StringComparison.Ordinal);
        if (at < 0) return null;
        var start = at + key.Length;
        var end = json.IndexOf('"', start);
        return end < 0 ? null : json[start..end].Replace("\\", string.Empty);
    }
}
