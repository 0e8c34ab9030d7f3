using System.Globalization;

namespace SiteDesk.Mail;

/// <summary>One event of a calendar part (RFC 5545 section 3.6.1), as much of it as a reader needs.</summary>
/// <param name="Method">What is asked, such as REQUEST, REPLY or CANCEL (RFC 5546); empty when not said.</param>
/// <param name="Uid">The event's identifier.</param>
/// <param name="Summary">The title.</param>
/// <param name="Location">The place; empty when not said.</param>
/// <param name="Organizer">The organiser's address; empty when not said.</param>
/// <param name="Start">The beginning as written, in local time of <paramref name="TimeZone"/>; null when unreadable.</param>
/// <param name="End">The end, likewise.</param>
/// <param name="TimeZone">"UTC", the TZID of the beginning, or empty for floating time.</param>
/// <param name="Description">The long text; empty when not said.</param>
public sealed record CalendarInvitation(string Method, string Uid, string Summary, string Location, string Organizer,
    DateTime? Start, DateTime? End, string TimeZone, string Description)
{
    private const int MaximumEvents = 50;

    /// <summary>Reads the events of an iCalendar object. Text that is none yields nothing.</summary>
    public static IReadOnlyList<CalendarInvitation> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var events = new List<CalendarInvitation>();
        var method = string.Empty;
        Dictionary<string, (string Value, string Zone)>? current = null;
        var inner = 0;
        // Lines are folded by a line end and one blank (section 3.1).
        foreach (var line in text.Replace("\r\n", "\n").Replace("\n ", string.Empty).Replace("\n\t", string.Empty).Split('\n'))
        {
            var colon = ColonOf(line);
            if (colon <= 0) continue;
            var name = line[..colon];
            var value = line[(colon + 1)..].TrimEnd('\r');
            var semicolon = name.IndexOf(';', StringComparison.Ordinal);
            var key = (semicolon < 0 ? name : name[..semicolon]).ToUpperInvariant();
            if (key == "METHOD") method = value.Trim().ToUpperInvariant();
            else if (key == "BEGIN" && value.Trim().Equals("VEVENT", StringComparison.OrdinalIgnoreCase)) current = new(StringComparer.Ordinal);
            else if (key == "BEGIN" && current is not null) inner++;
            else if (key == "END" && current is not null && inner > 0) inner--;
            else if (key == "END" && current is not null)
            {
                if (events.Count < MaximumEvents) events.Add(From(method, current));
                current = null;
            }
            else if (current is not null && inner == 0) current.TryAdd(key, (value, ZoneOf(name)));
        }
        return events;
    }

    private static int ColonOf(string line)
    {
        var quoted = false;
        for (var at = 0; at < line.Length; at++)
            if (line[at] == '"') quoted = !quoted;
            else if (line[at] == ':' && !quoted) return at;
        return -1;
    }

    private static CalendarInvitation From(string method, Dictionary<string, (string Value, string Zone)> fields)
    {
        var start = fields.GetValueOrDefault("DTSTART");
        var organizer = Plain(fields, "ORGANIZER");
        if (organizer.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) organizer = organizer[7..];
        return new CalendarInvitation(method, Plain(fields, "UID"), Plain(fields, "SUMMARY"), Plain(fields, "LOCATION"), organizer,
            Moment(start.Value), Moment(fields.GetValueOrDefault("DTEND").Value),
            start.Value?.TrimEnd().EndsWith('Z') == true ? "UTC" : start.Zone ?? string.Empty, Plain(fields, "DESCRIPTION"));
    }

    private static string Plain(Dictionary<string, (string Value, string Zone)> fields, string key) =>
        fields.TryGetValue(key, out var field)
            ? field.Value.Replace("\\n", "\n").Replace("\\N", "\n").Replace("\\,", ",").Replace("\\;", ";").Replace("\\\\", "\\").Trim()
            : string.Empty;

    private static string ZoneOf(string name)
    {
        var at = name.IndexOf("TZID=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return string.Empty;
        var end = name.IndexOf(';', at);
        return (end < 0 ? name[(at + 5)..] : name[(at + 5)..end]).Trim('"');
    }

    private static DateTime? Moment(string? value) =>
        value is not null && DateTime.TryParseExact(value.Trim().TrimEnd('Z'), ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmm", "yyyyMMdd"],
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;
}
