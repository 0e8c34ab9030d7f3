using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Tickets;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Notes that somebody who was about to write to us opened an article, and what came of it.</summary>
internal sealed class RecordDeflection(Database database, AddressWatch watch, TimeProvider time) : IHandle<TicketOpened>
{
    /// <summary>Articles that one network may open in five minutes before they are not counted any more.</summary>
    public const int MostOpenings = 60;

    /// <summary>Characters of a visit's name: unguessable, and no longer than ours are.</summary>
    public const int ShortestVisit = 20, LongestVisit = 64;

    private static readonly string[] Places = ["form", "widget"];

    /// <returns>False when this is no visit to count.</returns>
    public async Task<bool> RunAsync(HttpContext http, HelpVisit visit, string name, string place, long articleId, bool answered, CancellationToken cancellation)
    {
        if (!IsName(name) || !Places.Contains(place, StringComparer.Ordinal)
            || !visit.Shelf.ArticlesById.TryGetValue(articleId, out var article) || !article.IsFor(visit.Reader)
            || !watch.TryTake("help-opening", AddressWatch.Network(http.Connection.RemoteIpAddress), MostOpenings, TimeSpan.FromMinutes(5)))
        {
            return false;
        }

        return await database.AgainOnConflictAsync(3, async () =>
        {
            var known = await database.Set<Deflection>().FirstOrDefaultAsync(row => row.Visit == name && row.ArticleId == articleId, cancellation);
            if (known is null)
            {
                known = new Deflection { SiteId = visit.Site.Id, ArticleId = articleId, Language = visit.Language, Place = place, Visit = name, OpenedAt = time.Now() };
                database.Add(known);
            }

            if (answered)
                known.Answer(time.Now());
            await database.SaveChangesAsync(cancellation);
            return true;
        }, cancellation);
    }

    /// <summary>The visit ended in a message to us all the same.</summary>
    public async Task EndInTicketAsync(string name, CancellationToken cancellation)
    {
        if (!IsName(name))
            return;
        foreach (var row in await database.Set<Deflection>().Where(row => row.Visit == name).OrderBy(row => row.Id).Take(100).ToListAsync(cancellation))
            row.SendTicket(time.Now());
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>The form's visit has the name of the ticket it may become: see <see cref="VisitOf"/>.</summary>
    public async Task HandleAsync(TicketOpened domainEvent, EventContext context, CancellationToken cancellation)
    {
        var token = await database.Set<Ticket>().Where(ticket => ticket.Id == domainEvent.TicketId).Select(ticket => ticket.Token).FirstOrDefaultAsync(cancellation);
        if (token is not null)
            await EndInTicketAsync(VisitOf(token), cancellation);
    }

    /// <summary>The visit's name for a ticket that is only reserved: it does not tell the ticket's own, which is the right to read it.</summary>
    public static string VisitOf(string ticketToken) => Tokens.Hash(ticketToken);

    /// <summary>Whether this can be the name of a visit.</summary>
    internal static bool IsName(string name) => name.Length is >= ShortestVisit and <= LongestVisit && name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_');
}
