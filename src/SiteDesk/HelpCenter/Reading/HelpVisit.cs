using SiteDesk.Customers;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Somebody reads a site's help centre in a language.</summary>
/// <param name="Address">Where its pages are, under the host that was asked.</param>
/// <param name="Root">The origin of its whole addresses: the site's own host, else the public address.</param>
public sealed record HelpVisit(Site Site, string Language, HelpSnapshot Snapshot, HelpReader Reader, HelpAddress Address, string Root)
{
    public HelpShelf Shelf => Snapshot.Shelves[Language];

    /// <summary>The site's languages with this one first: in which to look for what this one lacks.</summary>
    public IEnumerable<string> LanguagesByNearness => Site.Languages.Where(Snapshot.Shelves.ContainsKey).OrderByDescending(language => language == Language);

    internal PageName NameOf(string kind, long key) => new(Snapshot.Generation, Site.Version, Address, Language, Reader, kind, key);
}

/// <summary>Finds out who reads what.</summary>
internal sealed class HelpVisits(SiteDirectory sites, HelpSnapshots snapshots, CustomerSessions customers, PublicAddress address)
{
    /// <returns>Null when there is no such site, or it is not served in this language.</returns>
    public async ValueTask<HelpVisit?> FindAsync(HttpContext http, string siteKey, string language)
    {
        if (await sites.FindAsync(siteKey, http.RequestAborted) is not { } site || !site.Languages.Contains(language))
            return null;
        http.SetReader(language, site.Hours.TimeZone);
        var staff = http.FindStaff();
        var seesAll = staff?.SeesSite(site.Id) == true;
        // Authors look at what they have published a moment ago; readers never wait for a snapshot.
        var snapshot = seesAll ? await snapshots.FreshAsync(site.Id, http.RequestAborted) : await snapshots.ReadAsync(site.Id, http.RequestAborted);
        var root = site.HelpOrigin ?? address.Of(http);
        return new HelpVisit(site, language, snapshot, seesAll ? ReaderLevel.Staff : await ReaderAsync(http, snapshot), HelpAddress.Seen(http, site, root), root);
    }

    private async Task<HelpReader> ReaderAsync(HttpContext http, HelpSnapshot snapshot) =>
        await customers.FindAsync(http, http.RequestAborted) is { } customer ? snapshot.ReaderOf(customer) : ReaderLevel.Everybody;
}
