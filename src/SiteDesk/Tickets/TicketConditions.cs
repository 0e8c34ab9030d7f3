using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets;

/// <summary>What can be asked of a ticket: in views here, and later in promises, routing, rules and reports.</summary>
public static class TicketConditions
{
    private static readonly string[] Channels = ["chat", "form", "email", "phone", "api"];

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
        ConditionField<Ticket>.Moment("created", "tickets.field.created", ticket => ticket.CreatedAt),
        ConditionField<Ticket>.Moment("updated", "tickets.field.updated", ticket => ticket.UpdatedAt),
        ConditionField<Ticket>.Moment("solved", "tickets.field.solved", ticket => ticket.SolvedAt),
        ConditionField<Ticket>.Set("followers", "tickets.field.followers", ticket => ticket.Followers.Select(follower => follower.StaffId), StaffAsync, ConditionRelative.Me));

    private static List<ConditionChoice> KeysOf<TEnum>(string group) where TEnum : struct, Enum =>
        Enum.GetNames<TEnum>().Select(name => new ConditionChoice(TicketWords.KeyOf(name), $"{group}.{TicketWords.KeyOf(name)}")).ToList();

    private static async ValueTask<IReadOnlyList<ConditionChoice>> StaffAsync(IServiceProvider services, CancellationToken cancellation) =>
        [.. (await NamesAsync(services, cancellation)).Mentionable.Select(member => Choice(member.Id, member.Name))];

    private static async ValueTask<IReadOnlyList<ConditionChoice>> TeamsAsync(IServiceProvider services, CancellationToken cancellation) =>
        [.. (await NamesAsync(services, cancellation)).Teams.Select(team => Choice(team.Key, team.Value))];

    private static async ValueTask<IReadOnlyList<ConditionChoice>> SitesAsync(IServiceProvider services, CancellationToken cancellation) =>
        [.. (await NamesAsync(services, cancellation)).Sites.Values.Select(site => Choice(site.Id, site.Name))];

    private static ValueTask<DeskNames> NamesAsync(IServiceProvider services, CancellationToken cancellation) =>
        services.GetRequiredService<DeskNamesCache>().ReadAsync(cancellation);

    private static ConditionChoice Choice(long id, string name) =>
        new(id.ToString(System.Globalization.CultureInfo.InvariantCulture), ConditionLabel.Of(name));
}
