using System.Globalization;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.Search;

/// <summary>Reads the filters of a search: <c>name:value</c>, or <c>-name:value</c> for what must not be.</summary>
/// <param name="timeZone">Of the reader, for days.</param>
/// <param name="names">The desk's people, teams, sites and own fields; without them these filters are not known.</param>
/// <param name="me">Who <c>assignee:me</c> is.</param>
internal sealed class TicketSearchFilters(TimeZoneInfo timeZone, DeskNames? names, long? me)
{
    /// <returns>The query with the filter; null when the part is none.</returns>
    public TicketSearchQuery? Add(TicketSearchQuery query, string part)
    {
        if (part is not ['-', .. var rest])
            return Plain(query, part);
        return Plain(query.Except ?? new(), rest) is { } except ? query with { Except = except } : null;
    }

    private TicketSearchQuery? Plain(TicketSearchQuery query, string part)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == part.Length - 1)
            return null;
        var value = part[(colon + 1)..].Trim('"');
        return part[..colon].ToLowerInvariant() switch
        {
            "status" when ParseStatus(value) is { } status => query with { Statuses = [.. query.Statuses, .. status] },
            "priority" when Enum.TryParse<TicketPriority>(value, ignoreCase: true, out var priority) && Enum.IsDefined(priority) => query with { Priority = priority },
            "channel" => query with { Channel = value.ToLowerInvariant() },
            "tag" => query with { Tags = [.. query.Tags, value] },
            "from" => query with { From = value.ToLowerInvariant() },
            "assignee" when FindStaff(value) is { Count: > 0 } staff => query with { Assignees = [.. query.Assignees, .. staff] },
            "team" when FindTeams(value) is { Count: > 0 } teams => query with { Teams = [.. query.Teams, .. teams] },
            "site" when FindSites(value) is { Count: > 0 } sites => query with { Sites = [.. query.Sites, .. sites] },
            "has" when IsWord(value, "attachment", "attachments", "file", "files") => query with { HasAttachment = true },
            "with" when IsWord(value, "assistant", "помощник", "помощником", "智能助手", "助手") => query with { IsWithAssistant = true },
            "before" when ParseDay(value) is { } day => query with { Before = day },
            "after" when ParseDay(value) is { } day => query with { After = day },
            _ => OwnField(query, part[..colon], part[(colon + 1)..]),
        };
    }

    /// <returns>Null when there is no such own field, or its value does not suit the field.</returns>
    private TicketSearchQuery? OwnField(TicketSearchQuery query, string key, string written)
    {
        var field = names?.Fields.FirstOrDefault(field => string.Equals(field.Key, key, StringComparison.OrdinalIgnoreCase));
        return field is not null && OwnFieldFilter.Parse(field, written) is { } filter ? query with { OwnFields = [.. query.OwnFields, filter] } : null;
    }

    private List<long> FindStaff(string value) =>
        IsWord(value, "none") ? [TicketSearchQuery.Nobody]
        : IsWord(value, "me") && me is { } myself ? [myself]
        : names is null ? []
        : [.. names.Staff.Values.Where(member => BeginsSo(member.Name, value)).Select(member => member.Id).Order()];

    private List<long> FindTeams(string value) =>
        IsWord(value, "none") ? [TicketSearchQuery.Nobody]
        : names is null ? []
        : [.. names.Teams.Values.Where(team => team.Names.Values.Append(team.Name).Any(name => BeginsSo(name, value))).Select(team => team.Id).Order()];

    private List<long> FindSites(string value) =>
        names is null ? [] : [.. names.Sites.Values.Where(site => BeginsSo(site.Name, value)).Select(site => site.Id).Order()];

    /// <summary>A name, or one of its words, begins so.</summary>
    private static bool BeginsSo(string name, string beginning) =>
        name.StartsWith(beginning, StringComparison.CurrentCultureIgnoreCase)
        || name.Split(' ').Any(word => word.StartsWith(beginning, StringComparison.CurrentCultureIgnoreCase));

    private static bool IsWord(string value, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (string.Equals(value, word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static IReadOnlyList<StandardStatus>? ParseStatus(string value) => value.ToLowerInvariant() switch
    {
        "unsolved" => [StandardStatus.New, StandardStatus.Open, StandardStatus.Pending, StandardStatus.OnHold],
        "hold" or "on-hold" => [StandardStatus.OnHold],
        _ => Enum.TryParse<StandardStatus>(value, ignoreCase: true, out var status) && Enum.IsDefined(status) ? [status] : null,
    };

    private DateTime? ParseDay(string value)
    {
        if (!DateTime.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;

        // A midnight that the clocks skip begins when they have been put forward.
        while (timeZone.IsInvalidTime(day))
            day = day.AddMinutes(30);
        return TimeZoneInfo.ConvertTimeToUtc(day, timeZone);
    }
}
