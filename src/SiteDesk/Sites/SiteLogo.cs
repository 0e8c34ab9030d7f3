using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>A site's logo: a small picture, kept like every other file.</summary>
public sealed class SiteLogo(Database database, FileStore files, ChangeSite change, TimeProvider time)
{
    /// <summary>Bytes; every page of the site shows it.</summary>
    public const long MostBytes = 512 * 1024;

    /// <summary>Pixels of the longer side.</summary>
    public const int LongestSide = 2000;

    public async Task<Outcome<Site>> SetAsync(Site site, IFormFile? upload, Staff by, CancellationToken cancellation)
    {
        if (upload is null || upload.Length == 0)
            return new Problem("Logo", "site.logo-needed");
        if (upload.Length > MostBytes)
            return new Problem("Logo", "site.logo-large", ("size", MostBytes / 1024));
        await using var content = upload.OpenReadStream();
        var kept = await files.KeepAsync(content, upload.FileName, upload.ContentType, cancellation);
        if (!kept.Succeeded)
            return kept.Problems.Select(problem => problem with { Field = "Logo" }).ToList();
        if (!kept.Value.IsPicture || kept.Value.Width is null or > LongestSide || kept.Value.Height is null or > LongestSide)
        {
            // The row is not stored; the bytes go with the next tidying.
            database.Entry(kept.Value).State = EntityState.Detached;
            return new Problem("Logo", "site.logo-kind", ("count", LongestSide));
        }

        await ReleaseAsync(site, cancellation);
        kept.Value.AttachedAt = time.Now();
        site.Logo = kept.Value.Token;
        return await change.SaveAsync(site, "site.logo-changed", by, cancellation);
    }

    public async Task<Outcome<Site>> RemoveAsync(Site site, Staff by, CancellationToken cancellation)
    {
        await ReleaseAsync(site, cancellation);
        site.Logo = null;
        return await change.SaveAsync(site, "site.logo-removed", by, cancellation);
    }

    /// <summary>The picture of a site that is served.</summary>
    public async Task<StoredFile?> FindAsync(string token, CancellationToken cancellation) =>
        await database.Set<Site>().AnyAsync(site => site.Logo == token, cancellation) ? await files.FindAsync(token, cancellation) : null;

    private async Task ReleaseAsync(Site site, CancellationToken cancellation)
    {
        if (site.Logo is { } token && await files.FindAsync(token, cancellation) is { } former)
            database.Remove(former);
    }
}
