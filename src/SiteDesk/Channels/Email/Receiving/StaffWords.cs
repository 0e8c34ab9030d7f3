namespace SiteDesk.Channels.Email.Receiving;

/// <summary>Commands a member of staff may begin their answer with.</summary>
internal static class StaffWords
{
    private static readonly string[] Note = ["#note", "#internal", "#заметка", "#备注", "#内部备注"];

    /// <returns>Whether it is an internal note, and the text without the command.</returns>
    public static (bool IsNote, string Text) Read(string text)
    {
        var trimmed = text.TrimStart();
        foreach (var word in Note)
        {
            if (!trimmed.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                continue;
            var rest = trimmed[word.Length..];

            // "#notes are attached" is a sentence. Between Chinese characters stands no space.
            if (rest.Length == 0 || !char.IsLetterOrDigit(rest[0]) || !char.IsAscii(word[^1]) && word[1] > '\u2E7F')
                return (true, rest.TrimStart(':', '：', ' ', '\t', '\n', '\r'));
        }

        return (false, text);
    }
}
