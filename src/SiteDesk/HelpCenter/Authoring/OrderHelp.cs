using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Puts sections and articles into another order: a step up or down, or before another.</summary>
public sealed class OrderHelp(Database database, HelpStamp stamp, AuditLog audit)
{
    /// <param name="beforeId">The article it is put before; null for the end of the section.</param>
    public async Task PutAsync(Article article, Section section, long? beforeId, Staff by, CancellationToken cancellation)
    {
        var others = await database.Set<Article>().Where(other => other.SectionId == section.Id && other.Id != article.Id).OrderBy(other => other.Position).ThenBy(other => other.Id).ToListAsync(cancellation);
        var place = beforeId is null ? -1 : others.FindIndex(other => other.Id == beforeId);
        others.Insert(place < 0 ? others.Count : place, article);
        foreach (var (index, other) in others.Index())
            other.Move(section.Id, index);
        audit.Write(by.AsActor(), "help.ordered", FormattableString.Invariant($"article:{article.Id}"));
        await SaveAsync(article.SiteId, cancellation);
    }

    /// <summary>One place up or down among the articles of its section.</summary>
    public async Task StepAsync(Article article, bool up, Staff by, CancellationToken cancellation)
    {
        var section = await database.Set<Section>().FirstAsync(row => row.Id == article.SectionId, cancellation);
        var all = await database.Set<Article>().AsNoTracking().Where(other => other.SectionId == section.Id && other.RemovedAt == null).OrderBy(other => other.Position).ThenBy(other => other.Id).Select(other => other.Id).ToListAsync(cancellation);
        if (Before(all, article.Id, up) is { IsMove: true } move)
            await PutAsync(article, section, move.BeforeId, by, cancellation);
    }

    public async Task PutAsync(Section section, long? parentId, long? beforeId, Staff by, CancellationToken cancellation)
    {
        var others = await database.Set<Section>().Where(other => other.SiteId == section.SiteId && other.ParentId == parentId && other.Id != section.Id).OrderBy(other => other.Position).ThenBy(other => other.Id).ToListAsync(cancellation);
        var place = beforeId is null ? -1 : others.FindIndex(other => other.Id == beforeId);
        others.Insert(place < 0 ? others.Count : place, section);
        foreach (var (index, other) in others.Index())
            other.Move(parentId, index);
        audit.Write(by.AsActor(), "help.ordered", FormattableString.Invariant($"help-section:{section.Id}"));
        await SaveAsync(section.SiteId, cancellation);
    }

    public async Task StepAsync(Section section, bool up, Staff by, CancellationToken cancellation)
    {
        var all = await database.Set<Section>().AsNoTracking().Where(other => other.SiteId == section.SiteId && other.ParentId == section.ParentId).OrderBy(other => other.Position).ThenBy(other => other.Id).Select(other => other.Id).ToListAsync(cancellation);
        if (Before(all, section.Id, up) is { IsMove: true } move)
            await PutAsync(section, section.ParentId, move.BeforeId, by, cancellation);
    }

    private static (bool IsMove, long? BeforeId) Before(List<long> all, long id, bool up)
    {
        var at = all.IndexOf(id);
        if (up ? at <= 0 : at < 0 || at == all.Count - 1)
            return (false, null);
        return (true, up ? all[at - 1] : at + 2 < all.Count ? all[at + 2] : null);
    }

    private async Task SaveAsync(long siteId, CancellationToken cancellation)
    {
        await stamp.MoveAsync(siteId, cancellation);
        await database.SaveChangesAsync(cancellation);
    }
}
