namespace SiteDesk.Mail;

/// <summary>Finds the signature at the end of the newest text (RFC 3676 section 4.3) and the lines that phones add.</summary>
internal static class SignatureLines
{
    private const int LongestFooter = 12;

    public static void Mark(string[] lines, Func<int, bool> isReply, Func<int, bool> isQuote, Action<int> mark)
    {
        var reply = new List<int>();
        for (var at = 0; at < lines.Length; at++)
            if (isReply(at)) reply.Add(at);
        CutDrawnLines();
        CutDeviceLines();
        CutAtDelimiter();
        CutDeviceLines();
        CutDrawnLines();

        void CutAtDelimiter()
        {
            var filledAfter = 0;
            for (var at = reply.Count - 1; at > 0 && filledAfter <= 40; at--)
            {
                var line = lines[reply[at]];
                if (isQuote(reply[at])) return;
                if (line.AsSpan().Trim().Length > 0) filledAfter++;
                if (!IsDelimiter(line, filledAfter - 1) || !HasTextBefore(at)) continue;
                // The delimiter that stands highest within reach counts: signatures hold dashes of their own.
                var upper = Higher(at);
                Cut(upper);
                return;
            }
        }

        int Higher(int found)
        {
            for (var at = found - 1; at > 0 && at > found - 30; at--)
            {
                if (isQuote(reply[at])) break;
                if (lines[reply[at]] is "-- " or "--" && HasTextBefore(at)) return at;
            }
            return found;
        }

        bool HasTextBefore(int at)
        {
            for (var before = 0; before < at; before++)
                if (!string.IsNullOrWhiteSpace(lines[reply[before]])) return true;
            return false;
        }

        void CutDeviceLines()
        {
            var end = reply.Count;
            var cut = end;
            for (var at = end - 1; at >= 0; at--)
            {
                var line = lines[reply[at]];
                if (string.IsNullOrWhiteSpace(line)) continue;
                var afterGap = at == 0 || string.IsNullOrWhiteSpace(lines[reply[at - 1]]) || IsDevice(lines[reply[at - 1]], mustName: true);
                if (!IsDevice(line, mustName: !afterGap)) break;
                cut = at;
            }
            if (cut < end) Cut(cut);
        }

        // A rule at the end separates nothing any more.
        void CutDrawnLines()
        {
            var end = reply.Count;
            while (end > 0 && (string.IsNullOrWhiteSpace(lines[reply[end - 1]]) || IsDrawn(lines[reply[end - 1]]))) end--;
            while (end < reply.Count && string.IsNullOrWhiteSpace(lines[reply[end]])) end++;
            if (end > 0 && end < reply.Count) Cut(end);
        }

        void Cut(int from)
        {
            for (var at = from; at < reply.Count; at++) mark(reply[at]);
            reply.RemoveRange(from, reply.Count - from);
        }
    }

    private static bool IsDrawn(string line)
    {
        var text = line.AsSpan().Trim();
        return text.Length >= 2 && text.IndexOfAnyExcept("-_=*~+#—–⸻ ") < 0;
    }

    private static bool IsDelimiter(string line, int filledAfter)
    {
        var text = line.Trim();
        if (text is "--" or "—" or "–" or "--=20" or "- --" or "&#8212;" or "⸻") return filledAfter <= 40;
        // A drawn line above a short footer, as lists and companies add it.
        return text.Length >= 10 && filledAfter is > 0 and <= LongestFooter && text.AsSpan().IndexOfAnyExcept("_ ") < 0;
    }

    private static bool IsDevice(string line, bool mustName)
    {
        var text = line.Trim().Replace("[", string.Empty).TrimStart('<', '(', '*', '_', '-', '—', '–', ' ').TrimEnd('>', ')', ']', '*', '_', ' ');
        if (text.Length is < 4 or > 220) return false;
        var lower = text.ToLowerInvariant();
        var words = lower.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (words > 16) return false;
        var names = Array.Exists(ReplyVocabulary.Devices, device => lower.Contains(device, StringComparison.Ordinal));
        foreach (var ending in ReplyVocabulary.DeviceEnds)
            if (lower.EndsWith(ending, StringComparison.Ordinal) && words <= 14 && names) return true;
        foreach (var start in ReplyVocabulary.DeviceStarts)
            if (lower.StartsWith(start, StringComparison.Ordinal)) return names || !mustName && words <= 6 && lower[^1] is not ('?' or '!');
        return false;
    }
}
