namespace SiteDesk.Mail;

/// <summary>Message identifiers (RFC 5322 section 3.6.4), given without their angle brackets.</summary>
public static class MessageIds
{
    private const int MaximumCount = 500;

    /// <summary>The identifiers of a Message-ID, In-Reply-To or References value, in order, each once.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<string>();
        var at = 0;
        while (at < text.Length && found.Count < MaximumCount)
        {
            var open = text.IndexOf('<', at);
            if (open < 0) break;
            var close = text.IndexOf('>', open);
            if (close < 0) close = text.Length;
            Add(text[(open + 1)..close]);
            at = close + 1;
        }
        if (found.Count == 0)
        {
            // Some mailers forget the brackets; words without @ ("Your message of Monday") are no identifiers.
            foreach (var word in text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
                if (found.Count < MaximumCount && word.Contains('@', StringComparison.Ordinal)) Add(word);
        }
        return found;

        void Add(string id)
        {
            // A fold inside an identifier leaves a blank behind.
            id = id.Replace(" ", string.Empty).Replace("\t", string.Empty).TrimStart('<');
            if (id.Length is > 0 and <= 998 && !found.Contains(id)) found.Add(id);
        }
    }
}
