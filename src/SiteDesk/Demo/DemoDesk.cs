using System.Globalization;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Demo;

/// <summary>What people have on their desks: the views they saved, what they were told, an answer half written.</summary>
internal sealed class DemoDesk(Database database, DemoCast cast, DateTime now)
{
    public void Add(IEnumerable<(DemoStory Story, Ticket Ticket, List<Message> Messages)> played)
    {
        AddViews();
        database.AddRange(DemoTemplates.All);
        foreach (var (story, ticket, messages) in played.Where(one => one.Story.Conversation.Status is "open" or "pending" or "on-hold"))
        {
            AddMentions(ticket, messages);
            AddAssignments(ticket);
            AddReplies(ticket, messages);
            if (story.Conversation is { Status: "open", Agent: "james" })
                AddDraft(ticket);
        }
    }

    private void AddViews()
    {
        AddView(null, "Money: payments and refunds", NotDone(), Any("tags", "payment", "refund", "billing"));
        AddView(null, "The sites themselves", NotDone(), Any("tags", "site-error", "checkout", "outage", "api"));
        AddView("olga", "Русские, ждут ответа", Is("language", "ru"), new ConditionTest("awaits-reply", "is-true", []));
        AddView("wei", "中文，等回复", Is("language", "zh-Hans"), new ConditionTest("awaits-reply", "is-true", []));
        AddView("anna", "Complaints of any time", Any("tags", "complaint"));
    }

    private void AddView(string? owner, string name, params ConditionNode[] tests) => database.Add(new TicketView
    {
        Name = name,
        StaffId = owner is null ? null : cast.Staff[owner].Id,
        Condition = new Condition(new ConditionGroup(ConditionJoin.All, tests)).ToJson(),
    });

    private static ConditionTest NotDone() => new("status", "none-of", [new TextValue("solved"), new TextValue("closed")]);

    private static ConditionTest Is(string field, string value) => new(field, "is", [new TextValue(value)]);

    private static ConditionTest Any(string field, params string[] values) => new(field, "includes-any", [.. values.Select(value => new TextValue(value))]);

    private void AddMentions(Ticket ticket, List<Message> messages)
    {
        foreach (var message in messages.Where(message => message.Kind == MessageKind.Note))
        {
            foreach (var colleague in message.MentionedIds.Where(id => id != message.AuthorId))
            {
                var answer = messages.Find(later => later.Id > message.Id && later.AuthorKind == ActorKind.Staff && later.AuthorId == colleague);
                Tell(colleague, "mentioned", ticket, message.AuthorName, message.CreatedAt, answer?.CreatedAt, message.Id);
            }
        }
    }

    private void AddAssignments(Ticket ticket)
    {
        foreach (var change in ticket.Changes.Where(change => change.Field == "assignee" && change.To is not null))
        {
            var assignee = long.Parse(change.To!, CultureInfo.InvariantCulture);
            if (assignee != change.ActorId)
                Tell(assignee, "assigned", ticket, change.ActorName, change.At, change.At.AddMinutes(3), null);
        }
    }

    /// <summary>What a customer wrote is news to the assignee until somebody of the staff went on.</summary>
    private void AddReplies(Ticket ticket, List<Message> messages)
    {
        if (ticket.AssigneeId is not { } assignee)
            return;
        foreach (var message in messages.Skip(1).Where(message => message.AuthorKind == ActorKind.Customer))
        {
            var answer = messages.Find(later => later.Id > message.Id && later.AuthorKind == ActorKind.Staff);
            Tell(assignee, "customer-replied", ticket, message.AuthorName, message.CreatedAt, answer?.CreatedAt, message.Id);
        }
    }

    private void Tell(long staff, string kind, Ticket ticket, string by, DateTime at, DateTime? readAt, long? messageId) =>
        database.Add(new StaffNotification
        {
            StaffId = staff,
            Kind = kind,
            TicketId = ticket.Id,
            MessageId = messageId,
            ActorName = by,
            CreatedAt = at,
            ReadAt = readAt,
            Key = string.Create(CultureInfo.InvariantCulture, $"demo:{kind}:{ticket.Id}:{messageId}:{staff}:{at.Ticks}"),
        });

    private void AddDraft(Ticket ticket) => database.Add(new Draft
    {
        StaffId = ticket.AssigneeId!.Value,
        TicketId = ticket.Id,
        Kind = MessageKind.Public,
        Text = "Just off the phone with the depot: it is on tonight's van, and",
        UpdatedAt = now.AddMinutes(-3),
    });
}
