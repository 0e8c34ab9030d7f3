using System.Buffers;
using System.Data;
using System.Data.Common;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;

namespace SiteDesk.CommandLine.Backup;

/// <summary>
/// Writes everything of an installation into one archive while the program goes on working. All rows are read in one transaction
/// that sees one moment: SQLite's write-ahead log and PostgreSQL's snapshots both give that without holding up writers.
/// </summary>
internal sealed class BackupWriter(Database database, FileStore files, TimeProvider time)
{
    /// <summary>Writes the archive beside its final name, checks it, and gives it the name last: a file of that name is always whole.</summary>
    /// <exception cref="IOException">The disk is full, or the written archive does not read back the same.</exception>
    public async Task<ArchiveManifest> WriteAsync(string path, CancellationToken cancellation)
    {
        var partial = path + ".partial";
        try
        {
            ArchiveManifest manifest;
            await using (var file = new FileStream(partial, NewPrivateFile()))
            {
                manifest = await WriteAsync(file, cancellation);
                file.Flush(flushToDisk: true);
            }

            using (var written = BackupReader.Open(partial))
                await written.VerifyAsync(cancellation);
            File.Move(partial, path, overwrite: true);
            return manifest;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    // An archive holds customers' messages: nobody but its owner may read it.
    private static FileStreamOptions NewPrivateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 128 * 1024 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private async Task<ArchiveManifest> WriteAsync(Stream target, CancellationToken cancellation)
    {
        using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        await database.Database.OpenConnectionAsync(cancellation);
        var connection = database.Database.GetDbConnection();
        await using var moment = await BeginMomentAsync(connection, cancellation);

        var schema = (await database.Database.GetAppliedMigrationsAsync(cancellation)).LastOrDefault()
            ?? throw new ConfigurationException("The database is empty: there is nothing to back up. Start the program once, or run sitedesk migrate.");
        var tables = new List<ArchivedTable>();
        foreach (var table in StoredTable.AllOf(database))
            tables.Add(await WriteTableAsync(archive, connection, moment, table, cancellation));
        var (kept, missing) = await WriteFilesAsync(archive, connection, moment, cancellation);

        var manifest = new ArchiveManifest(
            ArchiveManifest.CurrentFormat, ProgramVersion(), MigrationName.Of(schema), time.Now(), tables, kept, missing);
        await using var entry = archive.CreateEntry(ArchiveManifest.EntryName).Open();
        await JsonSerializer.SerializeAsync(entry, manifest, ArchiveManifest.Json, cancellation);
        return manifest;
    }

    private static async Task<DbTransaction> BeginMomentAsync(DbConnection connection, CancellationToken cancellation)
    {
        // A deferred transaction takes no lock that a writer would notice; its first read fixes the moment.
        if (connection is SqliteConnection sqlite)
            return sqlite.BeginTransaction(deferred: true);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SET TRANSACTION READ ONLY";
        await command.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }

    private static async Task<ArchivedTable> WriteTableAsync(
        ZipArchive archive, DbConnection connection, DbTransaction moment, StoredTable table, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = moment;
        command.CommandText = $"SELECT {SqlName.Quoted(table.Columns.Select(column => column.Name))} FROM {SqlName.Quoted(table.Name)}"
            + (table.Key.Count > 0 ? $" ORDER BY {SqlName.Quoted(table.Key)}" : "");

        long rows = 0;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var entry = archive.CreateEntry(ArchivedTable.EntryName(table.Name), CompressionLevel.Fastest).Open())
        {
            var line = new ArrayBufferWriter<byte>();
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
            for (; await reader.ReadAsync(cancellation); rows++)
            {
                WriteRow(line, reader, table.Columns);
                digest.AppendData(line.WrittenSpan);
                await entry.WriteAsync(line.WrittenMemory, cancellation);
                line.ResetWrittenCount();
            }
        }

        var next = table.NumberedKey is null ? (long?)null : await NextKeyAsync(connection, moment, table, cancellation);
        return new ArchivedTable(table.Name, table.Columns, rows, next, Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    private static void WriteRow(ArrayBufferWriter<byte> line, DbDataReader reader, IReadOnlyList<ArchivedColumn> columns)
    {
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartArray();
            for (var column = 0; column < columns.Count; column++)
                ColumnValues.Write(json, reader, column, columns[column].Type);
            json.WriteEndArray();
        }

        line.Write("\n"u8);
    }

    private static async Task<long> NextKeyAsync(DbConnection connection, DbTransaction moment, StoredTable table, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = moment;
        var highest = $"SELECT COALESCE(MAX({SqlName.Quoted(table.NumberedKey!)}), 0) FROM {SqlName.Quoted(table.Name)}";
        // A sequence is not part of PostgreSQL's snapshot, so it may be ahead of the rows; that only leaves a gap.
        command.CommandText = connection is SqliteConnection
            ? $"SELECT MAX(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = '{table.Name}'), 0), ({highest})) + 1"
            : $"SELECT GREATEST(COALESCE(pg_sequence_last_value(pg_get_serial_sequence('{SqlName.Quoted(table.Name)}', '{table.NumberedKey}')::regclass), 0), ({highest})) + 1";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<(List<string> Kept, List<string> Missing)> WriteFilesAsync(
        ZipArchive archive, DbConnection connection, DbTransaction moment, CancellationToken cancellation)
    {
        var digests = new List<string>();
        await using (var command = connection.CreateCommand())
        {
            command.Transaction = moment;
            command.CommandText = FileDigestsQuery();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                digests.Add(reader.GetString(0));
        }

        List<string> kept = [], missing = [];
        foreach (var digest in digests)
        {
            // Checked before it is copied: a damaged file would otherwise be carried on as a good one.
            if (await FileDigest.MatchesAsync(files.PathOf(digest), digest, cancellation))
            {
                // Pictures and documents are compressed already; storing them saves most of a backup's time.
                archive.CreateEntryFromFile(files.PathOf(digest), $"files/{digest}", CompressionLevel.NoCompression);
                kept.Add(digest);
            }
            else
            {
                missing.Add(digest);
            }
        }

        return (kept, missing);
    }

    private string FileDigestsQuery()
    {
        var entity = database.Model.FindEntityType(typeof(StoredFile))!;
        var column = SqlName.Quoted(entity.FindProperty(nameof(StoredFile.Sha256))!.GetColumnName());
        return $"SELECT DISTINCT {column} FROM {SqlName.Quoted(entity.GetTableName()!)} ORDER BY {column}";
    }

    private static string ProgramVersion() =>
        typeof(BackupWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
