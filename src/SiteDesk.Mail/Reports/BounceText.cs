namespace SiteDesk.Mail;

/// <summary>Reads reports that were written for people only.</summary>
/// <remarks>Whether it is one is a matter of several signs: who sent it, with which envelope, under which subject, with which
/// words and codes, and whether a message is returned. The recipient is the address for which most speaks.</remarks>
internal static class BounceText
{
    private const int MaximumAddresses = 300;

    public static List<RecipientReport>? Read(MimeMessage message, OriginalMessage original)
    {
        var human = HumanPart.Of(message);
        if (!IsReport(message, human)) return null;
        // A bounce that somebody's robot pasted into one of its own.
        if (human.Copy.Contains("multipart/report", StringComparison.OrdinalIgnoreCase)
            && MimeMessage.Read(System.Text.Encoding.UTF8.GetBytes(human.Copy)) is var pasted && DeliveryStatusFields.Read(pasted, OriginalMessage.Find(pasted)) is { } inner) return inner;
        var lower = human.Text.ToLowerInvariant();
        var subject = message.Subject.ToLowerInvariant();
        var isDelay = Array.Exists(BounceVocabulary.DelayPhrases, phrase => lower.Contains(phrase, StringComparison.Ordinal)) && !lower.Contains("given up", StringComparison.Ordinal) && !lower.Contains("permanent", StringComparison.Ordinal)
                      && !lower.Contains("not going to try again", StringComparison.Ordinal)
                      || subject.Contains("delay", StringComparison.Ordinal) && !lower.Contains("permanent", StringComparison.Ordinal);
        var recipients = FailedHeader(message);
        if (recipients.Count == 0) recipients = Recipients(message, human.Text, original);
        if (recipients.Count == 0) recipients.Add(original.Recipients.Count > 0 ? original.Recipients[0] : null);
        var reports = new List<RecipientReport>();
        foreach (var recipient in recipients)
        {
            var words = Diagnostic(human.Text, recipient);
            var status = (words is null ? null : StatusCodes.Enhanced(words)) ?? StatusCodes.Enhanced(human.Text) ?? StatusCodes.Enhanced(message.Subject);
            if (status is null || status[0] == '2')
            {
                var replied = words is null ? '\0' : StatusCodes.ReplyClass(words);
                if (replied == '\0') replied = StatusCodes.ReplyClass(human.Text);
                status = replied == '\0' ? isDelay ? "4.0.0" : "5.0.0" : $"{replied}.0.0";
            }
            reports.Add(new RecipientReport(recipient, isDelay ? DeliveryAction.Delayed : DeliveryAction.Failed, status, words));
        }
        return reports;
    }

    private static bool IsReport(MimeMessage message, HumanPart human)
    {
        var failed = message.Headers.First("X-Failed-Recipients") is not null;
        var subject = message.Subject.Trim().ToLowerInvariant();
        var isAnswer = Array.Exists(BounceVocabulary.PersonPrefixes, prefix => subject.StartsWith(prefix, StringComparison.Ordinal));
        var isDaemon = IsDaemon(message);
        var hasNullPath = message.Headers.First("Return-Path")?.Text.Replace(" ", string.Empty) is "<>" or "" or "<MAILER-DAEMON>";
        var machineSubject = !isAnswer && Array.Exists(BounceVocabulary.MachineSubjects, phrase => phrase.Length > 3 && subject.Contains(phrase, StringComparison.Ordinal) && subject.IndexOf(phrase, StringComparison.Ordinal) < 30);
        var text = human.Text.Length > 16_000 ? human.Text[..16_000].ToLowerInvariant() : human.Text.ToLowerInvariant();
        var says = Array.Exists(BounceVocabulary.FailurePhrases, phrase => text.Contains(phrase, StringComparison.Ordinal));
        var hasCode = StatusCodes.Enhanced(human.Text) is not null || StatusCodes.ReplyClass(human.Text) != '\0';
        var returns = human.Copy.Length > 0 || message.Root.Children.Any(part => part.Enclosed is not null || part.MediaType == "text/rfc822-headers");
        if (failed) return true;
        if (isAnswer && !isDaemon) return false;
        if (isDaemon && !IsOutOfOffice(message)) return machineSubject || says || hasCode && returns;
        if (hasNullPath && !IsOutOfOffice(message)) return says && (returns || hasCode || machineSubject) || machineSubject && (returns || hasCode);
        // A list's robot refuses those who are not on it.
        if (text.Contains("not a member of this mailing list", StringComparison.Ordinal) || says && subject.Contains("not member", StringComparison.Ordinal)) return message.Headers.First("Precedence") is not null || message.Headers.Any(field => field.Name.StartsWith("X-ML", StringComparison.OrdinalIgnoreCase)) || subject.Contains("are not member", StringComparison.Ordinal);
        return machineSubject && says && (returns || hasCode && message.Headers.First("Auto-Submitted") is not null);
    }

