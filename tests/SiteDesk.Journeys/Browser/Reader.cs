using Microsoft.Playwright;

namespace SiteDesk.Journeys.Browser;

public enum Theme { Light, Dark }

/// <summary>Who looks at the page: their language, their theme, the width of their window in CSS pixels, their time zone.</summary>
public sealed record Reader(string Language = "en", Theme Theme = Theme.Light, int Width = 1440, string TimeZone = "UTC")
{
    /// <summary>Narrow readers hold a phone: a finger, a dense screen.</summary>
    public bool OnPhone => Width < 600;

    public int Height => OnPhone ? 844 : 900;

    /// <summary>Part of a screenshot's file name: en-light-1440.</summary>
    public override string ToString() => $"{Language}-{Theme.ToString().ToLowerInvariant()}-{Width}";

    /// <summary>Every language, theme and width that the product promises to look right in: 18 readers.</summary>
    public static IEnumerable<Reader> Everyone() =>
        from language in new[] { "en", "ru", "zh-Hans" }
        from theme in new[] { Theme.Light, Theme.Dark }
        from width in new[] { 1440, 1024, 390 }
        select new Reader(language, theme, width);

    public BrowserNewContextOptions ContextOptions(Uri address) => new()
    {
        BaseURL = address.ToString(),
        // Chinese browsers send the region, not the script: the product has to understand it.
        Locale = Language switch { "en" => "en-GB", "ru" => "ru-RU", "zh-Hans" => "zh-CN", _ => Language },
        ColorScheme = Theme == Theme.Dark ? ColorScheme.Dark : ColorScheme.Light,
        ViewportSize = new ViewportSize { Width = Width, Height = Height },
        HasTouch = OnPhone,
        TimezoneId = TimeZone,
        ReducedMotion = ReducedMotion.Reduce,
        IgnoreHTTPSErrors = true,
        AcceptDownloads = true,
    };
}
