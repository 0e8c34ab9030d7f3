using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;

namespace SiteDesk.CommandLine.Backup;

/// <summary>
/// Brings an archive back, into either engine. The rows are loaded into a database of their own beside the one in use, in the
/// schema they were written in, then upgraded, and put in place in one step at the end: whatever goes wrong before leaves
/// everything as it was.
/// </summary>
internal sealed class Restoration(DatabaseAddress address, DatabaseCompanions companions, DataFolder folder, FileStore files, IEnumerable<IExtendSchema> extensions)
{
    /// <param name="replace">Whether an installation that is in use already may be replaced.</param>
    /// <param name="report">Told what is being done, for the person who waits.</param>
    /// <exception cref="ConfigurationException">The archive or the target does not allow it; the message says what to do.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public async Task<RestoredBackup> RestoreAsync(string path, bool replace, Action<string> report, CancellationToken cancellation)
    {
        using var archive = BackupReader.Open(path);
        report($"checking {path}");
        await archive.VerifyAsync(cancellation);

        await using var place = RestorePlace.For(address, companions);
        await place.RefuseWhenInUseAsync(cancellation);
        if (!replace && await place.HoldsAnInstallationAsync(cancellation))
            throw new ConfigurationException("The target already holds an installation. Give --force to replace it by the backup, or name another database and data folder.");

        await using (var staging = await place.PrepareStagingAsync(cancellation))
        {
            var written = MigrationName.Find(staging.Database.GetMigrations(), archive.Manifest.Schema)
                ?? throw new ConfigurationException($"The backup was written by a newer SiteDesk ({archive.Manifest.Program}, schema “{archive.Manifest.Schema}”). Restore it with that version or a later one.");
            await staging.GetService<IMigrator>().MigrateAsync(written, cancellation);
            await RowLoader.LoadAsync(staging, archive, report, cancellation);

            if (staging.Database.GetMigrations().Last() != written)
            {
                report("upgrading the schema");
                await staging.Database.MigrateAsync(cancellation);
            }

            report("building the search index");
            await staging.ExtendAsync(extensions, cancellation);
            await place.RebuildSearchAsync(staging, cancellation);
        }

        report($"restoring {archive.Manifest.Files.Count} files");
        foreach (var file in archive.Manifest.Files)
            await RestoreFileAsync(archive, file, cancellation);
        var kept = await place.PutInPlaceAsync(cancellation);
        return new RestoredBackup(archive.Manifest, kept);
    }

    private async Task RestoreFileAsync(BackupReader archive, string sha256, CancellationToken cancellation)
    {
        var target = files.PathOf(sha256);
        if (await FileDigest.MatchesAsync(target, sha256, cancellation))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var incoming = folder.Path("files", sha256 + ".restoring");
        await using (var content = archive.OpenFile(sha256))
        await using (var written = File.Create(incoming))
        {
            await content.CopyToAsync(written, cancellation);
            written.Flush(flushToDisk: true);
        }

        File.Move(incoming, target, overwrite: true);
    }
}

/// <param name="KeptAside">Where the replaced database was put, for the case of a mistake; null when nothing was replaced or nothing is kept.</param>
internal sealed record RestoredBackup(ArchiveManifest Manifest, string? KeptAside);
