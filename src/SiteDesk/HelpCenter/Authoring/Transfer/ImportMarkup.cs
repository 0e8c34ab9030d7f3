using AngleSharp.Html.Parser;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Mail;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Small changes to markup before it becomes canonical: pictures and links within the import keep their addresses until they are known.</summary>
internal static class ImportMarkup
{
    /// <summary>Marks a link to another file of the import.</summary>
    public const string PendingLinks = "/help/pending/";

    /// <returns>The text of the first heading of the first level, and the rest without it.</returns>
    public static (string Title, string Html) TakeTitle(string html)
    {
        if (!TagCount.IsWithin(html, 60_000, 200))
            return ("", html);
        using var document = new HtmlParser().ParseDocument(html);
        var heading = document.QuerySelector("h1") ?? document.QuerySelector("title");
        if (heading is null)
            return ("", html);
        var title = string.Join(' ', heading.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        heading.Remove();
        return (title, document.Body?.InnerHtml ?? "");
    }

    /// <summary>Gives addresses within the import a form that the closed set lets through.</summary>
    /// <returns>The markup, and the addresses of the pictures that are not in the import.</returns>
    public static (string Html, IReadOnlyList<string> LeftOut) MarkAddresses(string html, TransferFiles files)
    {
        if (!html.Contains("<img", StringComparison.OrdinalIgnoreCase) && !html.Contains("<a", StringComparison.OrdinalIgnoreCase) || !TagCount.IsWithin(html, 60_000, 200))
            return (html, []);
        using var document = new HtmlParser().ParseDocument(html);
        var leftOut = new List<string>();
        foreach (var picture in document.QuerySelectorAll("img"))
        {
            var source = picture.GetAttribute("src") ?? "";
            if (source.Length == 0 || ArticleLink.Source(source) is not null || VideoAddress.Read(source) is not null)
                continue;
            if (InImport(source, files) is { } path)
                picture.SetAttribute("src", ImportedText.PendingFiles + Uri.EscapeDataString(path).Replace(".", "%2E", StringComparison.Ordinal)); // dots lead nowhere
            else if (!ArticleBody.IsTracker(picture))
                leftOut.Add(source);
        }

        foreach (var link in document.QuerySelectorAll("a"))
        {
            var target = link.GetAttribute("href") ?? "";
            if (target.Length > 0 && !IsAbsolute(target))
                link.SetAttribute("href", PendingLinks + Uri.EscapeDataString(Uri.UnescapeDataString(target)));
        }

        return (document.Body?.InnerHtml ?? "", leftOut);
    }

    // Where a picture is to be looked for: beside its file, or from the top where the address begins there. Other tools have folders of their own
    // ("static", "public") above what is the top for readers.
    private static string? InImport(string source, TransferFiles files)
    {
        if (!IsAbsolute(source))
            return Uri.UnescapeDataString(source);
        if (source.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase))
            return Unpacked(source, files);
        return source[0] == '/' && !source.StartsWith("//", StringComparison.Ordinal) && Resolve("", Uri.UnescapeDataString(source)) is { } path && files.FindBelow(path) is { } found ? "/" + found : null;
    }

    // A picture that stands in the address itself (RFC 2397), as texts from the web's word processors have them.
    private static string? Unpacked(string source, TransferFiles files)
    {
        var comma = source.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !source[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            return null;
        var content = new byte[source.Length];
        if (!Convert.TryFromBase64String(Uri.UnescapeDataString(source[(comma + 1)..]), content, out var length))
            return null;
        var kind = source["data:image/".Length..comma].Split(';')[0].ToLowerInvariant();
        if (kind is not ("png" or "jpeg" or "gif" or "webp"))
            return null;
        var path = $"pictures/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content.AsSpan(0, length)))[..12]}/picture.{kind}";
        files.Set(path, content[..length]);
        return "/" + path;
    }

    /// <summary>A path relative to a file, or beginning with a slash, as a path from the top; null when it leads out.</summary>
    public static string? Resolve(string file, string relative)
    {
        List<string> parts = relative.StartsWith('/') ? [] : [.. file.Split('/')[..^1]];
        foreach (var part in relative.Replace('\\', '/').Split('?', '#')[0].Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count == 0)
                return null;
            else
                parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', parts);
    }

    private static bool IsAbsolute(string address) => address[0] is '/' or '#' || address.Contains(':', StringComparison.Ordinal);
}
