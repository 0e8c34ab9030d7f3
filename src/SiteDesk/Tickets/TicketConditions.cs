using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets;

/// <summary>What can be asked of a ticket: in views here, and later in promises, routing, rules and reports.</summary>
public static class TicketConditions
{
    private static readonly string[] Channels = ["chat", "form", "email", "phone", "letter", "visit", "api", "workspace"];

    public static ConditionFields<Ticket> Fields { get; } = new(
        "tickets",
        ConditionField<Ticket>.Choice("status", "tickets.field.status", ticket => ticket.Status, KeysOf<StandardStatus>("status")),
        ConditionField<Ticket>.Choice("priority", "tickets.field.priority", ticket => ticket.Priority, KeysOf<TicketPriority>("priority")),
        ConditionField<Ticket>.Reference("assignee", "tickets.field.assignee", ticket => ticket.AssigneeId, StaffAsync, ConditionRelative.Me),
        ConditionField<Ticket>.Reference("team", "tickets.field.team", ticket => ticket.TeamId, TeamsAsync, ConditionRelative.MyTeams),
        ConditionField<Ticket>.Reference("site", "tickets.field.site", ticket => ticket.SiteId, SitesAsync),
        ConditionField<Ticket>.Set("tags", "tickets.field.tags", ticket => ticket.Tags.Select(tag => tag.Name), choices: null),
        ConditionField<Ticket>.Choice("channel", "tickets.field.channel", ticket => ticket.Channel, Channels.Select(channel => new ConditionChoice(channel, $"channel.{channel}")).ToList()),
        ConditionField<Ticket>.Choice("language", "tickets.field.language", ticket => ticket.Language, Languages.All.Select(language => new ConditionChoice(language, ConditionLabel.Of(Languages.OwnName(language)))).ToList(), mayBeEmpty: true),
        ConditionField<Ticket>.Text("subject", "tickets.field.subject", ticket => ticket.Subject),
        ConditionField<Ticket>.Boolean("awaits-reply", "tickets.field.awaits-reply", ticket => ticket.AwaitsReply),
        ConditionField<Ticket>.Boolean("with-assistant", "tickets.field.with-assistant", ticket => ticket.Stage == TicketStage.Assistant),
        ConditionField<Ticket>.Moment("created", "tickets.field.created", ticket => ticket.CreatedAt),
        ConditionField<Ticket>.Moment("updated", "tickets.field.updated", ticket => ticket.UpdatedAt),
        ConditionField<Ticket>.Moment("solved", "tickets.field.solved", ticket => ticket.SolvedAt),
        ConditionField<Ticket>.Set("followers", "tickets.field.followers", ticket => ticket.Followers.Select(follower => follower.StaffId), StaffAsync, ConditionRelative.Me));

    /// <summary>These and the own fields that this person may know of, named in their language.</summary>
    /// <remarks>Fields out of use come last: views that ask for them still work.</remarks>
    public static ConditionFields<Ticket> For(DeskNames names, Staff staff) => Fields.With(
        names.Fields.Where(field => field.SiteId is null || staff.SeesSite(field.SiteId.Value))
            .OrderBy(field => field.RetiredAt is not null).ThenBy(field => field.Position).ThenBy(field => field.Id)
            .Select(field => OwnField(field, DeskNames.InLanguage(field.Names, staff.Language))));

    /// <summary>An own field: numbers compare as numbers, dates as dates.</summary>
    private static ConditionField<Ticket> OwnField(TicketField field, string name)
    {
        var (id, key, label) = (field.Id, $"own.{field.Key}", ConditionLabel.Of(name));
        return field.Type switch
        {
            TicketFieldType.Number => InRow(ConditionField<TicketFieldValue>.Number(key, label, value => value.Number)),
            TicketFieldType.Date => InRow(ConditionField<TicketFieldValue>.Day(key, label, value => value.Day)),
            TicketFieldType.Choice => InRow(ConditionField<TicketFieldValue>.Choice(key, label, value => value.Value, ChoicesOf(field), mayBeEmpty: true)),
            TicketFieldType.Checkbox => ConditionField<Ticket>.Boolean(key, label, ticket => ticket.Fields.Any(value => value.FieldId == id && value.Value == "true")),
            _ => InRow(ConditionField<TicketFieldValue>.Text(key, label, value => value.Value)),
        };

        ConditionField<Ticket> InRow(ConditionField<TicketFieldValue> own) => ConditionField<Ticket>.InRow(ticket => ticket.Fields.Where(value => value.FieldId == id), own);
    }

    /// <summary>Not fixed beforehand: a condition may still name a choice that was taken away.</summary>
    private static ConditionChoices ChoicesOf(TicketField field) =>
        (_, _) => ValueTask.FromResult<IReadOnlyList<ConditionChoice>>(field.Choices.ConvertAll(choice => new ConditionChoice(choice, ConditionLabel.Of(choice))));

    private static List<ConditionChoice> KeysOf<TEnum>(string group) where TEnum : struct, Enum =>
        Enum.GetNames<TEnum>().Select(name => new ConditionChoice(TicketWords.KeyOf(name), $"{group}.{TicketWords.KeyOf(name)}")).ToList();

    private static async ValueTask<IReadOnlyList<ConditionChoice>> StaffAsync(IServiceProvider services, CancellationToken cancellation) =>
        [.. (await NamesAsync(services, cancellation)).Mentionable.Select(member => Choice(member.Id, member.Name))];

    private static async ValueTask<IReadOnlyList<ConditionChoice>> TeamsAsync(IServiceProvider services, CancellationToken cancellation) =>
        [.. (await NamesAsync(services, cancellation)).Teams.Values.Select(team => Choice(team.Id, team.In(services.GetRequiredService<Texts>().Language)))];

    private static async ValueTask<IReadOnlyList<ConditionChoice>> SitesAsync(IServiceProvider services, CancellationToken cancellation) =>
        [.. (await NamesAsync(services, cancellation)).Sites.Values.Select(site => Choice(site.Id, site.Name))];

    private static ValueTask<DeskNames> NamesAsync(IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<DeskNamesCache>().ReadAsync(cancellation);

    private static ConditionChoice Choice(long id, string name) =>
        new(id.ToString(System.Globalization.CultureInfo.InvariantCulture), ConditionLabel.Of(name));
}
