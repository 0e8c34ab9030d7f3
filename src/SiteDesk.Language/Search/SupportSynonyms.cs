namespace SiteDesk.Language;

/// <summary>
/// Everyday words of shops and subscriptions that mean the same ("postage", "shipping", "delivery"), as a beginning for a help centre
/// whose author has not written synonyms yet. A site adds its own.
/// </summary>
public static class SupportSynonyms
{
    /// <summary>The groups of a language, for <see cref="SynonymSet"/>.</summary>
    /// <param name="language">"en", "ru", "zh" or a tag that begins so ("zh-Hans"); any other language has none.</param>
    public static IReadOnlyList<IReadOnlyList<string>> For(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        using var stream = typeof(SupportSynonyms).Assembly.GetManifestResourceStream($"synonyms.{language.Split('-')[0].ToLowerInvariant()}.txt");
        return stream is null ? [] : Read(new StreamReader(stream));
    }

    private static List<IReadOnlyList<string>> Read(StreamReader reader)
    {
        var groups = new List<IReadOnlyList<string>>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                groups.Add(line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
        return groups;
    }
}
