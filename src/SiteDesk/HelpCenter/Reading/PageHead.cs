using System.Security.Cryptography;
using System.Text;
using SiteDesk.Platform.Html;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>What a page of the help centre says about itself in its head, and in which languages it is.</summary>
public sealed record PageHead
{
    public required string Title { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The page's own path; canonical unless <see cref="Canonical"/> says another.</summary>
    public required string Path { get; init; }

    /// <summary>Where the same is at home, for search engines.</summary>
    public string? Canonical { get; init; }

    /// <summary>Where each language of the switch leads.</summary>
    public required IReadOnlyList<(string Language, string Path)> Switch { get; init; }

    /// <summary>The same page in other languages, this one included; only where it really is in that language.</summary>
    public IReadOnlyList<(string Language, string Path)> Alternates { get; init; } = [];

    public bool IsIndexed { get; init; } = true;

    public bool IsArticle { get; init; }

    /// <summary>The whole address of a picture that stands for the page where it is shared; null for the site's logo.</summary>
    public string? Picture { get; init; }

    /// <summary>Blocks of structured data as JSON, safe inside of a script element.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>What stands in the search field.</summary>
    public string Query { get; init; } = "";
}

/// <summary>What pages of the help centre may do: less than other pages, and the same for everybody, so that they can be kept.</summary>
internal static class PagePolicy
{
    /// <summary>The one inline style: the site's colour.</summary>
    public static string StyleOf(Site site) => $":root{{--site-color:{site.Color};--site-ink:{Contrast.InkOn(site.Color)}}}";

    /// <param name="frames">Origins of video players on the page.</param>
    public static string Of(Site site, IReadOnlyList<string>? frames = null)
    {
        var style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(StyleOf(site))));
        var players = frames is { Count: > 0 } ? $"frame-src {string.Join(' ', frames)}; " : "";
        return $"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{style}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
            players + "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; object-src 'none'";
    }
}
