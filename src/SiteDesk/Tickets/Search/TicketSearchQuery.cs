using System.Globalization;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.Search;

/// <summary>
/// What a member of staff typed into the search field, understood: a number, words and "exact phrases", and filters such as
/// <c>status:open from:anna@example.com tag:refund channel:chat priority:urgent assignee:me team:delivery site:shop has:attachment
/// before:2026-03-01 after:2026-02-01</c>. A minus before a filter turns it round: <c>-tag:refund</c>.
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

    /// <summary>Who has it; <see cref="Nobody"/> for no one. One of them is enough.</summary>
    public IReadOnlyList<long> Assignees { get; init; } = [];

    /// <summary>Teams, of which one is enough; <see cref="Nobody"/> for none.</summary>
    public IReadOnlyList<long> Teams { get; init; } = [];

    public IReadOnlyList<long> Sites { get; init; } = [];

    /// <summary>Whether a file must have come with a message.</summary>
    public bool HasAttachment { get; init; }

    /// <summary>Filters that a ticket must not fit (written with a minus); null for none.</summary>
    public TicketSearchQuery? Except { get; init; }

    /// <summary>In <see cref="Assignees"/> and <see cref="Teams"/>: without one.</summary>
    public const long Nobody = 0;

    /// <summary>Own fields and what they hold, in the order they were written.</summary>
    public IReadOnlyList<OwnFieldFilter> OwnFields { get; init; } = [];

    public bool IsEmpty => Number is null && Words.Length == 0 && !HasFilter;

    /// <summary>Whether it asks for more than words and numbers.</summary>
    public bool HasFilter =>
        Statuses.Count > 0 || Priority is not null || Channel is not null || Tags.Count > 0 || From is not null || Before is not null || After is not null
        || Assignees.Count > 0 || Teams.Count > 0 || Sites.Count > 0 || HasAttachment || Except is not null || OwnFields.Count > 0;

    /// <summary>Longest text looked at, in characters.</summary>
    public const int LongestText = 1000;

    /// <summary>Never fails: a filter that is not understood is searched for as a word.</summary>
    /// <param name="timeZone">Of the reader, for days.</param>
    /// <param name="names">The desk's people, teams, sites and own fields. A field may be asked for by its key (<c>invoice:4711</c>, <c>amount:&gt;100</c>); a built-in filter of the same name wins.</param>
    /// <param name="me">Who <c>assignee:me</c> is.</param>
    public static TicketSearchQuery Parse(string text, TimeZoneInfo timeZone, DeskNames? names = null, long? me = null)
    {
        var filters = new TicketSearchFilters(timeZone, names, me);
        var bounded = text.UpTo(LongestText);
        var query = new TicketSearchQuery();
        var words = new List<string>();
        foreach (var part in Split(bounded))
            query = filters.Add(query, part) ?? Keep(query, words, part);

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
