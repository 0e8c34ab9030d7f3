using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Teaching;

/// <summary>
/// A member of staff says in the conversation that an answer was wrong, and what would have been right. It stands at the teaching desk then; from who
/// may teach it becomes a phrase at once.
/// </summary>
internal sealed class CorrectTurn(Database database, SiteDirectory sites, KnowledgeDraft draft, LiveKnowledge knowledge, TeachGroup teach, AuditLog audit, TimeProvider time)
{
    private const int Tries = 5;

    /// <returns>The turn, its ticket's site; null when there is none this person may see.</returns>
    public async Task<(AssistantTurn Turn, Site Site)?> FindAsync(long turnId, Staff staff, CancellationToken cancellation)
    {
        var tickets = database.Set<Ticket>().VisibleTo(staff);
        var turn = await database.Set<AssistantTurn>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == turnId && tickets.Any(ticket => ticket.Id == row.TicketId), cancellation);
        return turn is not null && await sites.FindAsync(turn.SiteId, cancellation) is { } site ? (turn, site) : null;
    }

    /// <param name="candidate">What would have been right; null when nothing here answers it.</param>
    /// <param name="teaches">Whether it becomes a phrase in what is in work, if this person may teach.</param>
    public async Task<Outcome<bool>> RunAsync(AssistantTurn found, Site site, string? candidate, bool teaches, Staff by, CancellationToken cancellation)
    {
        if (candidate is not null && !await ExistsAsync(candidate, site, cancellation))
            return new Problem("Candidate", "assist-teach.unknown");
        await database.AgainOnConflictAsync(Tries, async () =>
        {
            var turn = await database.Set<AssistantTurn>().FirstAsync(row => row.Id == found.Id, cancellation);
            turn.Correction = new TurnCorrection(candidate, by.Id, by.Name, time.Now());
            turn.IsOpen = true;
            audit.Write(by.AsActor(), "assistant.corrected", string.Create(CultureInfo.InvariantCulture, $"ticket:{turn.TicketId}"), ("before", turn.Candidate), ("after", candidate));
            return await database.SaveChangesAsync(cancellation);
        }, cancellation);
        if (candidate is null || !teaches || !by.May(AssistantPermissions.Teach))
            return false;
        var taught = await teach.TieAsync(site, [found.Id], candidate, by, cancellation);
        return taught.Succeeded ? true : taught.Problems.ToList();
    }

    private async Task<bool> ExistsAsync(string candidate, Site site, CancellationToken cancellation) => IntentRanking.ArticleOf(candidate) is { } article
        ? (await knowledge.ReadAsync(site.Id, cancellation)).Articles.Shelves.Values.Any(shelf => shelf.ArticlesById.ContainsKey(article))
        : IntentCatalog.Has((await draft.ReadAsync(cancellation)).Draft, candidate);
}
