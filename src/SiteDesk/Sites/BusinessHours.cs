using NodaTime;
using NodaTime.Extensions;

namespace SiteDesk.Sites;

/// <summary>
/// When people are there: hours for each day of the week in the site's zone, and days that differ. A week in which the
/// clocks change has 167 or 169 hours, and a shift over the gap still ends when the clock on the wall says so.
/// </summary>
public sealed record BusinessHours
{
    /// <summary>IANA name.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Open all the time; the other members then do not count.</summary>
    public bool Always { get; init; }

    /// <summary>Periods by day, 1 is Monday, 7 is Sunday.</summary>
    public List<OpenPeriod> Week { get; init; } = [];

    /// <summary>Days that differ: a holiday has no periods.</summary>
    public List<SpecialDay> SpecialDays { get; init; } = [];

    public static BusinessHours WeekdaysNineToSix(string timeZone) => new()
    {
        TimeZone = timeZone,
        Week = [.. Enumerable.Range(1, 5).Select(day => new OpenPeriod(day, new TimeOnly(9, 0), new TimeOnly(18, 0)))],
    };

    public static BusinessHours AroundTheClock(string timeZone) => new() { TimeZone = timeZone, Always = true };

    public bool IsOpenAt(DateTime utc) => Always || OpenIntervals(utc, days: 1).Any(interval => interval.Start <= utc && utc < interval.End);

    /// <summary>The next moment at or after the given one at which somebody is there.</summary>
    /// <returns>UTC; null when there is none within the next 370 days.</returns>
    public DateTime? NextOpening(DateTime utc)
    {
        if (IsOpenAt(utc))
            return utc;
        return OpenIntervals(utc, days: 370).Where(interval => interval.Start >= utc).Select(interval => (DateTime?)interval.Start).FirstOrDefault();
    }

    /// <summary>Open intervals in UTC, ascending, from the day before the given moment on.</summary>
    private IEnumerable<(DateTime Start, DateTime End)> OpenIntervals(DateTime utc, int days)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZone) ?? DateTimeZone.Utc;
        var first = utc.ToInstant().InZone(zone).Date.PlusDays(-1);
        for (var day = 0; day <= days + 1; day++)
        {
            var date = first.PlusDays(day);
            foreach (var (opens, closes) in PeriodsOf(date).OrderBy(period => period.Opens))
            {
                var start = zone.AtLeniently(date + ToLocalTime(opens)).ToDateTimeUtc();
                // Closing at or before opening means: on the next day.
                var endDate = closes <= opens ? date.PlusDays(1) : date;
                var end = zone.AtLeniently(endDate + ToLocalTime(closes)).ToDateTimeUtc();
                if (end > start)
                    yield return (start, end);
            }
        }
    }

    private IEnumerable<(TimeOnly Opens, TimeOnly Closes)> PeriodsOf(LocalDate date)
    {
        var special = SpecialDays.Find(day => day.Date == date.ToDateOnly());
        return special is not null
            ? special.Periods.Select(period => (period.Opens, period.Closes))
            : Week.Where(period => period.Day == (int)date.DayOfWeek).Select(period => (period.Opens, period.Closes));
    }

    private static LocalTime ToLocalTime(TimeOnly time) => time.ToLocalTime();
}

/// <summary>A stretch of a weekday. Closing at or before opening means the next day; 00:00 to 00:00 is the whole day.</summary>
/// <param name="Day">1 is Monday, 7 is Sunday.</param>
public sealed record OpenPeriod(int Day, TimeOnly Opens, TimeOnly Closes);

public sealed record SpecialDay(DateOnly Date, List<DayPeriod> Periods);

public sealed record DayPeriod(TimeOnly Opens, TimeOnly Closes);
