using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.HelpCenter.Insertions;

/// <summary>Articles for a reply: found by what the agent types behind a slash, or by the ticket's subject before anything is typed.</summary>
internal static class InsertionRoutes
{
    public static string AddressFor(long ticketId) => $"/agent/help/insertions/{ticketId}";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agent/help/insertions/{ticket:long}", FindAsync).Needs(TicketPermissions.Reply);

    /// <summary>Characters of an article that are put into a reply.</summary>
    private const int LongestWords = 1_500;

    private static async Task<IResult> FindAsync(
        HttpContext http, Database database, HelpSnapshots snapshots, ArticleBodies bodies, SiteDirectory sites, PublicAddress address, long ticket, string? query, CancellationToken cancellation)
    {
        const int most = 6;
        var asked = await database.Set<Ticket>().AsNoTracking().VisibleTo(http.Staff()).Where(row => row.Id == ticket)
            .Select(row => new { row.SiteId, row.Language, row.Subject }).FirstOrDefaultAsync(cancellation);
        if (asked is null)
            return TypedResults.NotFound();
        var site = await sites.FindAsync(asked.SiteId, cancellation);
        var snapshot = await snapshots.ReadAsync(asked.SiteId, cancellation);

        // In the ticket's language, and where it has no articles in the first language of the site that has.
        var shelf = ((string[])[asked.Language ?? "", .. site!.Languages]).Select(language => snapshot.Shelves.GetValueOrDefault(language)).FirstOrDefault(shelf => shelf?.ArticlesById.Count > 0);
        if (shelf is null)
            return Page.Show<InsertionMenu>(new { Entries = Array.Empty<InsertionMenu.Entry>() });

        // Only what every customer may read: a link to anything else would lead to a closed door.
        var typed = (query ?? "").Trim();
        var found = shelf.Search(typed.Length > 0 ? typed : asked.Subject, ReaderLevel.Everybody, most, isTyping: typed.Length > 0);
        var centre = HelpAddress.Of(site, address.Of(http));
        var articles = found.Hits.Select(hit => shelf.ArticlesById[hit.Id]).ToList();
        var texts = await bodies.ReadAsync(articles.ConvertAll(article => article.VersionId), shelf.Language, cancellation);
        var (stored, root) = (HelpAddress.Stored(site.Key).Prefix + "/", site.HelpOrigin ?? address.Of(http));
        return Page.Show<InsertionMenu>(new
        {
            Entries = articles.Select(article => new InsertionMenu.Entry(article.Title, WordsOf(article, texts[article.VersionId].Source, Outside), HelpAddress.Encoded(centre.Article(shelf.Language, article.Slug)), shelf.Language)).ToArray(),
        });

        // Articles keep each other's long addresses.
        string Outside(string link) =>
            link.StartsWith(stored, StringComparison.Ordinal) ? centre.Prefix + link[(stored.Length - 1)..]
            : link is ['/', ..] ? root + link
            : link;
    }

    private static string WordsOf(ArticleHead article, string body, Func<string, string> outside) =>
        article.Summary.Length > 0 ? article.Summary.ReplaceLineEndings(" ") : ArticleOpening.Of(body, outside, LongestWords);
}
