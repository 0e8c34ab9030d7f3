namespace SiteDesk.Mail;

/// <summary>A mail's text, taken apart.</summary>
/// <param name="Reply">What the sender has just written; answers between quotes keep the quotes they answer.</param>
/// <param name="Quoted">The repeated older messages.</param>
/// <param name="Signature">The signature and the lines phones add.</param>
/// <param name="Elided">Everything that is not in <paramref name="Reply"/>, in its order: nothing is thrown away.</param>
public sealed record TrimmedReply(string Reply, string Quoted, string Signature, string Elided);

/// <summary>Separates the newest text of a mail from quotes and signature, in the languages of <see cref="ReplyVocabulary"/>.</summary>
/// <remarks>A line is recognised by its form; the decision then looks at the order of text, quotes and markers: an answer above the
/// quote, below it, or between its lines. Where only quotes are left, all of the text is the reply.</remarks>
public static class ReplyTrimmer
{
    private const int MaximumLines = 20_000;

    // Text of so many lines below a quote is an answer of its own; less is the torn end of a long quoted line or a footer.
    private const int LinesOfAnAnswer = 7;

    private enum Kind : byte
    {
        Text,
        Empty,
        Quote,
        Attribution,
        Delimiter,
        Header,
    }

    private enum Place : byte
    {
        Reply,
        Quoted,
        Signature,
    }

    /// <summary>Takes the plain text of a mail apart.</summary>
    public static TrimmedReply Trim(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Replace("\r\n", "\n").Replace('\r', '\n').TrimEnd('\uFEFF').Split('\n', MaximumLines);
        var kinds = Classify(lines);
        var places = new Place[lines.Length];
        PlaceQuotes(lines, kinds, places);
        SignatureLines.Mark(lines, index => places[index] == Place.Reply, index => kinds[index] == Kind.Quote, index => places[index] = Place.Signature);
        if (Array.TrueForAll(places, place => place == Place.Reply)) return new TrimmedReply(lines.Length == 1 ? lines[0].Trim() : text.Replace("\r\n", "\n").Replace('\r', '\n').TrimEnd().TrimStart('\n', '\uFEFF'), string.Empty, string.Empty, string.Empty);
        var reply = Join(lines, places, place => place == Place.Reply);
        if (reply.Length == 0) return new TrimmedReply(string.Join('\n', lines).Trim(), string.Empty, string.Empty, string.Empty);
        return new TrimmedReply(reply, Join(lines, places, place => place == Place.Quoted), Join(lines, places, place => place == Place.Signature),
            Join(lines, places, place => place != Place.Reply));
    }

    private static Kind[] Classify(string[] lines)
    {
        var kinds = new Kind[lines.Length];
        var markers = new QuoteMarkers(lines);
        var fenceEnds = -1;
        for (var at = 0; at < lines.Length; at++)
        {
            // The last place of a split holds all that was not split.
            if (at >= MaximumLines - 1 || at < fenceEnds) continue;
            var line = lines[at];
            if (string.IsNullOrWhiteSpace(line)) kinds[at] = Kind.Empty;
            else if (QuoteMarkers.IsQuote(line)) kinds[at] = Kind.Quote;
            else if (line.StartsWith("```", StringComparison.Ordinal) && ClosingFence(lines, at) is > 0 and var closing) fenceEnds = closing + 1;
            else if (markers.At(at) is { Lines: > 0 } marker)
            {
                var kind = marker.Kind switch
                {
                    QuoteMarkers.MarkerKind.Attribution => Kind.Attribution,
                    QuoteMarkers.MarkerKind.Delimiter => Kind.Delimiter,
                    _ => Kind.Header,
                };
                Array.Fill(kinds, kind, at, Math.Min(marker.Lines, lines.Length - at));
                at += marker.Lines - 1;
            }
        }
        return kinds;
    }

    private static int ClosingFence(string[] lines, int open)
    {
        for (var at = open + 1; at < lines.Length && at < open + 2_000; at++)
            if (lines[at].StartsWith("```", StringComparison.Ordinal)) return at;
        return -1;
    }

    private static bool IsMarker(Kind kind) => kind is Kind.Attribution or Kind.Delimiter or Kind.Header;

    private static void PlaceQuotes(string[] lines, Kind[] kinds, Place[] places)
    {
        var start = 0;
        while (true)
        {
            var marker = Array.FindIndex(kinds, start, IsMarker);
            var textBefore = Array.FindIndex(kinds, start, kind => kind == Kind.Text) is >= 0 and var first && (marker < 0 || first < marker);
            if (marker < 0)
            {
                TrimTrailingQuotes(kinds, places, start);
                return;
            }
            var body = marker;
            while (body < kinds.Length && kinds[body] == kinds[marker]) body++;
            if (textBefore)
            {
                AnswerAbove(kinds, places, start, marker, body);
                return;
            }
            // Forwarded without a word: the forwarded message is what the sender wants read.
            if (kinds[marker] != Kind.Attribution) return;
            for (var at = marker; at < body; at++) places[at] = Place.Quoted;
            var next = Array.FindIndex(kinds, body, kind => kind != Kind.Empty);
            if (next >= 0 && kinds[next] == Kind.Quote)
            {
                AnswerBelow(kinds, places, next);
                return;
            }
            start = body;
            if (start >= lines.Length) return;
        }
    }

