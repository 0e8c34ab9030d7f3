using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;

namespace SiteDesk.Platform.Files;

/// <summary>A feature in which something begun names files that are not attached to anything yet: they are kept as long as that is.</summary>
public interface IKeepUnattachedFiles
{
    /// <summary>Those of the files that are named.</summary>
    /// <param name="tokens">Of files that nothing is attached to; at most some hundreds.</param>
    public Task<IReadOnlyCollection<string>> KeptAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellation);
}

/// <summary>Removes files that were uploaded and never became part of anything, and bytes that no row names any more.</summary>
public sealed class FileRetention(Database database, FileStore files, DataFolder folder, IEnumerable<IKeepUnattachedFiles> keepers, TimeProvider time) : IRecurringJob
{
    /// <summary>How long somebody may take from choosing a file to sending the message.</summary>
    public static readonly TimeSpan UnattachedFor = TimeSpan.FromDays(1);

    /// <summary>An upload of the same bytes may be under way: only bytes untouched for this long go.</summary>
    public static readonly TimeSpan BytesUntouchedFor = TimeSpan.FromHours(1);

    private const int Batch = 200;

    public string Name => "platform.files";

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await RemoveUnattachedAsync(cancellation);
        await RemoveSpareBytesAsync(cancellation);
    }

    private async Task RemoveUnattachedAsync(CancellationToken cancellation)
    {
        var before = time.Now() - UnattachedFor;
        for (var after = 0L; ;)
        {
            var old = await database.Set<StoredFile>().Where(file => file.AttachedAt == null && file.CreatedAt < before && file.Id > after).OrderBy(file => file.Id).Take(Batch).ToListAsync(cancellation);
            if (old.Count == 0)
                return;
            after = old[^1].Id;
            var kept = new HashSet<string>(StringComparer.Ordinal);
            foreach (var keeper in keepers)
                kept.UnionWith(await keeper.KeptAsync(old.ConvertAll(file => file.Token), cancellation));
            database.RemoveRange(old.Where(file => !kept.Contains(file.Token)));
            await database.SaveChangesAsync(cancellation);
            database.ChangeTracker.Clear();
        }
    }

    /// <summary>Walks the folder rather than the rows: a crash between bytes and row also leaves spare bytes.</summary>
    private async Task RemoveSpareBytesAsync(CancellationToken cancellation)
    {
        var root = folder.Path("files");
        if (!Directory.Exists(root))
            return;
        var before = time.Now() - BytesUntouchedFor;
        var old = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(path => File.GetLastWriteTimeUtc(path) < before);
        foreach (var paths in old.Chunk(Batch))
        {
            var names = paths.Select(path => Path.GetFileName(path)).ToList();
            var known = (await database.Set<StoredFile>().Where(file => names.Contains(file.Sha256)).Select(file => file.Sha256).Distinct().ToListAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
            foreach (var path in paths.Where(path => IsSpare(path, known, before)))
                File.Delete(path);
        }
    }

    private bool IsSpare(string path, HashSet<string> known, DateTime before)
    {
        var name = Path.GetFileName(path);
        var isLeftUpload = path.StartsWith(folder.Path("files", "incoming"), StringComparison.Ordinal);
        var isContent = name.Length == 64 && path == files.PathOf(name);

        // Looked at again: an upload of the same bytes touches them before its row is stored.
        return (isLeftUpload || isContent && !known.Contains(name)) && File.GetLastWriteTimeUtc(path) < before;
    }
}
