using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant;

/// <summary>The site a page is about, among those its reader may see.</summary>
/// <param name="Site">Null when the reader sees none, or asks for one they may not see.</param>
internal sealed record ChosenSite(Site? Site, IReadOnlyList<Site> Sites)
{
    /// <param name="wished">Its key; null for the first.</param>
    public static async Task<ChosenSite> ReadAsync(SiteDirectory directory, Staff staff, long? wished, CancellationToken cancellation)
    {
        var sites = await directory.VisibleToAsync(staff, cancellation);
        return new ChosenSite(wished is null ? sites.Count > 0 ? sites[0] : null : sites.FirstOrDefault(site => site.Id == wished), sites);
    }
}