    /// <summary>Text, then a repeated message.</summary>
    private static void AnswerAbove(Kind[] kinds, Place[] places, int start, int marker, int body)
    {
        var firstQuote = Array.FindIndex(kinds, body, kind => kind != Kind.Empty);
        if (kinds[marker] == Kind.Attribution && firstQuote >= 0 && kinds[firstQuote] == Kind.Quote)
        {
            var end = EndOfInterleaved(kinds, firstQuote);
            var blocks = TextBlocks(kinds, firstQuote, end, out var longest);
            if (blocks >= 2)
            {
                // Answers between the quoted lines: without the quotes they make no sense.
                for (var at = marker; at < body; at++) places[at] = Place.Quoted;
                for (var at = end; at < kinds.Length; at++) places[at] = Place.Quoted;
                TrimTrailingQuotes(kinds, places, start, end);
                return;
            }
            if (blocks == 1 && longest >= LinesOfAnAnswer)
            {
                for (var at = marker; at < kinds.Length; at++)
                    if (kinds[at] != Kind.Text && (kinds[at] != Kind.Empty || at < firstQuote) || at >= end) places[at] = Place.Quoted;
                return;
            }
        }
        for (var at = marker; at < kinds.Length; at++) places[at] = Place.Quoted;
        TrimTrailingQuotes(kinds, places, start, marker);
    }

    /// <summary>A repeated message, then text.</summary>
    private static void AnswerBelow(Kind[] kinds, Place[] places, int firstQuote)
    {
        var end = EndOfInterleaved(kinds, firstQuote);
        var blocks = TextBlocks(kinds, firstQuote, end, out _);
        for (var at = end; at < kinds.Length; at++) places[at] = Place.Quoted;
        if (blocks == 0)
        {
            for (var at = firstQuote; at < end; at++) places[at] = Place.Quoted;
            return;
        }
        if (blocks > 1)
        {
            TrimTrailingQuotes(kinds, places, firstQuote, end);
            return;
        }
        for (var at = firstQuote; at < end; at++)
            if (kinds[at] == Kind.Quote) places[at] = Place.Quoted;
    }

    /// <summary>Where quotes and answers end: at the next marker outside a quote, or at the end.</summary>
    private static int EndOfInterleaved(Kind[] kinds, int from)
    {
        var end = Array.FindIndex(kinds, from, IsMarker);
        return end < 0 ? kinds.Length : end;
    }

    /// <summary>How many blocks of text follow quotes, and how many lines the longest has.</summary>
    private static int TextBlocks(Kind[] kinds, int from, int end, out int longest)
    {
        int blocks = 0, current = 0;
        longest = 0;
        var inText = false;
        for (var at = from; at < end; at++)
        {
            if (kinds[at] == Kind.Quote)
            {
                inText = false;
                current = 0;
            }
            else if (kinds[at] == Kind.Text)
            {
                if (!inText) blocks++;
                inText = true;
                longest = Math.Max(longest, ++current);
            }
        }
        return blocks;
    }

    private static void TrimTrailingQuotes(Kind[] kinds, Place[] places, int start, int end = -1)
    {
        if (end < 0) end = kinds.Length;
        var last = end - 1;
        while (last >= start && kinds[last] is Kind.Quote or Kind.Empty) last--;
        if (last < start) return;
        var firstQuote = Array.FindIndex(kinds, last + 1, end - last - 1, kind => kind == Kind.Quote);
        if (firstQuote < 0) return;
        for (var at = firstQuote; at < end; at++) places[at] = Place.Quoted;
    }

    private static string Join(string[] lines, Place[] places, Func<Place, bool> wanted)
    {
        var chosen = new List<string>(lines.Length);
        for (var at = 0; at < lines.Length; at++)
        {
            if (!wanted(places[at])) continue;
            // Two places that were apart neither run together nor leave a hole.
            if (at > 0 && !wanted(places[at - 1]) && chosen.Count > 0)
            {
                var blank = string.IsNullOrWhiteSpace(chosen[^1]);
                if (blank && string.IsNullOrWhiteSpace(lines[at])) continue;
                if (!blank && lines[at].Length > 0) chosen.Add(string.Empty);
            }
            chosen.Add(lines[at]);
        }
        while (chosen.Count > 0 && string.IsNullOrWhiteSpace(chosen[^1])) chosen.RemoveAt(chosen.Count - 1);
        var first = chosen.FindIndex(line => !string.IsNullOrWhiteSpace(line));
        return first < 0 ? string.Empty : string.Join('\n', chosen.Skip(first)).TrimEnd();
    }
}
