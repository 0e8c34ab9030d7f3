using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace SiteDesk.Platform.Localisation;

/// <summary>
/// The words, dates and numbers of one reader: in their language and their time zone. Pages inject it as <c>T</c>.
/// </summary>
public sealed class Texts(TextCatalog catalog, string language, TimeZoneInfo timeZone)
{
    public string Language { get; } = language;

    public TimeZoneInfo TimeZone { get; } = timeZone;

    public CultureInfo Culture { get; } = Languages.CultureOf(language);

    public string this[string key] => catalog.Get(Language, key);

    public string this[string key, params ReadOnlySpan<(string Name, object Value)> arguments] => catalog.Get(Language, key, arguments.ToArray());

    /// <summary>The sentence of a problem.</summary>
    public string Of(Problem problem) => catalog.Get(Language, problem.Text, problem.Arguments);

    /// <summary>The same words for another language (a customer's), same time zone.</summary>
    public Texts In(string otherLanguage) => new(catalog, otherLanguage, TimeZone);

    /// <summary>The same language in another time zone.</summary>
    public Texts At(TimeZoneInfo otherTimeZone) => new(catalog, Language, otherTimeZone);

    public bool Has(string key) => catalog.Find(Language, key) is not null;

    public DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(utc, TimeZone);

    /// <summary>Day, month, year in words: 5 March 2026.</summary>
    public string Date(DateTime utc) => Local(utc).ToString(DatePattern, Culture);

    /// <summary>Hours and minutes.</summary>
    public string Time(DateTime utc) => Local(utc).ToString("HH:mm", Culture);

    public string DateAndTime(DateTime utc) => $"{Date(utc)}, {Time(utc)}";

    /// <summary>As short as the distance allows: a time today, a day this year, a date else.</summary>
    public string Brief(DateTime utc, DateTime now)
    {
        var (local, today) = (Local(utc), Local(now).Date);
        if (local.Date == today)
            return local.ToString("HH:mm", Culture);
        return local.Year == today.Year ? local.ToString(DayPattern, Culture) : local.ToString("d", Culture);
    }

    public string Number(long value) => value.ToString("N0", Culture);

    /// <summary>A size in bytes, in the unit a person would use.</summary>
    public string Size(long bytes) => bytes switch
    {
        < 1024 => this["size.bytes", ("count", bytes)],
        < 1024 * 1024 => this["size.kilobytes", ("value", Math.Round(bytes / 1024m, bytes < 10240 ? 1 : 0))],
        _ => this["size.megabytes", ("value", Math.Round(bytes / 1024m / 1024m, 1))],
    };

    /// <summary>An element that scripts can read exactly and people in words.</summary>
    public MarkupString TimeElement(DateTime utc, DateTime now) =>
        new($"""<time datetime="{utc:yyyy-MM-ddTHH:mm:ss.fffZ}" title="{DateAndTime(utc)}">{Brief(utc, now)}</time>""");

    private string DatePattern => Language switch
    {
        Languages.Chinese => "yyyy年M月d日",
        _ => "d MMMM yyyy",
    };

    private string DayPattern => Language switch
    {
        Languages.Chinese => "M月d日",
        _ => "d MMM",
    };
}

/// <summary>Finds a reader's zone by its IANA name.</summary>
public static class TimeZones
{
    /// <returns>UTC when the name is unknown.</returns>
    public static TimeZoneInfo Find(string? name) =>
        name is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    public static bool Exists(string? name) => name is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
}
