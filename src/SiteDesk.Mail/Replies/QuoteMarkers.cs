namespace SiteDesk.Mail;

/// <summary>Finds where a mail program begins to repeat an older message.</summary>
internal sealed class QuoteMarkers(string[] lines)
{
    private const int LongestIntroduction = 6;
    private const int LongestLine = 400;
    private const int MaximumTrials = 3_000;

    private int _trials;

    /// <summary>What begins a repeated message, and over how many lines it goes.</summary>
    internal sealed record Marker(MarkerKind Kind, int Lines);

    private static readonly Marker None = new(MarkerKind.None, 0);

    internal enum MarkerKind
    {
        None,
        Attribution,
        Delimiter,
        Header,
    }

    public static bool IsQuote(string line)
    {
        var text = line.AsSpan().TrimStart();
        if (text.IsEmpty) return false;
        if (text[0] is '>' or '＞') return true;
        if (text.StartsWith("&gt;", StringComparison.Ordinal)) return true;
        // "|" is the mark of an old mailer, but also of a table, whose lines end with it as well.
        return text[0] == '|' && line[0] == '|' && (text.Length == 1 || text[1] == ' ' && !text.TrimEnd().EndsWith('|'));
    }

    /// <summary>The marker that begins at the line.</summary>
    public Marker At(int index)
    {
        var line = lines[index].Trim();
        if (line.Length is 0 or > LongestLine) return None;
        if (IsDelimiter(line)) return new Marker(MarkerKind.Delimiter, 1 + HeaderLines(index + 1, afterDelimiter: true));
        if (IsRule(line))
        {
            var next = NextFilled(index + 1, 2);
            var header = next < 0 ? 0 : HeaderLines(next, afterDelimiter: true);
            if (header > 0) return new Marker(MarkerKind.Header, next - index + header);
        }
        var alone = HeaderLines(index, afterDelimiter: false);
        if (alone > 0) return new Marker(MarkerKind.Header, alone);
        var count = AttributionLines(index);
        return count > 0 ? new Marker(MarkerKind.Attribution, count) : None;
    }

    private static bool IsRule(string line) => line.Length >= 5 && line.AsSpan().IndexOfAnyExcept("_-=*—– ") < 0;

