using NodaTime;
using NodaTime.Extensions;

namespace SiteDesk.Demo;

/// <summary>
/// Times as they come about where people sleep, work and eat: staff answer in their working hours, customers write when
/// they are awake, Mondays are busy and Sundays are not, and there is a little more to do each week.
/// </summary>
/// <param name="random">The only source of chance; the same seed gives the same times.</param>
internal sealed class DemoClock(Random random)
{
    private static readonly LocalTime CustomersWake = new(7, 30), CustomersSleep = new(23, 15);

    private static readonly LocalTime WorkBegins = new(9, 0), WorkEnds = new(18, 0), SaturdayBegins = new(10, 0), SaturdayEnds = new(17, 0);

    /// <summary>A moment of the stretch before <paramref name="latest"/> at which somebody might begin to write.</summary>
    /// <param name="daysBack">How far back it may lie.</param>
    public DateTime Begin(DateTime latest, double daysBack, string zone)
    {
        // The exponent leans a little towards the newer end: the desk has grown.
        var day = latest.AddDays(-daysBack * (1 - Math.Pow(random.NextDouble(), 0.85)));
        while (!IsBusyEnough(day, zone))
            day = day.AddDays(-1);
        var local = day.ToInstant().InZone(Zone(zone)).Date;
        return (local + HourOfDay()).InZoneLeniently(Zone(zone)).ToDateTimeUtc();
    }

    /// <summary>The moment at or after the given one at which this customer might write.</summary>
    public DateTime WhenAwake(DateTime utc, string zone) => Within(utc, zone, _ => (CustomersWake, CustomersSleep), upToMinutes: 90);

    /// <summary>The moment at or after the given one at which this member of staff works.</summary>
    public DateTime WhenAtWork(DateTime utc, string zone, bool alsoSaturdays) => Within(utc, zone, day => day switch
    {
        IsoDayOfWeek.Sunday => null,
        IsoDayOfWeek.Saturday => alsoSaturdays ? (SaturdayBegins, SaturdayEnds) : null,
        _ => (WorkBegins, WorkEnds),
    }, upToMinutes: 50);

    /// <summary>Somewhere between two spans, the shorter end more often.</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest)
    {
        var share = random.NextDouble();
        return shortest + TimeSpan.FromSeconds(Math.Round((longest - shortest).TotalSeconds * share * share));
    }

    private bool IsBusyEnough(DateTime utc, string zone)
    {
        var weight = utc.ToInstant().InZone(Zone(zone)).DayOfWeek switch
        {
            IsoDayOfWeek.Monday => 1.0,
            IsoDayOfWeek.Saturday => 0.35,
            IsoDayOfWeek.Sunday => 0.15,
            IsoDayOfWeek.Friday => 0.75,
            _ => 0.85,
        };
        return random.NextDouble() < weight;
    }

    /// <summary>Two humps, before and after lunch, and a tail into the evening.</summary>
    private LocalTime HourOfDay()
    {
        int[] weights = [3, 7, 9, 8, 5, 7, 8, 8, 6, 4, 3, 3, 2, 1];
        var draw = random.Next(weights.Sum());
        var hour = 8;
        foreach (var weight in weights)
        {
            if (draw < weight)
                break;
            draw -= weight;
            hour++;
        }

        return new LocalTime(hour, random.Next(60), random.Next(60));
    }

    private DateTime Within(DateTime utc, string zoneName, Func<IsoDayOfWeek, (LocalTime Begins, LocalTime Ends)?> hoursOf, int upToMinutes)
    {
        var zone = Zone(zoneName);
        var local = utc.ToInstant().InZone(zone).LocalDateTime;
        if (hoursOf(local.DayOfWeek) is { } today && local.TimeOfDay >= today.Begins && local.TimeOfDay < today.Ends)
            return utc;
        var day = hoursOf(local.DayOfWeek) is { } hours && local.TimeOfDay < hours.Begins ? local.Date : local.Date.PlusDays(1);
        while (hoursOf(day.DayOfWeek) is null)
            day = day.PlusDays(1);
        var opens = (day + hoursOf(day.DayOfWeek)!.Value.Begins).InZoneLeniently(zone).ToDateTimeUtc();
        return opens + TimeSpan.FromSeconds(random.Next(60, upToMinutes * 60));
    }

    private static DateTimeZone Zone(string name) => DateTimeZoneProviders.Tzdb[name];
}
