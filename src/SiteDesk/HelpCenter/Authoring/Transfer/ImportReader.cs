using System.Globalization;
using System.Text.RegularExpressions;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Understands the files of an import: Markdown or HTML with front matter, the language by front matter or folder. Pure.</summary>
internal static partial class ImportReader
{
    public static (List<ImportedText> Texts, List<ImportRow> Refused) Read(TransferFiles files, Site site)
    {
        var texts = new List<ImportedText>();
        var refused = new List<ImportRow>();
        foreach (var path in files.Paths.Where(path => EndingOf(path) is ".md" or ".markdown" or ".html" or ".htm"))
        {
            var outcome = ReadText(files, path, site);
            if (outcome.Succeeded)
                texts.Add(outcome.Value);
            else
                refused.Add(new ImportRow(path, "", path, ImportStep.Refused, outcome.Problems[0]));
        }

        return (texts, refused);
    }

    private static Outcome<ImportedText> ReadText(TransferFiles files, string path, Site site)
    {
        var (matter, content) = FrontMatter.Read(files.Text(path));
        var folders = path.Split('/')[..^1].ToList();
        // The language of the folder, of the front matter, or the site's first.
        var folderLanguage = folders.Count > 0 ? LanguageOf(folders[0]) : null;
        var name = path.Split('/')[^1][..^EndingOf(path).Length];
        // Some tools write the language into the name: "returns.ru.md".
        var nameLanguage = LanguageOf(Path.GetExtension(name).TrimStart('.'));
        if (nameLanguage is not null)
            name = Path.GetFileNameWithoutExtension(name);
        var said = matter.Any("language", "lang", "locale");
        var language = said.Length > 0 ? Languages.Match(said) : folderLanguage ?? nameLanguage ?? site.DefaultLanguage;
        if (language is null || !site.Languages.Contains(language))
            return new Problem("", "help.language-unknown", ("site", site.Name));
        var inside = folderLanguage is null ? folders : folders[1..];
        var (title, body) = TitleOf(matter["title"], EndingOf(path) is ".md" or ".markdown", content, name);
        if (!body.Succeeded)
            return body.Problems.ToList();
        var readdressed = ArticleBody.Readdress(
            body.Value, link => link, picture => picture.Source.StartsWith(ImportedText.PendingFiles, StringComparison.Ordinal) || picture.Source.StartsWith(ArticleLink.Files, StringComparison.Ordinal) ? picture : null);
        return new ImportedText(
            path, matter["id"].Length > 0 ? matter["id"] : string.Join('/', [.. inside, name]), language, title, matter.Any("summary", "description", "excerpt"), matter["slug"].Length > 0 ? matter["slug"] : Slugs.Of(name),
            SectionsOf(matter, inside), readdressed,
            matter.List("questions"), matter.List("related"), Enum.TryParse<Audience>(matter["audience"], ignoreCase: true, out var audience) ? audience : Audience.Everybody,
            matter["segment"] is { Length: > 0 and <= Platform.Conditions.Condition.MaximumJsonLength } segment ? segment : null,
            DateOnly.TryParseExact(matter["review-by"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            IsPublished(matter), int.TryParse(matter.Any("position", "weight", "order", "nav_order", "sidebar_position"), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : -1,
            Languages.Match(matter["source"]) ?? site.DefaultLanguage);
    }

    // The title is in the front matter, else the first heading, else the file's name.
    private static (string Title, Outcome<string> Body) TitleOf(string said, bool isMarkdown, string content, string name)
    {
        var html = isMarkdown ? ArticleMarkdown.ToHtml(content) : content;
        if (!html.Succeeded)
            return (said, html);
        var (title, rest) = said.Length > 0 ? (said, html.Value) : ImportMarkup.TakeTitle(html.Value);
        return (title.Length > 0 ? title : name.Replace('-', ' ').Replace('_', ' '), ArticleBody.Check(ImportMarkup.MarkPictures(rest)));
    }

    // "zh-CN" and "zh_Hans" are folders as well as our own "zh-Hans"; "english-courses" is a section.
    private static string? LanguageOf(string name) =>
        Languages.All.FirstOrDefault(language => string.Equals(language, name, StringComparison.OrdinalIgnoreCase)) ?? (TagPattern().IsMatch(name) ? Languages.Match(name) : null);

    private static IReadOnlyList<string> SectionsOf(FrontMatter matter, List<string> folders) => matter.Has("section")
        ? matter["section"].Split(" / ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : matter.Any("category", "categories") is { Length: > 0 } category ? [category] : folders;

    // A text that its tool held back must not be shown by its import.
    private static bool IsPublished(FrontMatter matter) =>
        !string.Equals(matter["state"], "draft", StringComparison.OrdinalIgnoreCase) && !string.Equals(matter["status"], "draft", StringComparison.OrdinalIgnoreCase)
        && matter["draft"].ToLowerInvariant() is not ("true" or "yes") && matter["published"].ToLowerInvariant() is not ("false" or "no");

    [GeneratedRegex("^(en|ru|zh)([-_][A-Za-z]{4})?([-_][A-Za-z]{2})?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex TagPattern();

    private static string EndingOf(string path) => Path.GetExtension(path).ToLowerInvariant();
}
