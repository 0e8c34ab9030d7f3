using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;

namespace SiteDesk.Tickets;

/// <summary>What lies in a draft over a weekend, or in an answer by mail that is held, is still there on Monday.</summary>
public sealed class DraftFiles(Database database) : IKeepUnattachedFiles
{
    public async Task<IReadOnlyCollection<string>> KeptAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellation)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        // One after the other: which files a draft names the database cannot be asked, and there are as many drafts as answers begun.
        await foreach (var named in database.Set<Draft>().AsNoTracking().Select(draft => draft.FileTokens).AsAsyncEnumerable().WithCancellation(cancellation))
            kept.UnionWith(named);
        kept.IntersectWith(tokens);
        return kept;
    }
}
