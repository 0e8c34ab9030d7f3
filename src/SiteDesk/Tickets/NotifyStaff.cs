using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>Tells staff what concerns them: a ticket given to them, their name in a note, an answer of their customer.</summary>
public sealed class NotifyStaff(Database database, TextCatalog texts, TimeProvider time)
    : IHandle<TicketAssigned>, IHandle<StaffMentioned>, IHandle<MessageAdded>, IHandle<ReplyHeld>
{
    public async Task HandleAsync(TicketAssigned domainEvent, EventContext context, CancellationToken cancellation)
    {
        // Who takes a ticket knows it.
        if (domainEvent.AssigneeId is { } assignee && assignee != domainEvent.ById)
            await NotifyAsync([assignee], "assigned", domainEvent.TicketId, null, domainEvent.ByName, context, cancellation);
    }

    public Task HandleAsync(StaffMentioned domainEvent, EventContext context, CancellationToken cancellation) =>
        NotifyAsync(domainEvent.StaffIds, "mentioned", domainEvent.TicketId, domainEvent.MessageId, domainEvent.ByName, context, cancellation);

    public async Task HandleAsync(MessageAdded domainEvent, EventContext context, CancellationToken cancellation)
    {
        if (!domainEvent.ByCustomer)
            return;
        var ticket = await database.Set<Ticket>().AsNoTracking().Include(ticket => ticket.Followers).FirstOrDefaultAsync(ticket => ticket.Id == domainEvent.TicketId, cancellation);
        var author = await database.Set<Message>().Where(message => message.Id == domainEvent.MessageId).Select(message => message.AuthorName).FirstOrDefaultAsync(cancellation);
        if (ticket is null || ticket.Junk is not null)
            return;
        if (ticket.AssigneeId is { } assignee)
            await NotifyAsync([assignee], "customer-replied", ticket.Id, domainEvent.MessageId, author ?? "", context, cancellation);
        await NotifyAsync(ticket.Followers.Select(follower => follower.StaffId).Where(id => id != ticket.AssigneeId), "followed", ticket.Id, domainEvent.MessageId, author ?? "", context, cancellation);
    }

    public Task HandleAsync(ReplyHeld domainEvent, EventContext context, CancellationToken cancellation) =>
        NotifyAsync([domainEvent.StaffId], StaffNotification.ReplyHeld, domainEvent.TicketId, domainEvent.MessageId, domainEvent.ByName, context, cancellation);

    private async Task NotifyAsync(IEnumerable<long> staffIds, string kind, long ticketId, long? messageId, string by, EventContext context, CancellationToken cancellation)
    {
        var ids = staffIds.Distinct().ToList();
        if (ids.Count == 0)
            return;
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstOrDefaultAsync(ticket => ticket.Id == ticketId, cancellation);
        var members = await database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams)
            .Where(member => ids.Contains(member.Id) && member.DeactivatedAt == null).ToListAsync(cancellation);
        foreach (var member in members.Where(member => ticket is not null && ticket.IsVisibleTo(member.AsStaff())))
        {
            var key = $"{context.DeliveryId}:{member.Id}";
            if (await database.Set<StaffNotification>().AnyAsync(known => known.Key == key, cancellation))
                continue;
            var notification = new StaffNotification { StaffId = member.Id, Kind = kind, TicketId = ticketId, MessageId = messageId, ActorName = by, CreatedAt = time.Now(), Key = key };
            database.Add(notification);
            database.Publish(() => new StaffNotified(notification.Id), kind == StaffNotification.ReplyHeld ? null : notification.CreatedAt + StaffNotified.Quiet);
            database.Signal(() => SignalOf(notification, member.AsStaff(), ticket!.Subject));
        }

        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>The topic belongs to one person, so the signal may say what the desktop notification shows.</summary>
    private LiveSignal SignalOf(StaffNotification notification, Staff reader, string subject)
    {
        var language = reader.Language;
        var name = notification.ActorName.Length > 0 ? ContactMask.Name(reader, notification.ActorName) : texts.Get(language, "customer.visitor");
        return new LiveSignal(
            DeskStream.Personal(notification.StaffId), "notification",
            JsonSerializer.Serialize(
                new { id = notification.Id, title = texts.Get(language, $"notification.{notification.Kind}", ("name", name)), body = subject, url = $"/agent/tickets/{notification.TicketId}" },
                DatabaseJson.Options));
    }
}
