using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Platform.Files;

/// <summary>A file somebody gave us. The bytes lie in the data folder under their SHA-256, once however often they were sent.</summary>
public sealed class StoredFile
{
    public long Id { get; init; }

    /// <summary>Unguessable public name.</summary>
    public required string Token { get; init; }

    /// <summary>The name it came with, made safe.</summary>
    public required string Name { get; init; }

    /// <summary>What the sender said it is; never trusted for showing it.</summary>
    public required string ContentType { get; init; }

    public required long Size { get; init; }

    /// <summary>Lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it became part of a message; what nobody attached is removed after a day.</summary>
    public DateTime? AttachedAt { get; set; }

    /// <summary>Pixels, for pictures whose header could be read: the page keeps their place free.</summary>
    public int? Width { get; set; }

    public int? Height { get; set; }

    public bool IsPicture => PictureTypes.Contains(ContentType);

    private static readonly HashSet<string> PictureTypes = new(StringComparer.OrdinalIgnoreCase) { "image/png", "image/jpeg", "image/gif", "image/webp" };
}

/// <summary>Looks into a file before it is kept. The default accepts everything; clamd can be connected.</summary>
public interface IVirusScan
{
    /// <returns>The name of what was found, or null for a clean file.</returns>
    /// <exception cref="IOException">The scanner cannot be reached; the file is refused.</exception>
    Task<string?> FindAsync(Stream content, CancellationToken cancellation);
}

internal sealed class NoVirusScan : IVirusScan
{
    public Task<string?> FindAsync(Stream content, CancellationToken cancellation) => Task.FromResult<string?>(null);
}

/// <summary>Limits on files; set under <c>Files</c> in the configuration.</summary>
public sealed class FileLimits
{
    /// <summary>Bytes a single file may have.</summary>
    public long MostBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Names ending so are refused: what a mail client or browser would run.</summary>
    public List<string> RefusedExtensions { get; set; } = [".exe", ".com", ".bat", ".cmd", ".scr", ".pif", ".msi", ".vbs", ".js", ".jse", ".wsf", ".hta", ".jar", ".ps1", ".lnk", ".cpl", ".reg"];
}

/// <summary>Keeps files in the data folder, addressed by content.</summary>
public sealed class FileStore(DataFolder folder, Database database, IVirusScan scan, FileLimits limits, TimeProvider time, ILogger<FileStore> log)
{
    /// <summary>Reads the stream to its end, or to the limit, and stores it. The row becomes durable with the caller's save.</summary>
    public async Task<Outcome<StoredFile>> KeepAsync(Stream content, string fileName, string contentType, CancellationToken cancellation)
    {
        var name = SafeFileName.Of(fileName);
        if (limits.RefusedExtensions.Exists(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
            return new Problem("file", "file.refused-type", ("name", name));

        var incoming = folder.Path("files", "incoming", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.GetDirectoryName(incoming)!);
        try
        {
            var (size, sha256) = await ReceiveAsync(content, incoming, cancellation);
            if (size > limits.MostBytes)
                return new Problem("file", "file.too-large", ("name", name), ("megabytes", limits.MostBytes / 1024 / 1024));
            if (size == 0)
                return new Problem("file", "file.empty", ("name", name));
            if (await ScanAsync(incoming, name, cancellation) is { } refused)
                return refused;
            return await AdoptAsync(incoming, name, contentType, size, sha256, cancellation);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    private async Task<Problem?> ScanAsync(string path, string name, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(path);
        try
        {
            return await scan.FindAsync(content, cancellation) is null ? null : new Problem("file", "file.infected", ("name", name));
        }
        catch (IOException problem)
        {
            // An unchecked file must not pass for a clean one; the administrator learns why, the sender that it may work later.
            log.LogError(problem, "A file was refused because it could not be scanned.");
            return new Problem("file", "file.not-scanned", ("name", name));
        }
    }

    /// <summary>Opens the bytes for reading.</summary>
    /// <exception cref="FileNotFoundException">The data folder has lost them.</exception>
    public Stream Open(StoredFile file) =>
        new FileStream(PathOf(file.Sha256), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Where the bytes with this digest lie.</summary>
    public string PathOf(string sha256) => folder.Path("files", sha256[..2], sha256);

    public Task<StoredFile?> FindAsync(string token, CancellationToken cancellation) =>
        database.Set<StoredFile>().FirstOrDefaultAsync(file => file.Token == token, cancellation);

    private async Task<(long Size, string Sha256)> ReceiveAsync(Stream content, string path, CancellationToken cancellation)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        long size = 0;
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, buffer.Length, FileOptions.Asynchronous);
        int read;
        while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
        {
            size += read;
            if (size > limits.MostBytes)
                break;
            digest.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        // On disk before the row that names it: a crash leaves a spare file, never a row without its bytes.
        target.Flush(flushToDisk: true);
        return (size, Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    private async Task<StoredFile> AdoptAsync(string incoming, string name, string contentType, long size, string sha256, CancellationToken cancellation)
    {
        var final = PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(final)!);
        if (!File.Exists(final))
            File.Move(incoming, final, overwrite: true);
        else
            File.SetLastWriteTimeUtc(final, time.Now()); // in use again: the tidying leaves fresh bytes alone

        var file = new StoredFile
        {
            Token = Tokens.New(),
            Name = name,
            ContentType = ContentTypes.Clean(contentType, name),
            Size = size,
            Sha256 = sha256,
            CreatedAt = time.Now(),
        };
        if (file.IsPicture)
        {
            await using var picture = Open(file);
            (file.Width, file.Height) = await PictureSize.ReadAsync(picture, cancellation);
        }

        database.Add(file);
        return file;
    }
}
