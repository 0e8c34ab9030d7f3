using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>Adds a website. Saved by the caller, so that the set-up makes owner and site in one transaction.</summary>
public sealed class CreateSite(Database database, TimeProvider time)
{
    /// <param name="Address">The website's address; its host becomes the first allowed domain.</param>
    public sealed record Request(string Name, string Address, IReadOnlyList<string> Languages, string TimeZone);

    public Outcome<Site> Run(Request request)
    {
        var problems = new List<Problem>();
        if (request.Name.Trim().Length is 0 or > 100)
            problems.Add(new Problem("siteName", "site.name-needed"));
        var address = ParseAddress(request.Address);
        if (address is null)
            problems.Add(new Problem("siteAddress", "site.address-needed"));
        var languages = request.Languages.Where(Platform.Localisation.Languages.All.Contains).Distinct(StringComparer.Ordinal).ToList();
        if (languages.Count == 0)
            problems.Add(new Problem("languages", "site.language-needed"));
        if (problems.Count > 0)
            return problems;

        var site = new Site
        {
            Key = Tokens.New(),
            Name = request.Name.Trim(),
            Address = address!.GetLeftPart(UriPartial.Path).TrimEnd('/'),
            Domains = DomainsOf(address),
            Languages = languages,
            Hours = BusinessHours.WeekdaysNineToSix(TimeZones.Exists(request.TimeZone) ? request.TimeZone : "Etc/UTC"),
            CreatedAt = time.Now(),
        };
        database.Add(site);
        return site;
    }

    /// <summary>Understands an address with or without its scheme.</summary>
    public static Uri? ParseAddress(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length is 0 or > 300)
            return null;
        var withScheme = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : "https://" + trimmed;
        return Uri.TryCreate(withScheme, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Host.Length > 0 ? address : null;
    }

    private static List<string> DomainsOf(Uri address)
    {
        var host = address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port}";
        var isPlainName = address.HostNameType == UriHostNameType.Dns && host.Contains('.', StringComparison.Ordinal);
        if (!isPlainName)
            return [host];
        return host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? [host[4..], host] : [host, "www." + host];
    }
}
