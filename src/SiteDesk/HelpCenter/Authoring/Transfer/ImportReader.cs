using System.Globalization;
using System.Text.RegularExpressions;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Language;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>Understands the files of an import: Markdown or HTML with front matter, the language by front matter or folder. Pure.</summary>
internal static partial class ImportReader
{
    /// <summary>What one word is worth is not enough.</summary>
    private const double SureLanguage = 0.6;

    public static (List<ImportedText> Texts, List<ImportRow> Refused) Read(TransferFiles files, Site site)
    {
        var texts = new List<ImportedText>();
        var refused = new List<ImportRow>();
        var paths = files.Paths.Where(path => EndingOf(path) is ".md" or ".markdown" or ".html" or ".htm").ToList(); // pictures may be added to the files
        var top = paths.Count == 0 ? [] : paths.Select(FoldersOf).Aggregate((shared, folders) => [.. shared.Zip(folders).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)]);
        foreach (var path in paths)
        {
            var outcome = ReadText(files, path, top, site);
            if (outcome.Succeeded)
                texts.Add(outcome.Value);
            else
                refused.Add(new ImportRow(path, "", path, ImportStep.Refused, [outcome.Problems[0]]));
        }

        return (texts, refused);
    }

    private static List<string> FoldersOf(string path) => [.. path.Split('/')[..^1]];

    /// <param name="top">The folders that all texts are in.</param>
    private static Outcome<ImportedText> ReadText(TransferFiles files, string path, List<string> top, Site site)
    {
        var (matter, content) = FrontMatter.Read(files.Text(path));
        var folders = FoldersOf(path);
        // The language of the front matter, of the folder, of the file's name, or of the text.
        var languageAt = folders.FindIndex(folder => LanguageOf(folder) is not null);
        var folderLanguage = languageAt < 0 ? null : LanguageOf(folders[languageAt]);
        var name = path.Split('/')[^1][..^EndingOf(path).Length];
        // Some tools write the language into the name: "returns.ru.md".
        var nameLanguage = LanguageOf(Path.GetExtension(name).TrimStart('.'));
        if (nameLanguage is not null)
            name = Path.GetFileNameWithoutExtension(name);
        var said = matter.Any("language", "lang", "locale");
        var (title, body, leftOut) = TitleOf(matter["title"], EndingOf(path) is ".md" or ".markdown", content, name, files);
        var language = said.Length > 0 ? Languages.Match(said) : folderLanguage ?? nameLanguage ?? WrittenIn(title, body, site);
        if (language is null || !site.Languages.Contains(language))
            return new Problem("", "help.language-unknown", ("site", site.Name));
        // A word that is not understood must not open an article to everybody.
        Audience? audience = null;
        if (matter["audience"] is { Length: > 0 } readers)
        {
            if (int.TryParse(readers, out _) || !Enum.TryParse<Audience>(readers.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known))
                return new Problem("", "help-transfer.audience-unknown", ("audience", readers.UpTo(40)));
            audience = known;
        }

        // What stands above the languages of everything ("content/en/…") is no section.
        List<string> inside = folderLanguage is null ? folders : [.. folders[Math.Min(languageAt, top.Count)..languageAt], .. folders[(languageAt + 1)..]];
        if (!body.Succeeded)
            return body.Problems.ToList();
        var readdressed = ArticleBody.Readdress(
            body.Value, link => link, picture => picture.Source.StartsWith(ImportedText.PendingFiles, StringComparison.Ordinal) || picture.Source.StartsWith(ArticleLink.Files, StringComparison.Ordinal) ? picture : null);
        return new ImportedText(
            path, matter["id"].Length > 0 ? matter["id"] : string.Join('/', [.. inside, name]), language, title, matter.Any("summary", "description", "excerpt"), matter["slug"].Length > 0 ? matter["slug"] : Slugs.Of(name),
            SectionsOf(matter, inside), readdressed,
            matter.List("questions"), matter.List("related"), MatterOf(matter, audience), IsPublished(matter), matter["state"] == "changes", int.TryParse(matter.Any("position", "weight", "order", "nav_order", "sidebar_position"), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : -1,
            Languages.Match(matter["source"]) ?? site.DefaultLanguage, leftOut);
    }

    private static ImportedMatter MatterOf(FrontMatter matter, Audience? audience)
    {
        var segment = matter["segment"] is { Length: > 0 and <= Platform.Conditions.Condition.MaximumJsonLength } condition ? condition : null;
        return new ImportedMatter(
            audience ?? (segment is null ? null : Audience.SignedIn), segment,
            DateOnly.TryParseExact(matter["review-by"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            matter["owner"], matter.List("redirects"), MomentOf(matter["date"]), MomentOf(matter.Any("updated", "lastmod")), matter["state"] is "scheduled" or "changes" ? MomentOf(matter["publish-at"]) : null);
    }

    private static DateTime? MomentOf(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    // The title is in the front matter, else the first heading, else the file's name.
    private static (string Title, Outcome<string> Body, IReadOnlyList<string> LeftOut) TitleOf(string said, bool isMarkdown, string content, string name, TransferFiles files)
    {
        var html = isMarkdown ? ArticleMarkdown.ToHtml(content) : content;
        if (!html.Succeeded)
            return (said, html, []);
        var (title, rest) = said.Length > 0 ? (said, html.Value) : ImportMarkup.TakeTitle(html.Value);
        var (marked, leftOut) = ImportMarkup.MarkAddresses(rest, files);
        return (title.Length > 0 ? title : name.Replace('-', ' ').Replace('_', ' '), ArticleBody.Check(marked), leftOut);
    }

    // Where nothing says it, the text does. What is too short to tell, or written in a language the site does not speak, is taken for the site's first.
    private static string WrittenIn(string title, Outcome<string> body, Site site)
    {
        var detected = LanguageDetector.Detect(body.Succeeded ? $"{title}\n{ArticleBody.PlainText(body.Value)}" : title);
        return detected.Confidence >= SureLanguage && Languages.Match(detected.Code) is { } language && site.Languages.Contains(language) ? language : site.DefaultLanguage;
    }

    // "zh-CN" and "zh_Hans" are folders as well as our own "zh-Hans"; "english-courses" is a section.
    private static string? LanguageOf(string name) =>
        Languages.All.FirstOrDefault(language => string.Equals(language, name, StringComparison.OrdinalIgnoreCase)) ?? (TagPattern().IsMatch(name) ? Languages.Match(name) : null);

    private static IReadOnlyList<string> SectionsOf(FrontMatter matter, List<string> folders) => matter.Has("section")
        ? matter["section"].Split(" / ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : matter.Any("category", "categories") is { Length: > 0 } category ? [category] : folders;

    // A text that its tool held back must not be shown by its import.
    private static bool IsPublished(FrontMatter matter) =>
        matter["state"].ToLowerInvariant() is not ("draft" or "scheduled" or "changes") && !string.Equals(matter["status"], "draft", StringComparison.OrdinalIgnoreCase)
        && matter["draft"].ToLowerInvariant() is not ("true" or "yes") && matter["published"].ToLowerInvariant() is not ("false" or "no");

    [GeneratedRegex("^(en|ru|zh)([-_][A-Za-z]{4})?([-_][A-Za-z]{2})?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex TagPattern();

    private static string EndingOf(string path) => Path.GetExtension(path).ToLowerInvariant();
}
