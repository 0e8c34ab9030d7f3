using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>Who has not written again long after an answer is taken to be content; counted apart from who said so.</summary>
internal sealed class AssumeSolved(Database database, SiteDirectory sites, ReplyAsAssistant reply, TimeProvider time) : IRecurringJob
{
    private const int MostAtOnce = 200;
    private const int Tries = 3;

    public string Name => "assistant-assume-solved";

    public TimeSpan Interval => TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var site in await sites.AllAsync(cancellation))
        {
            var before = time.Now() - TimeSpan.FromHours(site.Assistant.AssumedAfterHours);
            var silent = await database.Set<AssistantTalk>().AsNoTracking().Where(talk => talk.AnsweredAt != null && talk.AnsweredAt < before && talk.SiteId == site.Id)
                .OrderBy(talk => talk.AnsweredAt).Take(MostAtOnce).Select(talk => talk.TicketId).ToListAsync(cancellation);
            foreach (var ticketId in silent)
                await database.AgainOnConflictAsync(Tries, () => database.InTransactionAsync(() => SolveAsync(site, ticketId, cancellation), cancellation), cancellation);
        }
    }

    private async Task<int> SolveAsync(Site site, long ticketId, CancellationToken cancellation)
    {
        var talk = await database.Set<AssistantTalk>().FirstAsync(row => row.TicketId == ticketId, cancellation);
        if (talk.AnsweredAt is null || talk.IsWaiting)
            return 0;
        var key = string.Create(CultureInfo.InvariantCulture, $"assistant:silence:{talk.HandledId}");
        var outcome = await reply.RunAsync(new ReplyAsAssistant.Request(ticketId, talk.HandledId, site.Name, "", key, "assistant", null, new ReplyAsAssistant.Consequence.Solve()), cancellation);
        if (outcome.Succeeded)
            talk.Solve(TalkResolution.Assumed, time.Now());
        else
            talk.AnsweredAt = null; // a person has it, or something came: it is settled there
        return await database.SaveChangesAsync(cancellation);
    }
}
