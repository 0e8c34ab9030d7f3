namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Single values of a style attribute.</summary>
internal static class ArticleStyle
{
    /// <returns>The value in lower case, or null.</returns>
    public static string? Value(string style, string property)
    {
        foreach (var declaration in style.Split(';'))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && declaration.AsSpan(0, colon).Trim().Equals(property, StringComparison.OrdinalIgnoreCase))
                return declaration[(colon + 1)..].Trim().ToLowerInvariant();
        }

        return null;
    }
}
