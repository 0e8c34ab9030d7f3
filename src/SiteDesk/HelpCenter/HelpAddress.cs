namespace SiteDesk.HelpCenter;

/// <summary>Where the pages of a help centre are: paths from the root, in the letters of their own script.</summary>
public static class HelpAddress
{
    public static string Home(string siteKey, string language) => $"/help/{siteKey}/{language}";

    public static string Section(string siteKey, string language, string slug) => $"/help/{siteKey}/{language}/sections/{slug}";

    public static string Article(string siteKey, string language, string slug) => $"/help/{siteKey}/{language}/articles/{slug}";

    public static string Search(string siteKey, string language) => $"/help/{siteKey}/{language}/search";

    public static string Feed(string siteKey, string language) => $"/help/{siteKey}/{language}/feed.atom";

    /// <summary>The contact form, with what was asked.</summary>
    public static string Contact(string siteKey, string language, string question = "") =>
        $"/contact/{siteKey}?language={language}" + (question.Length > 0 ? $"&text={Uri.EscapeDataString(question)}" : "");

    /// <summary>A picture or file of an article.</summary>
    public static string File(string sha256, string name) => $"/help-files/{sha256}/{Uri.EscapeDataString(name)}";

    /// <summary>The same path as headers, feeds and search engines want it: percent-encoded (RFC 3986, section 2.1).</summary>
    public static string Encoded(string path) => string.Join('/', path.Split('/').Select(part => Uri.EscapeDataString(Uri.UnescapeDataString(part))));
}
