using Microsoft.EntityFrameworkCore;
using Npgsql;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Backup;

/// <summary>On PostgreSQL the staged database is a schema beside the one in use, and the swap is one transaction.</summary>
internal sealed class PostgresRestorePlace(DatabaseAddress address, DatabaseCompanions companions) : RestorePlace
{
    private const string StagingSchema = "sitedesk_restoring";

    private readonly NpgsqlDataSource _server = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(address.ConnectionString) { ApplicationName = "SiteDesk restore", Pooling = false }.ToString());

    public override async Task RefuseWhenInUseAsync(CancellationToken cancellation)
    {
        await using var command = _server.CreateCommand("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'SiteDesk'");
        if ((long)(await command.ExecuteScalarAsync(cancellation))! > 0)
            throw new ConfigurationException("The database is in use. Stop every node of SiteDesk first, then restore.");
    }

    public override async Task<bool> HoldsAnInstallationAsync(CancellationToken cancellation)
    {
        var schema = await OwnSchemaAsync(cancellation);
        foreach (var table in (await TablesAsync(schema, cancellation)).Where(SaysThatItIsUsed))
        {
            await using var command = _server.CreateCommand($"SELECT EXISTS (SELECT 1 FROM {SqlName.Quoted(schema)}.{SqlName.Quoted(table)})");
            if ((bool)(await command.ExecuteScalarAsync(cancellation))!)
                return true;
        }

        return false;
    }

    public override async Task<Database> PrepareStagingAsync(CancellationToken cancellation)
    {
        await using (var command = _server.CreateCommand($"DROP SCHEMA IF EXISTS {StagingSchema} CASCADE; CREATE SCHEMA {StagingSchema}"))
            await command.ExecuteNonQueryAsync(cancellation);
        var connection = new NpgsqlConnectionStringBuilder(address.ConnectionString) { SearchPath = StagingSchema, ApplicationName = "SiteDesk restore", Pooling = false, CommandTimeout = 0 };
        var options = new DbContextOptionsBuilder<PostgresDatabase>();
        DatabaseSetup.UsePostgres(options, connection.ToString());
        return new PostgresDatabase(options.Options, companions);
    }

    public override async Task<string?> PutInPlaceAsync(CancellationToken cancellation)
    {
        var schema = SqlName.Quoted(await OwnSchemaAsync(cancellation));
        await using var connection = await _server.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // Only tables of ours are replaced: a database may be shared with other programs.
        foreach (var table in (await TablesAsync(StagingSchema, cancellation)).Select(SqlName.Quoted))
        {
            await ExecuteAsync(connection, $"DROP TABLE IF EXISTS {schema}.{table} CASCADE", cancellation);
            await ExecuteAsync(connection, $"ALTER TABLE {StagingSchema}.{table} SET SCHEMA {schema}", cancellation);
        }

        // Without CASCADE: if anything but tables was left behind, this fails and nothing has happened.
        await ExecuteAsync(connection, $"DROP SCHEMA {StagingSchema}", cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    public override async ValueTask DisposeAsync()
    {
        await using (var command = _server.CreateCommand($"DROP SCHEMA IF EXISTS {StagingSchema} CASCADE"))
            await command.ExecuteNonQueryAsync();
        await _server.DisposeAsync();
    }

    // The schema that the program itself works in: the first of the connection's search path that exists.
    private async Task<string> OwnSchemaAsync(CancellationToken cancellation)
    {
        await using var command = _server.CreateCommand("SELECT current_schema()");
        return await command.ExecuteScalarAsync(cancellation) as string
            ?? throw new ConfigurationException("None of the schemas in the connection's search path exists. Create one, or change “Search Path” in the setting Database.");
    }

    private async Task<List<string>> TablesAsync(string schema, CancellationToken cancellation)
    {
        await using var command = _server.CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename");
        command.Parameters.AddWithValue(schema);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var tables = new List<string>();
        while (await reader.ReadAsync(cancellation))
            tables.Add(reader.GetString(0));
        return tables;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
