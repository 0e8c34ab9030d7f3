using System.Globalization;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Assistant.Figures;

/// <summary>Of which site, language and channel, and of which days (in UTC).</summary>
/// <param name="SiteId">Null for all that the reader may see; likewise the others.</param>
public sealed record FiguresFilter(long? SiteId, string? Language, string? Channel, DateOnly From, DateOnly To)
{
    /// <summary>Channels in which the assistant may answer.</summary>
    public static IReadOnlyList<string> Channels { get; } = ["chat", "form", "email"];

    private const int MostDays = 400;
    private const int UsualDays = 28;

    /// <summary>Understands what the form sends; what is missing or no date is the last four weeks.</summary>
    public static FiguresFilter Read(string? site, string? language, string? channel, string? from, string? to, DateOnly today)
    {
        var end = DayIn(to) is { } last && last <= today ? last : today;
        var begin = DayIn(from) is { } first && first <= end ? first : end.AddDays(1 - UsualDays);
        if (end.DayNumber - begin.DayNumber >= MostDays)
            begin = end.AddDays(1 - MostDays);
        return new FiguresFilter(
            long.TryParse(site, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
            Languages.All.Contains(language, StringComparer.Ordinal) ? language : null, Channels.Contains(channel, StringComparer.Ordinal) ? channel : null, begin, end);
    }

    /// <summary>The period of the same length just before.</summary>
    public FiguresFilter Before => this with { From = From.AddDays(From.DayNumber - To.DayNumber - 1), To = From.AddDays(-1) };

    /// <summary>The filter as an address has it.</summary>
    public string Query => string.Create(CultureInfo.InvariantCulture, $"site={SiteId}&language={Language}&channel={Channel}&from={From:yyyy-MM-dd}&to={To:yyyy-MM-dd}");

    /// <summary>First moment of the first day and first moment after the last.</summary>
    public (DateTime From, DateTime Until) Moments => (From.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), To.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    private static DateOnly? DayIn(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9999 ? day : null;
}