    private static bool IsOutOfOffice(MimeMessage message) => AutomaticMail.HasReplySubject(message.Subject);

    private static bool IsDaemon(MimeMessage message)
    {
        var from = message.Headers.First("From")?.Value.ToLowerInvariant() ?? string.Empty;
        if (from.Trim() is "<>" or "") return message.Headers.First("Return-Path")?.Text.Trim() is "<>" or null && message.Headers.First("From") is not null;
        var local = message.From is { } sender ? sender.Address.Split('@')[0].ToLowerInvariant() : string.Empty;
        foreach (var name in BounceVocabulary.DaemonNames)
            if (local.Equals(name, StringComparison.Ordinal) || name.Length > 6 && from.Contains(name, StringComparison.Ordinal)) return true;
        return local.Contains("postmaster", StringComparison.Ordinal) || local.Contains("poostmaster", StringComparison.Ordinal);
    }

    private static List<string?> FailedHeader(MimeMessage message) =>
        [.. message.Headers.All("X-Failed-Recipients").SelectMany(field => MailAddress.ParseList(field.Text, 50)).Where(one => one.Address.Length > 0).Select(one => one.Address).Distinct(StringComparer.OrdinalIgnoreCase).Take(50)];

    private static List<string?> Recipients(MimeMessage message, string text, OriginalMessage original)
    {
        var own = message.To.Concat(message.Cc).Select(one => one.Address).Append(message.From?.Address ?? string.Empty).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var scores = new Dictionary<string, (int Score, int Order)>(StringComparer.OrdinalIgnoreCase);
        var heading = string.Empty;
        var sinceHeading = 0;
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0) continue;
            var lower = trimmed.Length > 1_000 ? trimmed[..1_000].ToLowerInvariant() : trimmed.ToLowerInvariant();
            foreach (var (address, at) in AddressesIn(lower.Length < trimmed.Length ? trimmed[..1_000] : trimmed))
            {
                if (scores.Count >= MaximumAddresses) break;
                var score = Score(trimmed, lower, address, at, sinceHeading <= 6 ? heading : string.Empty);
                if (own.Contains(address)) score -= 6;
                if (original.Recipients.Contains(address, StringComparer.OrdinalIgnoreCase)) score += 6;
                var known = scores.GetValueOrDefault(address, (int.MinValue, scores.Count));
                scores[address] = (Math.Max(known.Item1, score), known.Item2);
            }
            sinceHeading++;
            if (trimmed[^1] is ':' or '-' || lower.EndsWith("to the address", StringComparison.Ordinal) || lower.Contains("fail", StringComparison.Ordinal) || lower.Contains("following", StringComparison.Ordinal))
            {
                heading = lower;
                sinceHeading = 0;
            }
        }
        if (scores.Count == 0) return [];
        var best = scores.Values.Max(entry => entry.Score);
        if (best < 0) return [];
        // Several recipients of one report stand in lines of the same form.
        return [.. scores.Where(entry => entry.Value.Score >= Math.Max(1, best - 2)).OrderBy(entry => entry.Value.Order).Select(entry => (string?)entry.Key).Take(50)];
    }

    private static int Score(string line, string lower, string address, int at, string heading)
    {
        var score = 0;
        var before = lower[..at].TrimEnd('<', '"', ' ', '\'', '(', '>');
        if (before.Length == 0 || before.TrimStart('*', '-', '>', ' ', '<').Length == 0) score += line.Length <= address.Length + 4 ? 10 : 8;
        if (before.EndsWith("rcpt to:", StringComparison.Ordinal) || before.EndsWith("rcpt to: ", StringComparison.Ordinal)) score += 10;
        if (before.EndsWith("recipient:", StringComparison.Ordinal) || before.EndsWith("address:", StringComparison.Ordinal) || before.EndsWith("delivered to:", StringComparison.Ordinal) || before.EndsWith("failed:", StringComparison.Ordinal)
            || before.EndsWith("user:", StringComparison.Ordinal) || before.EndsWith("userid:", StringComparison.Ordinal) || before.EndsWith("errors:", StringComparison.Ordinal) || before.EndsWith("reach the following recipient:", StringComparison.Ordinal)) score += 9;
        if (before is "to:" or "to: ") score += 4;
        if (StatusCodes.ReplyClass(line) != '\0' || StatusCodes.Enhanced(line) is not null) score += 4;
        if (Says(lower, "unknown", "fail", "reject", "undeliver", "deliver", "not found", "invalid", "no such", "full", "disabled", "gateway", "exist")) score += 4;
        if (Says(heading, "fail", "deliver", "recipient", "address", "error", "affected", "reach", "失敗", "не может", "送信", "受取")) score += 3;
        if (Says(lower, "contact", "assistance", "support", "help", "questions", "http", "report this")) score -= 9;
        if (before.EndsWith("from:", StringComparison.Ordinal) || before.EndsWith("sender:", StringComparison.Ordinal) || before.EndsWith("mail from", StringComparison.Ordinal) || before.EndsWith(" from", StringComparison.Ordinal) || before.EndsWith("envelope", StringComparison.Ordinal) || before == "from") score -= 9;
        if (heading.EndsWith("to the address", StringComparison.Ordinal)) score -= 8;
        if (Says(lower, "message sent by", "reply-to", "message-id", "hello ")) score -= 8;
        if (Says(address.ToLowerInvariant(), "postmaster@", "mailer-daemon@", "abuse@", "support@")) score -= 8;
        return score;
    }

    private static bool Says(string lower, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (lower.Contains(word, StringComparison.Ordinal)) return true;
        return false;
    }

    private static IEnumerable<(string Address, int At)> AddressesIn(string line)
    {
        var at = 0;
        while (at < line.Length)
        {
            var sign = line.IndexOf('@', at);
            if (sign < 0) yield break;
            var start = sign;
            while (start > at && IsLocal(line[start - 1])) start--;
            var end = sign + 1;
            while (end < line.Length && IsDomain(line[end])) end++;
            var address = line[start..end].TrimEnd('.', '-').TrimStart('.', '\'', '=', '/', '{', '}', '|', '*');
            at = Math.Max(end, sign + 1);
            if (address.Length is > 4 and < 320 && address.IndexOf('.', address.IndexOf('@', StringComparison.Ordinal)) > 0 && MailAddress.IsAddress(address)) yield return (address, start);
        }
    }

    private static bool IsLocal(char symbol) => char.IsLetterOrDigit(symbol) || symbol is '.' or '-' or '_' or '+' or '=' or '#' or '$' or '%' or '&' or '\'' or '*' or '/' or '?' or '^' or '`' or '{' or '|' or '}' or '~' or '!';

    private static bool IsDomain(char symbol) => char.IsLetterOrDigit(symbol) || symbol is '.' or '-';

    /// <summary>The lines that tell why: from the recipient's line on, or the first with a code.</summary>
    public static string? Diagnostic(string text, string? recipient)
    {
        var lines = text.Split('\n');
        var start = recipient is null ? -1 : Array.FindLastIndex(lines, line => line.Contains(recipient, StringComparison.OrdinalIgnoreCase) && (StatusCodes.ReplyClass(line) != '\0' || StatusCodes.Enhanced(line) is not null));
        if (start < 0 && recipient is not null)
        {
            var named = Array.FindIndex(lines, line => line.Contains(recipient, StringComparison.OrdinalIgnoreCase));
            if (named >= 0) start = Array.FindIndex(lines, named, Math.Min(12, lines.Length - named), HasCode);
            if (start < 0 && named >= 0) start = Array.FindIndex(lines, HasCode) is >= 0 and var coded ? coded : named + 1 < lines.Length && lines[named].Trim().Length <= recipient.Length + 6 ? NextFilled(lines, named + 1) : named;
        }
        if (start < 0) start = Array.FindIndex(lines, HasCode);
        if (start < 0 || start >= lines.Length) return null;
        if (!HasCode(lines[start]) && lines[start].TrimEnd().EndsWith(':') && start + 1 < lines.Length) start = NextFilled(lines, start + 1);
        var words = lines[start].Trim();
        for (var at = start + 1; at < lines.Length && at < start + 5 && lines[at].Trim().Length > 0 && words.Length < 600; at++) words += " " + lines[at].Trim();
        words = words.Length > 800 ? words[..800] : words;
        return words.Length == 0 ? null : words;

        static bool HasCode(string line) => StatusCodes.ReplyClass(line) != '\0' || StatusCodes.Enhanced(line) is not null;
    }

    private static int NextFilled(string[] lines, int from)
    {
        var next = Array.FindIndex(lines, from, line => line.Trim().Length > 0);
        return next < 0 ? from : next;
    }
}
