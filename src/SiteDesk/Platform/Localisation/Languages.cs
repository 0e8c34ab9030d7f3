using System.Globalization;

namespace SiteDesk.Platform.Localisation;

/// <summary>The languages the program speaks, as BCP 47 tags.</summary>
public static class Languages
{
    public const string English = "en";
    public const string Russian = "ru";
    public const string Chinese = "zh-Hans";

    public static IReadOnlyList<string> All { get; } = [English, Russian, Chinese];

    /// <summary>Names of the languages in themselves, as a person looks for them.</summary>
    public static string OwnName(string language) => language switch
    {
        Russian => "Русский",
        Chinese => "简体中文",
        _ => "English",
    };

    /// <summary>
    /// The language we speak that serves a tag best: <c>zh-CN</c>, <c>zh-TW</c> and <c>zh</c> are served in simplified
    /// Chinese, Ukrainian, Belarusian and Kazakh readers are not presumed to want Russian.
    /// </summary>
    /// <returns>One of <see cref="All"/>, or null when none fits.</returns>
    public static string? Match(string? tag)
    {
        var primary = (tag ?? "").Split('-', '_')[0].Trim().ToLowerInvariant();
        return primary switch
        {
            "en" => English,
            "ru" => Russian,
            "zh" or "cmn" or "yue" => Chinese,
            _ => null,
        };
    }

    /// <summary>The best of an Accept-Language header (RFC 9110, section 12.5.4) among the allowed ones.</summary>
    public static string? MatchHeader(string? header, IReadOnlyCollection<string>? allowed = null) =>
        (header ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Take(20)
            .Select(range => range.Split(';', StringSplitOptions.TrimEntries))
            .Select(parts => (Language: Match(parts[0]), Quality: QualityOf(parts)))
            .Where(range => range.Language is not null && range.Quality > 0 && (allowed is null || allowed.Contains(range.Language)))
            .OrderByDescending(range => range.Quality)
            .Select(range => range.Language)
            .FirstOrDefault();

    /// <summary>Formats of dates and numbers for the language.</summary>
    public static CultureInfo CultureOf(string language) => language switch
    {
        Russian => RussianCulture,
        Chinese => ChineseCulture,
        _ => EnglishCulture,
    };

    private static readonly CultureInfo EnglishCulture = CultureInfo.GetCultureInfo("en-GB");
    private static readonly CultureInfo RussianCulture = CultureInfo.GetCultureInfo("ru-RU");
    private static readonly CultureInfo ChineseCulture = CultureInfo.GetCultureInfo("zh-CN");

    private static double QualityOf(string[] parts)
    {
        var quality = Array.Find(parts, part => part.StartsWith("q=", StringComparison.OrdinalIgnoreCase));
        if (quality is null)
            return 1;
        return double.TryParse(quality.AsSpan(2), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
