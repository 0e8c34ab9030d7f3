using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using SiteDesk.Platform;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Pages in the words search engines read (schema.org, as JSON-LD).</summary>
internal static class StructuredData
{
    /// <summary>Questions with their answers that one page tells.</summary>
    private const int MostQuestions = 20;

    private const int LongestAnswer = 2_000;

    // Escapes < > & and quotation marks, so that no text can end the script element it stands in; letters stay letters.
    private static readonly JsonSerializerOptions Safe = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Article(HelpVisit visit, string language, ArticleHead article, string path, string? picture) => Write(new JsonObject
    {
        ["@context"] = "https://schema.org",
        ["@type"] = "Article",
        ["headline"] = article.Title,
        ["description"] = article.Summary.Length > 0 ? article.Summary : null,
        ["image"] = picture,
        ["inLanguage"] = language,
        ["datePublished"] = article.FirstPublishedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        ["dateModified"] = article.PublishedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        ["mainEntityOfPage"] = visit.Address.Absolute(path),
        ["publisher"] = Organization(visit.Site),
    });

    /// <returns>Null when no heading of the article asks a question.</returns>
    public static string? Questions(IReadOnlyList<BodyHeading> headings)
    {
        var questions = new JsonArray();
        foreach (var heading in headings.Where(heading => heading.Text is [.., '?' or '？'] && heading.Answer.Length > 0).Take(MostQuestions))
        {
            questions.Add(new JsonObject
            {
                ["@type"] = "Question",
                ["name"] = heading.Text,
                ["acceptedAnswer"] = new JsonObject { ["@type"] = "Answer", ["text"] = heading.Answer.UpTo(LongestAnswer) },
            });
        }

        return questions.Count == 0 ? null : Write(new JsonObject { ["@context"] = "https://schema.org", ["@type"] = "FAQPage", ["mainEntity"] = questions });
    }

    /// <param name="steps">Names and paths from the home page down.</param>
    public static string Breadcrumbs(HelpVisit visit, IReadOnlyList<(string Name, string Path)> steps) => Write(new JsonObject
    {
        ["@context"] = "https://schema.org",
        ["@type"] = "BreadcrumbList",
        ["itemListElement"] = new JsonArray([.. steps.Select((step, index) => (JsonNode)new JsonObject
        {
            ["@type"] = "ListItem", ["position"] = index + 1, ["name"] = step.Name, ["item"] = visit.Address.Absolute(step.Path),
        })]),
    });

    private static JsonObject Organization(Site site) => new() { ["@type"] = "Organization", ["name"] = site.Name, ["url"] = site.Address };

    private static string Write(JsonObject data)
    {
        foreach (var empty in data.Where(property => property.Value is null).Select(property => property.Key).ToList())
            data.Remove(empty);
        return data.ToJsonString(Safe);
    }
}
