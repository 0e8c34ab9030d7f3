namespace SiteDesk.Platform;

/// <summary>Cuts texts to a length without breaking a character that is two UTF-16 units: PostgreSQL refuses a half one.</summary>
public static class ShortText
{
    /// <summary>The beginning of a text.</summary>
    /// <param name="longest">In UTF-16 units, as columns and fields count; 0 or more. One less when the last character would be cut in half.</param>
    /// <returns>The text itself when it is not longer.</returns>
    public static string UpTo(this string text, int longest)
    {
        if (text.Length <= longest)
            return text;
        return text[..(longest > 0 && char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }
}
