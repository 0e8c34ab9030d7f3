using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Backup;

/// <summary>Loads an archive's rows into a freshly migrated database: in one transaction, every reference checked at the end.</summary>
internal static class RowLoader
{
    /// <exception cref="InvalidDataException">Rows are missing, or point at rows that are not there.</exception>
    public static async Task LoadAsync(Database database, BackupReader archive, Action<string> report, CancellationToken cancellation)
    {
        await database.Database.OpenConnectionAsync(cancellation);
        var connection = database.Database.GetDbConnection();
        LoadingDialect dialect = connection is SqliteConnection sqlite ? new SqliteLoading(sqlite) : new PostgresLoading((NpgsqlConnection)connection);

        await dialect.BeforeTransactionAsync(cancellation);
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            await dialect.BeginAsync(cancellation);

            // A migration may have put rows in; the archive has them in the state they were in.
            foreach (var table in archive.Manifest.Tables)
                await dialect.ExecuteAsync($"DELETE FROM {SqlName.Quoted(table.Name)}", cancellation);
            foreach (var table in archive.Manifest.Tables)
            {
                report($"restoring {table.Rows} rows of {table.Name}");
                await LoadTableAsync(dialect, archive, table, cancellation);
            }

            await dialect.CheckReferencesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }

        await database.Database.CloseConnectionAsync();
    }

    private static async Task LoadTableAsync(LoadingDialect dialect, BackupReader archive, ArchivedTable table, CancellationToken cancellation)
    {
        await using var insert = await dialect.InsertAsync(table, cancellation);
        long rows = 0;
        await foreach (var row in archive.RowsAsync(table, cancellation))
        {
            rows++;
            Fill(insert, table, row);
            try
            {
                await insert.ExecuteNonQueryAsync(cancellation);
            }
            catch (DbException problem) when (problem.SqlState is { } state && state.StartsWith("22", StringComparison.Ordinal))
            {
                // SQLite does not hold texts to their length; PostgreSQL does.
                throw new InvalidDataException($"Row {rows} of {table.Name} in the backup does not fit into this database: {problem.Message}", problem);
            }
        }

        if (rows != table.Rows)
            throw new InvalidDataException($"The backup promises {table.Rows} rows of {table.Name} and holds {rows}.");
        if (table.NextKey is { } next)
            await dialect.ContinueNumberingAsync(table, next, cancellation);
    }

    private static void Fill(DbCommand insert, ArchivedTable table, JsonElement row)
    {
        if (row.GetArrayLength() != table.Columns.Count)
            throw new InvalidDataException($"A row of {table.Name} in the backup has {row.GetArrayLength()} values instead of {table.Columns.Count}.");
        for (var column = 0; column < table.Columns.Count; column++)
            insert.Parameters[column].Value = ColumnValues.Read(row[column], table.Columns[column].Type);
    }
}
