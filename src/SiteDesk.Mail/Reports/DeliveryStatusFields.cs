using System.Text;

namespace SiteDesk.Mail;

/// <summary>Reads message/delivery-status (RFC 3464, RFC 6533), also where it was pasted into the text.</summary>
internal static class DeliveryStatusFields
{
    private const int MaximumRecipients = 200;

    public static List<RecipientReport>? Read(MimeMessage message, OriginalMessage original)
    {
        foreach (var part in OwnParts(message.Root))
            if (part.MediaType is "message/delivery-status" or "message/global-delivery-status" && Parse(part.Content.Span, original) is { Count: > 0 } reports) return WithText(message, reports);
        var text = HumanPart.Of(message).Text;
        var at = text.IndexOf("Final-Recipient:", StringComparison.OrdinalIgnoreCase);
        if (at < 0 || !text.Contains("Action:", StringComparison.OrdinalIgnoreCase) && !text.Contains("Status:", StringComparison.OrdinalIgnoreCase)) return null;
        var from = text.IndexOf("Reporting-MTA:", StringComparison.OrdinalIgnoreCase);
        if (from < 0 || from > at) from = Math.Max(0, at - 500);
        from = text.LastIndexOf('\n', from) + 1;
        return Parse(Encoding.UTF8.GetBytes(text[from..]), original) is { Count: > 0 } pasted ? pasted : null;
    }

    /// <summary>The parts of the report itself, not those of the message it returns.</summary>
    internal static IEnumerable<MimePart> OwnParts(MimePart part)
    {
        yield return part;
        foreach (var child in part.Children)
            foreach (var inner in OwnParts(child)) yield return inner;
    }

    private static List<RecipientReport> WithText(MimeMessage message, List<RecipientReport> reports)
    {
        // A status part without words: the text for people has them.
        for (var at = 0; at < reports.Count; at++)
            if (reports[at].Diagnostic is null && BounceText.Diagnostic(HumanPart.Of(message).Text, reports[at].Recipient) is { } words)
                reports[at] = reports[at] with { Diagnostic = words, Status = reports[at].Status ?? StatusCodes.Enhanced(words) };
        return reports;
    }

    private static List<RecipientReport> Parse(ReadOnlySpan<byte> content, OriginalMessage original)
    {
        var reports = new List<RecipientReport>();
        var group = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var text = Charsets.Decode(content, "utf-8", out _).Replace("\r\n", "\n").Replace('\r', '\n');
        string? name = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0 && line[0] is ' ' or '\t' && name is not null)
            {
                if (group[name].Length < 4_000) group[name] += " " + line.Trim();
                continue;
            }
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || colon > 60)
            {
                if (line.Trim().Length == 0) name = null;
                continue;
            }
            var field = line[..colon].Trim();
            // Not every system puts an empty line between recipients: a field that comes again begins the next.
            if (group.ContainsKey(field) && field.Equals("Final-Recipient", StringComparison.OrdinalIgnoreCase)) Close();
            name = field;
            group[name] = line[(colon + 1)..].Trim();
            if (line.Length > 0 && reports.Count >= MaximumRecipients) return reports;
        }
        Close();
        return reports;

        void Close()
        {
            if (group.ContainsKey("Final-Recipient") || group.ContainsKey("Original-Recipient") || group.ContainsKey("Status") && group.ContainsKey("Action"))
                reports.Add(From(group, original));
            foreach (var key in (string[])["Final-Recipient", "Original-Recipient", "Action", "Status", "Diagnostic-Code", "Remote-MTA", "X-Actual-Recipient"]) group.Remove(key);
            name = null;
        }
    }

    private static RecipientReport From(Dictionary<string, string> group, OriginalMessage original)
    {
        var diagnostic = group.GetValueOrDefault("Diagnostic-Code") is { Length: > 0 } code ? AfterType(code) : null;
        var status = group.GetValueOrDefault("Status") is { } field ? StatusCodes.Enhanced(field.TrimStart('<', ' ')) : null;
        status ??= diagnostic is null ? null : StatusCodes.Enhanced(diagnostic);
        var action = ActionOf(group.GetValueOrDefault("Action"), status);
        if (status is null)
        {
            var replied = diagnostic is null ? '\0' : StatusCodes.ReplyClass(diagnostic);
            status = replied != '\0' ? $"{replied}.0.0" : action == DeliveryAction.Failed ? "5.0.0" : action == DeliveryAction.Delayed ? "4.0.0" : null;
        }
        var recipient = AddressOf(group.GetValueOrDefault("Final-Recipient")) ?? AddressOf(group.GetValueOrDefault("Original-Recipient")) ?? AddressOf(group.GetValueOrDefault("X-Actual-Recipient"));
        return new RecipientReport(recipient ?? (original.Recipients.Count == 1 ? original.Recipients[0] : null), action, status, diagnostic);
    }

    internal static DeliveryAction ActionOf(string? text, string? status)
    {
        var word = text?.TrimStart().ToLowerInvariant() ?? string.Empty;
        if (word.StartsWith("fail", StringComparison.Ordinal)) return DeliveryAction.Failed;
        if (word.StartsWith("delay", StringComparison.Ordinal)) return DeliveryAction.Delayed;
        if (word.StartsWith("deliver", StringComparison.Ordinal)) return DeliveryAction.Delivered;
        if (word.StartsWith("relay", StringComparison.Ordinal)) return DeliveryAction.Relayed;
        if (word.StartsWith("expand", StringComparison.Ordinal)) return DeliveryAction.Expanded;
        return status?[0] == '2' ? DeliveryAction.Delivered : DeliveryAction.Failed;
    }

    /// <summary>"rfc822; address" (section 2.3.1), with brackets, display names, and the xtext of RFC 3461.</summary>
    internal static string? AddressOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var value = AfterType(text).Trim().Trim('<', '>', '\'', ' ');
        if (value.Length > 2 && value[0] == '"' && value[^1] == '"') value = value[1..^1];
        var comment = value.IndexOf(" (", StringComparison.Ordinal);
        if (comment > 0) value = value[..comment];
        if (value.Contains("+40", StringComparison.Ordinal) && !value.Contains('@', StringComparison.Ordinal)) value = value.Replace("+40", "@");
        if (MailAddress.IsAddress(value)) return value;
        return MailAddress.Parse(value) is { Address.Length: > 0 } parsed && MailAddress.IsAddress(parsed.Address) ? parsed.Address : null;
    }

    private static string AfterType(string text)
    {
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        return semicolon is > 0 and < 30 && text.AsSpan(0, semicolon).Trim().IndexOfAny(" @<:") < 0 ? text[(semicolon + 1)..].Trim() : text.Trim();
    }
}
