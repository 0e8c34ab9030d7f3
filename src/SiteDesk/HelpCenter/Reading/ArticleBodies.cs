using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>The bodies readers opened lately, rendered once for each version. A version never changes, so nothing here grows old.</summary>
internal sealed class ArticleBodies(IServiceScopeFactory scopes, TextCatalog catalog) : IDisposable
{
    /// <summary>Characters kept on a node, about twice as many bytes.</summary>
    private const long MostCharacters = 16 * 1024 * 1024;

    private readonly MemoryCache _rendered = new(new MemoryCacheOptions { SizeLimit = MostCharacters });

    /// <param name="Source">Canonical HTML, for marking what was searched.</param>
    public sealed record Body(string Source, ArticleMarkup Markup);

    /// <param name="language">The language the article is written in.</param>
    public async ValueTask<Body> ReadAsync(long versionId, string language, CancellationToken cancellation)
    {
        if (_rendered.TryGetValue(versionId, out Body? known))
            return known!;
        await using var scope = scopes.CreateAsyncScope();
        var source = await scope.ServiceProvider.GetRequiredService<Database>().Set<ArticleVersion>().AsNoTracking()
            .Where(version => version.Id == versionId).Select(version => version.Body).FirstAsync(cancellation);
        return Keep(versionId, language, source);
    }

    /// <summary>Several at once, for a page of results.</summary>
    public async Task<Dictionary<long, Body>> ReadAsync(IReadOnlyCollection<long> versionIds, string language, CancellationToken cancellation)
    {
        var bodies = new Dictionary<long, Body>();
        var missing = new List<long>();
        foreach (var versionId in versionIds)
        {
            if (_rendered.TryGetValue(versionId, out Body? known))
                bodies[versionId] = known!;
            else
                missing.Add(versionId);
        }

        if (missing.Count == 0)
            return bodies;
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<Database>().Set<ArticleVersion>().AsNoTracking()
            .Where(version => missing.Contains(version.Id)).Select(version => new { version.Id, version.Body }).ToListAsync(cancellation);
        foreach (var row in rows)
            bodies[row.Id] = Keep(row.Id, language, row.Body);
        return bodies;
    }

    public void Dispose() => _rendered.Dispose();

    private Body Keep(long versionId, string language, string source)
    {
        var body = new Body(source, ArticleMarkup.Of(source, new Texts(catalog, language, TimeZoneInfo.Utc)));
        var size = source.Length + body.Markup.Html.Length + body.Markup.Text.Plain.Length;
        _rendered.Set(versionId, body, new MemoryCacheEntryOptions { Size = size });
        return body;
    }
}
