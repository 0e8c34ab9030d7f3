using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Sites;

/// <summary>The wording a site's visitors are asked to agree to now.</summary>
public static class ConsentTexts
{
    /// <returns>The newest version in the language, else in the site's own; null when the site has none.</returns>
    public static async Task<ConsentText?> CurrentAsync(Database database, long siteId, string language, string otherwise, CancellationToken cancellation)
    {
        var number = await CurrentNumberAsync(database, siteId, cancellation);
        var wordings = await database.Set<ConsentText>().AsNoTracking().Where(text => text.SiteId == siteId && text.Number == number).ToListAsync(cancellation);
        return wordings.Find(text => text.Language == language) ?? wordings.Find(text => text.Language == otherwise) ?? wordings.FirstOrDefault();
    }

    /// <returns>0 when the site has no text.</returns>
    public static async Task<int> CurrentNumberAsync(Database database, long siteId, CancellationToken cancellation) =>
        await database.Set<ConsentText>().Where(text => text.SiteId == siteId).MaxAsync(text => (int?)text.Number, cancellation) ?? 0;
}
