using SiteDesk.HelpCenter.Reading;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter;

/// <summary>Articles that may answer what somebody is about to send, for pages that show them without a script.</summary>
public sealed class SuggestArticles(HelpSnapshots snapshots)
{
    private const int Most = 3;

    /// <summary>What is less like the question is shown to who searches, and not to who writes to us.</summary>
    internal const double LeastLikeness = 0.12;

    public sealed record Suggestion(string Title, string Address);

    public async Task<IReadOnlyList<Suggestion>> ForAsync(Site site, string language, string text, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(text) || !(await snapshots.ReadAsync(site.Id, cancellation)).Shelves.TryGetValue(language, out var shelf))
            return [];
        return [.. shelf.Search(text, ReaderLevel.Everybody, Most).Hits.Where(hit => hit.Score >= LeastLikeness)
            .Select(hit => shelf.ArticlesById[hit.Id]).Select(article => new Suggestion(article.Title, HelpAddress.Of(site).Article(language, article.Slug)))];
    }

    /// <summary>Under which name a visit to the form tells of the articles opened there: made of the ticket's that it may become, and telling nothing of it.</summary>
    public static string VisitOf(string ticketToken) => RecordDeflection.VisitOf(ticketToken);
}
