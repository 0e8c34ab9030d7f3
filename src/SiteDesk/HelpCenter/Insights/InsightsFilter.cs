using System.Globalization;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Insights;

/// <summary>Of which site and language, and of which days.</summary>
/// <param name="SiteId">Null for all that the reader may see.</param>
/// <param name="Language">Null for all.</param>
public sealed record InsightsFilter(long? SiteId, string? Language, DateOnly From, DateOnly To)
{
    /// <summary>Days that are kept, and that one page may cover.</summary>
    public const int MostDays = 400;

    private const int UsualDays = 28;

    /// <summary>Understands what the form sends; what is missing or no date is the last four weeks.</summary>
    public static InsightsFilter Read(string? site, string? language, string? from, string? to, DateOnly today)
    {
        var end = DayIn(to) is { } last && last <= today ? last : today;
        var begin = DayIn(from) is { } first && first <= end ? first : end.AddDays(1 - UsualDays);
        if (end.DayNumber - begin.DayNumber >= MostDays)
            begin = end.AddDays(1 - MostDays);
        return new InsightsFilter(
            long.TryParse(site, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
            Languages.All.Contains(language, StringComparer.Ordinal) ? language : null, begin, end);
    }

    /// <summary>Sites of the filter that this person may see; null for all.</summary>
    public IReadOnlyList<long>? SitesFor(Staff staff) => SiteId is { } one ? staff.SeesSite(one) ? [one] : [] : staff.SiteIds;

    /// <summary>The filter as an address has it.</summary>
    public string Query => string.Create(CultureInfo.InvariantCulture, $"site={SiteId}&language={Language}&from={From:yyyy-MM-dd}&to={To:yyyy-MM-dd}");

    /// <summary>First moment of the first day and first moment after the last, UTC: days are counted in UTC.</summary>
    public (DateTime From, DateTime Until) Moments => (From.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), To.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    private static DateOnly? DayIn(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9999 ? day : null;
}
