using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Backup;

/// <summary>An archive opened for reading.</summary>
internal sealed class BackupReader : IDisposable
{
    private readonly ZipArchive _archive;

    private BackupReader(ZipArchive archive, ArchiveManifest manifest)
    {
        _archive = archive;
        Manifest = manifest;
    }

    public ArchiveManifest Manifest { get; }

    /// <exception cref="ConfigurationException">It is not there, not a backup, or of a newer format.</exception>
    public static BackupReader Open(string path)
    {
        ZipArchive archive;
        try
        {
            archive = ZipFile.OpenRead(path);
        }
        catch (Exception problem) when (problem is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"{path} is not a backup of SiteDesk: {problem.Message}", problem);
        }

        try
        {
            return new BackupReader(archive, ReadManifest(archive, path));
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static ArchiveManifest ReadManifest(ZipArchive archive, string path)
    {
        try
        {
            using var entry = (archive.GetEntry(ArchiveManifest.EntryName) ?? throw new InvalidDataException("it has no manifest.json")).Open();
            var manifest = JsonSerializer.Deserialize<ArchiveManifest>(entry, ArchiveManifest.Json) ?? throw new InvalidDataException("its manifest is empty");
            return manifest.Format == ArchiveManifest.CurrentFormat
                ? manifest
                : throw new ConfigurationException($"{path} has the backup format {manifest.Format}; this program reads format {ArchiveManifest.CurrentFormat}. Use the version of SiteDesk that wrote it ({manifest.Program}).");
        }
        catch (Exception problem) when (problem is InvalidDataException or JsonException)
        {
            throw new ConfigurationException($"{path} is not a backup of SiteDesk: {problem.Message}", problem);
        }
    }

    /// <summary>Reads everything once and compares every checksum.</summary>
    /// <exception cref="InvalidDataException">Something is missing or damaged; the message names it.</exception>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        foreach (var table in Manifest.Tables)
            await VerifyAsync(ArchivedTable.EntryName(table.Name), table.Sha256, cancellation);
        foreach (var file in Manifest.Files)
            await VerifyAsync($"files/{file}", file, cancellation);
    }

    private async Task VerifyAsync(string entryName, string sha256, CancellationToken cancellation)
    {
        await using var content = Entry(entryName);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) != sha256)
            throw new InvalidDataException($"{entryName} in the backup is damaged: its checksum differs.");
    }

    /// <summary>The rows of a table, one array of values each.</summary>
    public async IAsyncEnumerable<JsonElement> RowsAsync(ArchivedTable table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var entry = Entry(ArchivedTable.EntryName(table.Name));
        using var lines = new StreamReader(entry);
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            using var row = JsonDocument.Parse(line);
            yield return row.RootElement;
        }
    }

    public Stream OpenFile(string sha256) => Entry($"files/{sha256}");

    public void Dispose() => _archive.Dispose();

    private Stream Entry(string entryName) =>
        (_archive.GetEntry(entryName) ?? throw new InvalidDataException($"{entryName} is missing from the backup.")).Open();
}
