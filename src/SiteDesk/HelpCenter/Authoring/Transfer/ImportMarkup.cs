using AngleSharp.Html.Parser;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Mail;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Small changes to markup before it becomes canonical: relative pictures and links keep their addresses until they are known.</summary>
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

    /// <summary>Gives relative addresses a form that the closed set lets through.</summary>
    public static string MarkPictures(string html)
    {
        if (!html.Contains("<img", StringComparison.OrdinalIgnoreCase) && !html.Contains("<a", StringComparison.OrdinalIgnoreCase) || !TagCount.IsWithin(html, 60_000, 200))
            return html;
        using var document = new HtmlParser().ParseDocument(html);
        foreach (var picture in document.QuerySelectorAll("img"))
        {
            var source = picture.GetAttribute("src") ?? "";
            if (source.Length > 0 && !IsAbsolute(source) && VideoAddress.Read(source) is null)
                picture.SetAttribute("src", ImportedText.PendingFiles + Uri.EscapeDataString(Uri.UnescapeDataString(source)).Replace(".", "%2E", StringComparison.Ordinal)); // dots lead nowhere
        }

        foreach (var link in document.QuerySelectorAll("a"))
        {
            var target = link.GetAttribute("href") ?? "";
            if (target.Length > 0 && !IsAbsolute(target))
                link.SetAttribute("href", PendingLinks + Uri.EscapeDataString(Uri.UnescapeDataString(target)));
        }

        return document.Body?.InnerHtml ?? "";
    }

    /// <summary>A path relative to a file as a path from the top; null when it leads out.</summary>
    public static string? Resolve(string file, string relative)
    {
        var parts = file.Split('/')[..^1].ToList();
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
