using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>Puts what a customer wrote into the assistant's own queue: the events' queue must not wait for it.</summary>
internal sealed class HearQuestion(Database database, SiteDirectory sites, WakeSignal<QuestionQueue> signal, TimeProvider time) : IHandle<MessageAdded>, IHandle<TicketTakenOver>
{
    private const int Tries = 5;

    public async Task HandleAsync(MessageAdded domainEvent, EventContext context, CancellationToken cancellation)
    {
        await database.AgainOnConflictAsync(Tries, async () =>
        {
            var talk = await database.Set<AssistantTalk>().FirstOrDefaultAsync(row => row.TicketId == domainEvent.TicketId, cancellation)
                ?? await BeginAsync(domainEvent, cancellation);
            talk?.Hear(domainEvent.MessageId, context.OccurredAt);
            return await database.SaveChangesAsync(cancellation);
        }, cancellation);
        signal.Wake();
    }

    public async Task HandleAsync(TicketTakenOver domainEvent, EventContext context, CancellationToken cancellation) =>
        await database.AgainOnConflictAsync(Tries, async () =>
        {
            var talk = await database.Set<AssistantTalk>().FirstOrDefaultAsync(row => row.TicketId == domainEvent.TicketId, cancellation);
            talk?.TakeOver(time.Now());
            return await database.SaveChangesAsync(cancellation);
        }, cancellation);

    /// <returns>Null when the ticket is gone.</returns>
    private async Task<AssistantTalk?> BeginAsync(MessageAdded domainEvent, CancellationToken cancellation)
    {
        var language = await database.Set<Ticket>().Where(ticket => ticket.Id == domainEvent.TicketId).Select(ticket => ticket.Language ?? "").FirstOrDefaultAsync(cancellation);
        if (language is null || await sites.FindAsync(domainEvent.SiteId, cancellation) is not { } site)
            return null;
        var talk = new AssistantTalk
        {
            TicketId = domainEvent.TicketId,
            SiteId = domainEvent.SiteId,
            Language = Languages.Match(language) ?? site.DefaultLanguage,
            StartedAt = time.Now(),
        };
        database.Add(talk);
        return talk;
    }
}
