using System.Globalization;

namespace SiteDesk.Platform.Conditions;

/// <summary>Who reads and when: what "me", "my teams", "now" and "today" mean.</summary>
/// <param name="Now">UTC, whole milliseconds, as moments are stored.</param>
/// <param name="Zone">The zone whose calendar days count.</param>
/// <param name="StaffId">The member of staff; null when a rule runs by itself, and then "me" is nobody.</param>
/// <param name="TeamIds">Teams of that member.</param>
public sealed record ConditionReader(DateTime Now, TimeZoneInfo Zone, long? StaffId, IReadOnlyList<long> TeamIds)
{
    /// <summary>A reader at the present moment.</summary>
    public static ConditionReader At(TimeProvider time, TimeZoneInfo zone, long? staffId = null, IReadOnlyList<long>? teamIds = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow().UtcDateTime;
        return new(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond)), zone, staffId, teamIds ?? []);
    }

    /// <summary>The ids a relative value stands for.</summary>
    internal IReadOnlyList<long> IdsOf(ConditionRelative relative) => relative switch
    {
        ConditionRelative.Me => StaffId is { } id ? [id] : [],
        ConditionRelative.MyTeams => TeamIds,
        _ => [],
    };
}

/// <summary>A moment or a calendar day as the half-open range of UTC time it covers; for a moment both ends are the same.</summary>
internal readonly record struct ConditionMoment(DateTime Start, DateTime End, bool IsDay)
{
    // Far enough for any date of a help desk, and a day before or after never leaves the calendar.
    private const int FirstYear = 1900;
    private const int LastYear = 2199;

    /// <summary>Reads "2026-05-04" or "2026-05-04T14:30".</summary>
    public static DateTime? ParseLocal(string text, out bool isDay)
    {
        isDay = DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local);
        return (isDay || DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out local))
            && local.Year is >= FirstYear and <= LastYear
                ? local
                : null;
    }

    public static ConditionMoment Resolve(ConditionValue value, ConditionReader reader)
    {
        switch (value)
        {
            case TextValue text when ParseLocal(text.Text, out var isDay) is { } local:
                return isDay ? Day(local, reader.Zone) : Instant(ToUtc(local, reader.Zone));
            case RelativeValue relative when ConditionKeys.Find<ConditionRelative>(relative.Name) is { } name:
                if (name == ConditionRelative.Now)
                    return Instant(reader.Now);
                var today = TimeZoneInfo.ConvertTimeFromUtc(reader.Now, reader.Zone).Date;
                return Day(today.AddDays(name switch { ConditionRelative.Yesterday => -1, ConditionRelative.Tomorrow => 1, _ => 0 }), reader.Zone);
            default:
                throw new InvalidOperationException("The value is not a moment; conditions are checked before they are resolved.");
        }
    }

    private static ConditionMoment Instant(DateTime moment) => new(moment, moment, IsDay: false);

    private static ConditionMoment Day(DateTime date, TimeZoneInfo zone) => new(ToUtc(date, zone), ToUtc(date.AddDays(1), zone), IsDay: true);

    /// <summary>A time that the clocks skip is moved by the skipped hour; of a time that comes twice the first is meant.</summary>
    public static DateTime ToUtc(DateTime local, TimeZoneInfo zone)
    {
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
}