    private static bool IsDelimiter(string line)
    {
        if (line.Length > 160) return false;
        foreach (var word in ReplyVocabulary.AboveThisLine)
            if (line.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        if (line[^1] is not (':' or '：') && char.IsLetterOrDigit(line[0])) return false;
        var lower = line.ToLowerInvariant();
        var bare = lower.AsSpan().Trim("-_=*—–#>+~ \t：:").ToString();
        if (bare.Length == 0) return false;
        var dashed = lower[0] is '-' or '_' or '=' or '*' or '—' or '–' or '#' && lower.Length - bare.Length >= 4;
        if (dashed)
            foreach (var word in ReplyVocabulary.OriginalMessage)
                if (bare.StartsWith(word, StringComparison.Ordinal) || bare.EndsWith(word, StringComparison.Ordinal) && bare.Length < word.Length + 30) return true;
        if (lower[^1] is ':' or '：')
            foreach (var word in ReplyVocabulary.ForwardLines)
                if (bare.StartsWith(word, StringComparison.Ordinal) && bare.Length < word.Length + 15) return true;
        return false;
    }

    /// <summary>How many lines a block of quoted header fields has, 0 when there is none.</summary>
    private int HeaderLines(int start, bool afterDelimiter)
    {
        var at = start;
        if (afterDelimiter)
        {
            at = NextFilled(start, 2);
            if (at < 0) return 0;
        }
        var first = FieldOf(lines[at]);
        if (first == QuotedField.None || first == QuotedField.Other) return 0;
        var found = QuotedField.None;
        int count = 0, foreign = 0, end = at;
        for (; at < lines.Length && at - start < 30; at++)
        {
            var field = FieldOf(lines[at]);
            if (field != QuotedField.None)
            {
                found |= field;
                count++;
                foreign = 0;
                end = at + 1;
            }
            else if (lines[at].Trim().Length == 0)
            {
                // Some programs put an empty line between the fields.
                if (at + 1 >= lines.Length || FieldOf(lines[at + 1]) == QuotedField.None || count == 0) break;
            }
            else if (++foreign > 3 || count == 0)
            {
                break;
            }
        }
        var core = BitCount(found & ~QuotedField.Other);
        var isBlock = found.HasFlag(QuotedField.From) && (core >= 3 || core == 2 && found.HasFlag(QuotedField.Date) && count >= 2)
                      || afterDelimiter && core >= 2
                      || core >= 3 && found.HasFlag(QuotedField.Date) && found.HasFlag(QuotedField.Subject) && found.HasFlag(QuotedField.To);
        return isBlock ? end - start : 0;
    }

    private static int BitCount(QuotedField fields) => System.Numerics.BitOperations.PopCount((uint)fields);

    private static QuotedField FieldOf(string raw)
    {
        var line = raw.AsSpan().Trim().TrimStart("*_>| ");
        if (line.Length > 2_000) return QuotedField.None;
        var colon = line[..Math.Min(line.Length, 40)].IndexOfAny(':', '：');
        if (colon <= 0) return QuotedField.None;
        return ReplyVocabulary.FieldLookup.TryGetValue(line[..colon].Trim(" *_\u00A0"), out var field) ? field : QuotedField.None;
    }

    private int NextFilled(int from, int gap)
    {
        for (var at = from; at < lines.Length && at <= from + gap; at++)
            if (lines[at].AsSpan().Trim().Length > 0) return at;
        return -1;
    }

    /// <summary>How many lines "On (date), (somebody) wrote:" takes from here, 0 when it is none.</summary>
    private int AttributionLines(int start)
    {
        if (!CanBegin(lines[start], out var strong)) return 0;
        var joined = string.Empty;
        for (var at = start; at < lines.Length && at < start + LongestIntroduction; at++)
        {
            var line = lines[at].Trim();
            if (line.Length > LongestLine) return 0;
            if (line.Length == 0)
            {
                // Only an address may follow after an empty line.
                if (at + 1 < lines.Length && lines[at + 1].AsSpan().TrimStart().StartsWith('<') && joined.Length > 0) continue;
                return 0;
            }
            if (at > start && IsQuote(line) && !IsOpenAngle(joined)) return 0;
            joined = joined.Length == 0 ? line : joined + " " + line;
            if (joined.Length > LongestLine) return 0;
            if (_trials++ > MaximumTrials) return 0;
            if (!IsAttribution(joined, FollowedByQuote(at + 1))) continue;
            // An ordinary sentence above "On Monday ... wrote:" is no part of it.
            for (var later = start + 1; later <= at; later++)
                if (BeginsStrongly(lines[later]) && !strong && IsAttribution(string.Join(' ', lines[later..(at + 1)].Select(text => text.Trim())), FollowedByQuote(at + 1))) return 0;
            return at - start + 1;
        }
        return 0;
    }

    private static bool IsOpenAngle(string joined) => joined.LastIndexOf('<') > joined.LastIndexOf('>');

    private bool FollowedByQuote(int from) => NextFilled(from, 2) is >= 0 and var next && IsQuote(lines[next]);

    private static bool CanBegin(string line, out bool strong)
    {
        strong = BeginsStrongly(line);
        if (strong) return true;
        var text = line.AsSpan().TrimStart();
        // A name with its address, or "John wrote:" on one line.
        return text.Contains('<') || text.Contains('@') || text.TrimEnd().EndsWith(':') || text.TrimEnd().EndsWith('：');
    }

    /// <summary>Begins with a date or with a word that introduces one.</summary>
    private static bool BeginsStrongly(string line)
    {
        var text = line.Trim().TrimStart('-', '*', ' ', '_', '>');
        if (text.Length == 0) return false;
        if (StartsWithDate(text)) return true;
        if (!char.IsLetter(text[0]) || !char.IsUpper(text[0]) && text[0] < 0x0500) return false;
        if (!HasDigit(text)) return false;
        if (text[0] is '在' or '於' or '于') return true;
        foreach (var introduction in ReplyVocabulary.Introductions)
            if (text.Length > introduction.Length && text[introduction.Length] is ' ' or '\u00A0' && text.StartsWith(introduction, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool HasDigit(string text) => text.AsSpan().IndexOfAnyInRange('0', '9') >= 0;

    private static bool StartsWithDate(string text)
    {
        // "20 окт. 2016 г.", "2016-10-24 15:36", "5 июня", "Mon, 5 Jun", "Понедельник, 5 июня".
        var head = text[..Math.Min(text.Length, 60)];
        if (char.IsAsciiDigit(head[0])) return HasDate(text);
        var comma = head.IndexOfAny([',', '.', ' ']);
        return comma is > 1 and < 15 && comma + 2 < head.Length && char.IsAsciiDigit(head[(comma + 1)..].TrimStart() is { Length: > 0 } rest ? rest[0] : ' ') && HasDate(text);
    }

    private static bool HasDate(string text) => DateSigns.Count(text) >= 2;

    private static bool IsAttribution(string joined, bool beforeQuote)
    {
        var text = WithoutDirections(joined).Trim();
        var dashed = text.StartsWith("--", StringComparison.Ordinal) && text.EndsWith("--", StringComparison.Ordinal);
        text = text.Trim('-', '*', '_', ' ');
        if (text.Length is < 5 or > LongestLine) return false;
        var ends = text[^1] is ':' or '：';
        if (!ends && !dashed && !beforeQuote) return false;
        text = text.TrimEnd(':', '：', ' ');
        if (text.Length == 0) return false;
        var hasAddress = text.Contains('@', StringComparison.Ordinal) || text.Contains("mailto:", StringComparison.OrdinalIgnoreCase);
        var hasDate = DateSigns.Count(text) >= 2;
        var hasVerb = HasVerb(text);
        if (hasVerb && (hasDate || hasAddress)) return ends || dashed || hasDate && hasAddress || beforeQuote && hasDate;
        if (ends && hasVerb) return beforeQuote && text.Length < 120;
        var endsInAddress = hasAddress && text[^1] is '>' or ')' or ']' || hasAddress && text.LastIndexOf(' ') < text.LastIndexOf('@');
        if (hasDate && endsInAddress && StartsNearDate(text)) return ends || beforeQuote;
        // "Quoting somebody <address>:"
        return ends && hasAddress && beforeQuote && text.Length < 200 && endsInAddress;
    }

    /// <summary>Right-to-left mail is full of marks that say nothing but the direction.</summary>
    private static string WithoutDirections(string text) =>
        text.AsSpan().IndexOfAnyInRange('\u200E', '\u2069') < 0
            ? text
            : string.Concat(text.Where(symbol => symbol is not ('\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))));

    private static bool StartsNearDate(string text) => text.AsSpan(0, Math.Min(text.Length, 30)).IndexOfAnyInRange('0', '9') >= 0;

    private static bool HasVerb(string text)
    {
        var lower = text.ToLowerInvariant();
        foreach (var verb in ReplyVocabulary.UnspacedVerbs)
            if (lower.Contains(verb, StringComparison.Ordinal)) return true;
        foreach (var verb in ReplyVocabulary.Verbs)
        {
            var at = lower.IndexOf(verb, StringComparison.Ordinal);
            while (at >= 0)
            {
                var end = at + verb.Length;
                if ((at == 0 || !char.IsLetter(lower[at - 1])) && (end >= lower.Length || !char.IsLetter(lower[end]))) return true;
                at = lower.IndexOf(verb, end, StringComparison.Ordinal);
            }
        }
        return false;
    }
}

/// <summary>Counts what makes a date or a time: a year, a time of day, a numeric date, a day with a month.</summary>
internal static class DateSigns
{
    public static int Count(string text)
    {
        var signs = 0;
        var at = 0;
        while (at < text.Length && signs < 4)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                at++;
                continue;
            }
            var end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            // Digits inside a word, an address or a number sign are no date.
            var inWord = at > 0 && (char.IsLetter(text[at - 1]) && text[at - 1] < 0x2E80 || text[at - 1] is '@' or '#' or '/' && at > 1 && char.IsLetter(text[at - 2]));
            var length = end - at;
            if (!inWord)
            {
                if (length == 4 && text[at] is '1' or '2' && text[at + 1] is '9' or '0') signs += 2;
                else if (length <= 2)
                {
                    signs++;
                    if (end + 2 < text.Length + 0 && text[end] is ':' or '.' or '/' or '-' && char.IsAsciiDigit(text[end + 1])) signs++;
                }
            }
            at = end;
        }
        return signs;
    }
}
