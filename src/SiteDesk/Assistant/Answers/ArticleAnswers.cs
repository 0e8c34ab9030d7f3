using SiteDesk.Assistant.Knowledge;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Answers;

/// <summary>Something to say from an article, with where it stands.</summary>
/// <param name="Text">The passage; empty when the article is in another language than the conversation.</param>
/// <param name="Fit">How well the passage fits the question: 0 has none of its words.</param>
internal sealed record ArticleAnswer(long ArticleId, int Place, string Text, double Fit, OfferedSource Source, IReadOnlyList<Passage> Passages)
{
    /// <summary>Names the passage among what was said in a conversation.</summary>
    public string Key => $"{ArticleId}/{Place}";
}

/// <summary>Finds the passage of an article that answers a question best, and was not said before.</summary>
internal sealed class ArticleAnswers(ArticleBodies bodies)
{
    /// <param name="said">Keys of passages that were said already.</param>
    /// <returns>Null when the article is not there for everybody, or all of it was said.</returns>
    public async ValueTask<ArticleAnswer?> FindAsync(Site site, SiteKnowledge knowledge, long articleId, string question, string language, IReadOnlyCollection<string> said, CancellationToken cancellation)
    {
        var (written, article) = knowledge.Articles.LanguagesOf(articleId, [language, site.DefaultLanguage, .. site.Languages])
            .FirstOrDefault(found => found.Article.IsFor(ReaderLevel.Everybody));
        if (article is null)
            return null;
        var source = new OfferedSource(article.Title, HelpAddress.Encoded(HelpAddress.Of(site).Article(written, article.Slug)), written == language ? null : written);
        if (written != language)
        {
            // Its words would be in a language the reader may not know: it is offered as what it is.
            var whole = new ArticleAnswer(articleId, 0, "", 0, source, []);
            return said.Contains(whole.Key) ? null : whole;
        }

        var passages = Passage.Of((await bodies.ReadAsync(article.VersionId, written, cancellation)).Source);
        var weights = Passage.Weigh(question, passages);
        return passages.Select(passage => new ArticleAnswer(articleId, passage.Place, passage.Text, passage.FitTo(weights), source, passages))
            .Where(answer => !said.Contains(answer.Key)).OrderByDescending(answer => answer.Fit).ThenBy(answer => answer.Place).FirstOrDefault();
    }
}
