using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.HelpCenter.Trails;

/// <summary>Notes a page of the help centre that somebody reads who came from the widget and may come back with a question.</summary>
internal sealed class RecordTrailStep(Database database, AddressWatch watch, TimeProvider time)
{
    /// <summary>Steps of one visit before nothing more is noted.</summary>
    public const int MostOfVisit = 40;

    /// <summary>Steps that one network may tell in five minutes.</summary>
    public const int MostOfNetwork = 120;

    /// <param name="slug">Of the article that is read; empty for the page of a search.</param>
    /// <param name="query">What was searched; empty for an article that was found otherwise.</param>
    /// <returns>False when this is no step to note.</returns>
    public async Task<bool> RunAsync(HttpContext http, HelpVisit visit, string name, string slug, string query, CancellationToken cancellation)
    {
        var found = slug.Length > 0 ? HelpPages.Find(visit, slug) : null;
        var words = SearchWords.Of(query);
        if (!RecordDeflection.IsName(name) || found is null && (slug.Length > 0 || words.Length == 0)
            || !watch.TryTake("help-trail", AddressWatch.Network(http.Connection.RemoteIpAddress), MostOfNetwork, TimeSpan.FromMinutes(5))
            || await database.Set<TrailStep>().CountAsync(step => step.Visit == name, cancellation) >= MostOfVisit)
        {
            return false;
        }

        database.Add(new TrailStep
        {
            SiteId = visit.Site.Id, Visit = name, Language = found?.Language ?? visit.Language, Words = words, ArticleId = found?.Article.Id,
            FoundNothing = found is null && visit.Shelf.Search(query, visit.Reader, 1, isTyping: false).Hits.Count == 0, At = time.Now(),
        });
        await database.SaveChangesAsync(cancellation);
        return true;
    }
}
