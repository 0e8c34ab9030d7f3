using System.Globalization;
using SiteDesk.Customers;

namespace SiteDesk.Tickets.Search;

/// <summary>
/// What a member of staff typed into the search field, understood: a number, words and "exact phrases", and filters such as
/// <c>status:open from:anna@example.com tag:refund channel:chat priority:urgent before:2026-03-01 after:2026-02-01</c>.
/// </summary>
public sealed record TicketSearchQuery
{
    /// <summary>A ticket's number, when the whole query is one (<c>#123</c> or <c>123</c>).</summary>
    public long? Number { get; init; }

    /// <summary>Words and phrases for the full-text index; empty when there are only filters.</summary>
    public string Words { get; init; } = "";

    public IReadOnlyList<StandardStatus> Statuses { get; init; } = [];

    public TicketPriority? Priority { get; init; }

    public string? Channel { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>An address or number, whole or its beginning.</summary>
    public string? From { get; init; }

    /// <summary>Created before this moment, UTC.</summary>
    public DateTime? Before { get; init; }

    /// <summary>Created at or after this moment, UTC.</summary>
    public DateTime? After { get; init; }

    /// <summary>Own fields and what they hold, in the order they were written.</summary>
    public IReadOnlyList<OwnFieldFilter> OwnFields { get; init; } = [];

    public bool IsEmpty => this == Nothing || Number is null && Words.Length == 0 && Statuses.Count == 0 && Priority is null && Channel is null && Tags.Count == 0 && From is null && Before is null && After is null && OwnFields.Count == 0;

    private static readonly TicketSearchQuery Nothing = new();

    /// <summary>Longest text looked at, in characters.</summary>
    public const int LongestText = 1000;

    /// <summary>Never fails: a filter that is not understood is searched for as a word.</summary>
    /// <param name="timeZone">Of the reader, for days.</param>
    /// <param name="ownFields">Own fields that may be asked for by their key (<c>invoice:4711</c>, <c>amount:&gt;100</c>); a built-in filter of the same name wins.</param>
    public static TicketSearchQuery Parse(string text, TimeZoneInfo timeZone, IReadOnlyList<TicketField>? ownFields = null)
    {
        var bounded = text.Length > LongestText ? text[..LongestText] : text;
        var query = new TicketSearchQuery();
        var words = new List<string>();
        foreach (var part in Split(bounded))
            query = query.With(part, timeZone) ?? query.WithOwn(part, ownFields ?? []) ?? Keep(query, words, part);

        var joined = string.Join(' ', words).Trim();
        if (long.TryParse(joined.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return query with { Number = number, Words = joined.StartsWith('#') ? "" : joined };
        if (ContactAddress.ParseEmail(joined) is { } email)
            return query with { From = email.Value };
        return query with { Words = joined };
    }

    private static TicketSearchQuery Keep(TicketSearchQuery query, List<string> words, string part)
    {
        words.Add(part);
        return query;
    }

    /// <returns>Null when the part is no filter.</returns>
    private TicketSearchQuery? With(string part, TimeZoneInfo timeZone)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == part.Length - 1)
            return null;
        var value = part[(colon + 1)..].Trim('"');
        return part[..colon].ToLowerInvariant() switch
        {
            "status" when ParseStatus(value) is { } status => this with { Statuses = [.. Statuses, .. status] },
            "priority" when Enum.TryParse<TicketPriority>(value, ignoreCase: true, out var priority) && Enum.IsDefined(priority) => this with { Priority = priority },
            "channel" => this with { Channel = value.ToLowerInvariant() },
            "tag" => this with { Tags = [.. Tags, value] },
            "from" => this with { From = value.ToLowerInvariant() },
            "before" when ParseDay(value, timeZone) is { } day => this with { Before = day },
            "after" when ParseDay(value, timeZone) is { } day => this with { After = day },
            _ => null,
        };
    }

    /// <returns>Null when the part names no own field, or its value does not suit the field.</returns>
    private TicketSearchQuery? WithOwn(string part, IReadOnlyList<TicketField> ownFields)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == part.Length - 1)
            return null;
        var field = ownFields.FirstOrDefault(field => string.Equals(field.Key, part[..colon], StringComparison.OrdinalIgnoreCase));
        return field is not null && OwnFieldFilter.Parse(field, part[(colon + 1)..]) is { } filter ? this with { OwnFields = [.. OwnFields, filter] } : null;
    }

    private static IReadOnlyList<StandardStatus>? ParseStatus(string value) => value.ToLowerInvariant() switch
    {
        "unsolved" => [StandardStatus.New, StandardStatus.Open, StandardStatus.Pending, StandardStatus.OnHold],
        "hold" or "on-hold" => [StandardStatus.OnHold],
        _ => Enum.TryParse<StandardStatus>(value, ignoreCase: true, out var status) && Enum.IsDefined(status) ? [status] : null,
    };

    private static DateTime? ParseDay(string value, TimeZoneInfo timeZone)
    {
        if (!DateTime.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return null;

        // A midnight that the clocks skip begins when they have been put forward.
        while (timeZone.IsInvalidTime(day))
            day = day.AddMinutes(30);
        return TimeZoneInfo.ConvertTimeToUtc(day, timeZone);
    }

    /// <summary>Splits at spaces outside quotes.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        var quoted = false;
        for (var index = 0; index <= text.Length; index++)
        {
            if (index < text.Length && text[index] == '"')
                quoted = !quoted;
            if (index < text.Length && (quoted || !char.IsWhiteSpace(text[index])))
                continue;
            if (index > start)
                yield return text[start..index];
            start = index + 1;
        }
    }
}
