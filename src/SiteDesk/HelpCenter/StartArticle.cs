using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter;

/// <summary>Begins an article, or another language of one: a text with an address and a draft.</summary>
public sealed class StartArticle(Database database, TimeProvider time)
{
    /// <param name="Body">Canonical HTML: the caller has cleaned it.</param>
    /// <param name="Slug">Null makes one from the title.</param>
    public sealed record Words(string Title, string Summary, string Body, IReadOnlyList<string> Questions, string? Slug = null);

    /// <summary>A new article with its first text. Not saved: what follows (publishing, an upload) belongs to the same unit of work.</summary>
    /// <param name="section">A section of the site that has its key already.</param>
    public async Task<Outcome<Article>> RunAsync(
        Site site, Section section, string language, Words words, long byId, CancellationToken cancellation)
    {
        var position = await database.Set<Article>().Where(other => other.SectionId == section.Id).Select(other => (int?)other.Position).MaxAsync(cancellation);
        var article = new Article { SiteId = site.Id, SectionId = section.Id, Position = (position ?? -1) + 1, SourceLanguage = language, OwnerId = byId, CreatedAt = time.Now() };
        var text = await TranslateAsync(article, language, words, byId, cancellation);
        if (!text.Succeeded)
            return text.Problems.ToList();
        database.Add(article);
        return article;
    }

    /// <summary>Another language of an article, whose texts are loaded. Not saved.</summary>
    public async Task<Outcome<ArticleText>> TranslateAsync(
        Article article, string language, Words words, long byId, CancellationToken cancellation)
    {
        var problems = Check(words);
        if (article.Texts.Exists(text => text.Language == language))
            problems.Add(new Problem("", "help.language-there"));
        if (problems.Count > 0)
            return problems;
        var slug = await FreeSlugAsync(article.SiteId, language, words.Slug is { Length: > 0 } given ? given : Slugs.Of(words.Title), textId: null, cancellation);
        var text = new ArticleText
        {
            SiteId = article.SiteId, Language = language, Slug = slug,
            SourceVersionId = language == article.SourceLanguage ? null : article.Source?.PublishedVersionId,
            Draft = new ArticleDraft { Title = words.Title.Trim(), Summary = words.Summary.Trim(), Body = words.Body, ChangedById = byId, ChangedAt = time.Now() },
            Questions = [.. words.Questions.Select((question, index) => new ArticleQuestion { Text = question.Trim(), Position = index })],
        };
        article.Texts.Add(text);
        return text;
    }

    /// <summary>The slug itself or with a number: other articles of the language have it, or had it before.</summary>
    /// <param name="textId">The text that is to have it; null for a new one.</param>
    public async Task<string> FreeSlugAsync(long siteId, string language, string wished, long? textId, CancellationToken cancellation)
    {
        var begin = wished.Length > 60 ? wished[..60] : wished;
        var taken = await database.Set<ArticleText>().Where(text => text.SiteId == siteId && text.Language == language && text.Id != textId && text.Slug.StartsWith(begin))
            .Select(text => text.Slug).ToListAsync(cancellation);
        var unsaved = database.Set<ArticleText>().Local.Where(text => text.SiteId == siteId && text.Language == language && text.Id == 0).Select(text => text.Slug);
        return Slugs.Free(wished, taken.Concat(unsaved).ToHashSet(StringComparer.Ordinal).Contains);
    }

    internal static List<Problem> Check(Words words)
    {
        var problems = new List<Problem>();
        if (words.Title.Trim().Length is 0 or > ArticleVersion.LongestTitle)
            problems.Add(new Problem("Title", "help.title-needed", ("count", ArticleVersion.LongestTitle)));
        if (words.Summary.Trim().Length > ArticleVersion.LongestSummary)
            problems.Add(new Problem("Summary", "help.summary-length", ("count", ArticleVersion.LongestSummary)));
        if (words.Body.Length > ArticleVersion.LongestBody)
            problems.Add(new Problem("Body", "help.body-length", ("count", ArticleVersion.LongestBody)));
        if (words.Questions.Count > ArticleText.MostQuestions || words.Questions.Any(question => question.Trim().Length is 0 or > ArticleQuestion.LongestText))
            problems.Add(new Problem("Questions", "help.questions-limit", ("count", ArticleText.MostQuestions)));
        if (words.Slug is { Length: > 0 } slug && !Slugs.IsValid(slug))
            problems.Add(new Problem("Slug", "help.slug-form"));
        return problems;
    }
}
