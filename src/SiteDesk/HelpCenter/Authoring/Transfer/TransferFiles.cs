using System.IO.Compression;
using System.Text;
using SiteDesk.Mail;
using SiteDesk.Platform;

namespace SiteDesk.HelpCenter.Authoring.Transfer;

/// <summary>The files of an import, by their paths with slashes; held in memory, within limits.</summary>
/// <remarks>Nothing is ever written under a name that came from outside: path tricks lead nowhere, and are refused all the same.</remarks>
public sealed class TransferFiles
{
    public const int MostFiles = 20_000;

    /// <summary>Bytes of all files together, unpacked.</summary>
    public const long MostBytes = 200L * 1024 * 1024;

    /// <summary>Bytes of one file, unpacked.</summary>
    public const long MostBytesOfOne = 20L * 1024 * 1024;

    /// <summary>How much larger than packed an archive may be when it is above a size no honest text reaches.</summary>
    private const int MostRatio = 200;

    private const int LongestPath = 400;

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private ILookup<string, string>? _pathsByName;
    private long _bytes;

    public IEnumerable<string> Paths => _files.Keys;

    public int Count => _files.Count;

    /// <returns>Null when there is no such file.</returns>
    public byte[]? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>The path of the file at some path, or else of the one that has this path below the fewest other folders.</summary>
    public string? FindBelow(string path)
    {
        _pathsByName ??= _files.Keys.ToLookup(known => known.Split('/')[^1], StringComparer.Ordinal);
        return _pathsByName[path.Split('/')[^1]].Where(known => known == path || known.EndsWith("/" + path, StringComparison.Ordinal)).MinBy(known => known.Length);
    }

    /// <summary>A file as text: UTF-8, or what its mark or its letters say (UTF-16, windows-1251, GB18030).</summary>
    public string Text(string path) => Charsets.Decode(_files[path], label: null, out _).TrimStart('\uFEFF');

    public void Set(string path, byte[] content)
    {
        _files[path] = content;
        _pathsByName = null;
    }

    public void Set(string path, string text) => Set(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Reads an archive. What is unpacked is counted, not what the archive says of itself.</summary>
    public static async Task<Outcome<TransferFiles>> OfZipAsync(Stream archive, long archiveBytes, CancellationToken cancellation)
    {
        var files = new TransferFiles();
        try
        {
            await using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true, EntryNames.Unread);
            if (zip.Entries.Count > MostFiles)
                return new Problem("file", "help-transfer.too-many-files", ("count", MostFiles));
            foreach (var (entry, name) in zip.Entries.Zip(EntryNames.Read([.. zip.Entries.Select(entry => entry.FullName)])))
            {
                var path = PathOf(name);
                if (path.Length == 0 || path.EndsWith('/') || IsRubbish(path) || IsSymbolicLink(entry))
                    continue;
                if (!IsSafe(path))
                    return new Problem("file", "help-transfer.path-refused", ("path", Shortened(path)));
                await using var content = await entry.OpenAsync(cancellation);
                if (await files.TakeAsync(path, content, archiveBytes, cancellation) is { } problem)
                    return problem;
            }
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            return new Problem("file", "help-transfer.not-zip");
        }

        return files.WithoutCommonFolder();
    }

    /// <summary>Reads a folder; links that lead out of it are not followed.</summary>
    public static async Task<Outcome<TransferFiles>> OfFolderAsync(string folder, CancellationToken cancellation)
    {
        var files = new TransferFiles();
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.System, MaxRecursionDepth = 20 };
        foreach (var path in Directory.EnumerateFiles(folder, "*", options).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (IsRubbish(relative))
                continue;
            if (files.Count >= MostFiles)
                return new Problem("file", "help-transfer.too-many-files", ("count", MostFiles));
            await using var content = File.OpenRead(path);
            if (await files.TakeAsync(relative, content, long.MaxValue / MostRatio, cancellation) is { } problem)
                return problem;
        }

        return files;
    }

    public async Task WriteZipAsync(Stream target, CancellationToken cancellation)
    {
        await using var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: Encoding.UTF8, cancellation);
        foreach (var (path, content) in _files)
        {
            await using var entry = await zip.CreateEntry(path, CompressionLevel.Optimal).OpenAsync(cancellation);
            await entry.WriteAsync(content, cancellation);
        }
    }

    public async Task WriteFolderAsync(string folder, CancellationToken cancellation)
    {
        foreach (var (path, content) in _files)
        {
            var target = Path.Combine([folder, .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllBytesAsync(target, content, cancellation);
        }
    }

    // Its content is the path of another file, which is no text and no picture (Info-ZIP keeps the file's mode in the upper half).
    private static bool IsSymbolicLink(ZipArchiveEntry entry)
    {
        const int kindOfFile = 0xF000;
        const int symbolicLink = 0xA000;
        return ((entry.ExternalAttributes >> 16) & kindOfFile) == symbolicLink;
    }

    private async Task<Problem?> TakeAsync(string path, Stream content, long archiveBytes, CancellationToken cancellation)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
        {
            _bytes += read;
            if (kept.Length + read > MostBytesOfOne || _bytes > MostBytes)
                return new Problem("file", "help-transfer.too-large", ("path", Shortened(path)), ("megabytes", MostBytes / 1024 / 1024));
            if (_bytes > 4 * 1024 * 1024 && _bytes / MostRatio > archiveBytes)
                return new Problem("file", "help-transfer.bomb");
            kept.Write(buffer, 0, read);
        }

        if (!_files.TryAdd(path, kept.ToArray()))
            return new Problem("file", "help-transfer.twice", ("path", Shortened(path)));
        return null;
    }

    // An archive of a folder has the folder's name before every path.
    private TransferFiles WithoutCommonFolder()
    {
        if (_files.Count == 0 || _files.Keys.First().Split('/') is not [var first, _, ..] || first is "en" or "ru" or "zh-Hans" or "pictures" || !_files.Keys.All(path => path.StartsWith(first + "/", StringComparison.Ordinal)))
            return this;
        var inside = new TransferFiles();
        foreach (var (path, content) in _files)
            inside.Set(path[(first.Length + 1)..], content);
        return inside;
    }

    // Windows writes its own slashes, some tools a dot for the folder that was packed.
    private static string PathOf(string name)
    {
        var path = name.Replace('\\', '/');
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }

    private static bool IsRubbish(string path) => path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path.Split('/')[^1] is ".DS_Store" or "Thumbs.db" or "desktop.ini";

    private static bool IsSafe(string path) =>
        path.Length <= LongestPath && !path.StartsWith('/') && !path.Contains(':', StringComparison.Ordinal) && !path.Any(char.IsControl) && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static string Shortened(string path) => new([.. path.Take(80).Select(symbol => char.IsControl(symbol) ? '?' : symbol)]);
}
