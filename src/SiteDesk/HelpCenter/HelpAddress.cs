using SiteDesk.HelpCenter.Hosts;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter;

/// <summary>
/// Where the pages of a site's help centre are, in the letters of their own script: below <c>/help/KEY</c> of this program, or at the root
/// of a host of its own.
/// </summary>
/// <param name="Prefix">What links begin with: nothing on the help centre's own host, a path elsewhere, an origin in links from outside.</param>
/// <param name="Whole">What the same begins with for search engines, feeds and mails: an origin, with a path unless the host is its own.</param>
public sealed record HelpAddress(string Prefix, string Whole)
{
    /// <summary>As this program's other pages and the widget link to it: whole where the help centre has a host of its own, else a path.</summary>
    public static HelpAddress Of(Site site) => site.HelpOrigin is { } own ? new(own, own) : Stored(site.Key);

    /// <summary>As it is linked to from anywhere, a reply for example.</summary>
    /// <param name="desk">The public address.</param>
    public static HelpAddress Of(Site site, string desk)
    {
        var whole = site.HelpOrigin ?? desk.TrimEnd('/') + Below(site.Key);
        return new(whole, whole);
    }

    /// <summary>As articles link to each other: a path that stays good when the site gets a host, or gives it up.</summary>
    public static HelpAddress Stored(string siteKey) => new(Below(siteKey), Below(siteKey));

    /// <summary>As its own pages link to each other, under the host that was asked.</summary>
    /// <param name="root">The public address; of no account where the site has a host of its own.</param>
    public static HelpAddress Seen(HttpContext http, Site site, string root) => new(PrefixFor(http, site.Key), site.HelpOrigin ?? root + Below(site.Key));

    /// <summary>What the pages' own links begin with under the host that was asked.</summary>
    public static string PrefixFor(HttpContext http, string siteKey) => http.Features.Get<HelpHost>() is null ? Below(siteKey) : "";

    /// <summary>A picture or file of an article.</summary>
    public static string File(string sha256, string name) => $"/help-files/{sha256}/{Uri.EscapeDataString(name)}";

    /// <summary>The contact form, with what was asked. It answers under the help centre's own host, too.</summary>
    public static string Contact(string siteKey, string language, string question = "") =>
        $"/contact/{siteKey}?language={language}" + (question.Length > 0 ? $"&text={Uri.EscapeDataString(question)}" : "");

    public string Home(string language) => $"{Prefix}/{language}";

    public string Section(string language, string slug) => $"{Prefix}/{language}/sections/{slug}";

    public string Article(string language, string slug) => $"{Prefix}/{language}/articles/{slug}";

    public string Search(string language) => $"{Prefix}/{language}/search";

    public string Suggestions(string language) => $"{Prefix}/{language}/suggestions";

    public string Feed(string language) => $"{Prefix}/{language}/feed.atom";

    /// <summary>Where customers ask for a link to sign in.</summary>
    public string SignIn(string language) => $"{Prefix}/{language}/sign-in";

    /// <summary>One of this address's paths, whole and percent-encoded.</summary>
    public string Absolute(string path) => Whole + Encoded(path[Prefix.Length..]);

    /// <summary>The same address as headers, feeds and search engines want it: percent-encoded (RFC 3986, section 2.1).</summary>
    public static string Encoded(string address)
    {
        var origin = address.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme ? address.IndexOf('/', scheme + 3) : 0;
        return origin < 0 ? address : address[..origin] + string.Join('/', address[origin..].Split('/').Select(part => Uri.EscapeDataString(Uri.UnescapeDataString(part))));
    }

    private static string Below(string siteKey) => "/help/" + siteKey;
}
