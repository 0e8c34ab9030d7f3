using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.HelpCenter.Trails;

/// <summary>Somebody writes: what they looked for and read before goes with the ticket. Saved by whoever opens it.</summary>
public sealed class TakeTrail(Database database, TimeProvider time)
{
    /// <summary>Beginnings that a message may bring along, and characters of each.</summary>
    public const int MostTyped = 5, LongestTyped = 200;

    /// <param name="ticket">As it was opened, with its key.</param>
    /// <param name="firstMessage">What is said anyway is no step before it.</param>
    /// <param name="visit">The name under which the browser told of its visit; null or malformed tells of nothing.</param>
    /// <param name="typed">What was begun to be written, and answered with articles; in their order.</param>
    /// <param name="withPages">Whether the pages read in the help centre may be known: they are pages visited, and follow that consent.</param>
    public async Task RunAsync(Ticket ticket, string firstMessage, string? visit, IReadOnlyList<string>? typed, bool withPages, CancellationToken cancellation)
    {
        var steps = new List<TrailEntry>();
        if (visit is not null && RecordDeflection.IsName(visit))
        {
            var since = time.Now() - TrailStep.Patience;
            var read = await database.Set<TrailStep>().Where(row => row.Visit == visit && row.SiteId == ticket.SiteId).OrderBy(row => row.Id).Take(RecordTrailStep.MostOfVisit).ToListAsync(cancellation);
            var opened = await database.Set<Deflection>().AsNoTracking().Where(row => row.Visit == visit && row.SiteId == ticket.SiteId && row.OpenedAt >= since)
                .OrderBy(row => row.Id).Take(TicketTrail.MostSteps).ToListAsync(cancellation);
            database.RemoveRange(read); // either part of the ticket now, or not to be known
            if (withPages)
                steps.AddRange(read.Where(row => row.At >= since).Select(row => new TrailEntry(row.Words, row.ArticleId, row.Language, row.FoundNothing)));
            steps = [.. WithoutRepeats(steps)];
            foreach (var row in opened)
                Add(steps, new TrailEntry("", row.ArticleId, row.Language, Answered: row.AnsweredAt is not null));
        }

        steps.AddRange((typed ?? []).TakeLast(MostTyped).Select(Clean).Where(words => words.Length > 0 && !firstMessage.Contains(words, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(words => new TrailEntry(words, null, ticket.Language ?? "")));
        if (steps.Count > 0)
            database.Add(new TicketTrail { TicketId = ticket.Id, Steps = [.. steps.TakeLast(TicketTrail.MostSteps)] });
    }

    /// <summary>A page that was read twice is one step, the first; so is a search, and the article opened from it says its words no more.</summary>
    internal static IEnumerable<TrailEntry> WithoutRepeats(IEnumerable<TrailEntry> steps)
    {
        var searched = new HashSet<string>(StringComparer.Ordinal);
        var read = new HashSet<long>();
        foreach (var step in steps)
        {
            var words = step.Words.Length > 0 && searched.Add(step.Words) ? step.Words : "";
            if (words.Length > 0)
                yield return step with { Words = words, ArticleId = null };
            if (step.ArticleId is { } article && read.Add(article))
                yield return step with { Words = "" };
        }
    }

    /// <summary>An article opened from the widget is also a page read where pages are known: one step, with what was said of it.</summary>
    private static void Add(List<TrailEntry> steps, TrailEntry opened)
    {
        var known = steps.FindIndex(step => step.ArticleId == opened.ArticleId);
        if (known < 0)
            steps.Add(opened);
        else
            steps[known] = steps[known] with { Answered = steps[known].Answered || opened.Answered };
    }

    private static string Clean(string? typed) =>
        PersonalTraces.Replace(MessageComposer.Clean((typed ?? "").UpTo(LongestTyped)).ReplaceLineEndings(" "), _ => "…").Trim();
}
