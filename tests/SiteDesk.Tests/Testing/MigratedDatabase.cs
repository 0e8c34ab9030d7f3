using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tests.Testing;

/// <summary>
/// Brings one empty database of each engine to the program's schema; the desks of the run begin with copies. Hundreds of desks
/// would each create the same tables, and compare the whole model with the migrations before. A migration that fails or is
/// forgotten fails the copying, and with it every test as before.
/// </summary>
internal static class MigratedDatabase
{
    private static readonly Lazy<Task<byte[]>> Sqlite = new(async () =>
    {
        var folder = Directory.CreateTempSubdirectory("sitedesk-schema-").FullName;
        try
        {
            var file = Path.Combine(folder, "schema.db");
            await MigrateAsync(file, folder);
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    /// <summary>Puts a migrated database without rows where a new desk looks for one.</summary>
    public static async Task WriteSqliteAsync(string file) => await File.WriteAllBytesAsync(file, await Sqlite.Value);

    /// <summary>Brings an empty database to the schema; nothing is connected to it afterwards.</summary>
    /// <param name="database">A PostgreSQL connection string, or the path of a SQLite file.</param>
    /// <param name="folder">For what the program keeps beside the database.</param>
    public static async Task MigrateAsync(string database, string folder)
    {
        var app = SiteDeskApplication.Build(
            ["--data", folder, "--urls", "http://127.0.0.1:0", "--database", database],
            services => services.AddLogging(logging => logging.ClearProviders()));
        var address = app.Services.GetRequiredService<DatabaseAddress>();
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        await app.DisposeAsync();
        // The last connection that closes takes SQLite's log into the file; PostgreSQL copies only what nobody is connected to.
        if (address.Engine == DatabaseEngine.Sqlite)
        {
            await using var pooled = new SqliteConnection(address.ConnectionString);
            SqliteConnection.ClearPool(pooled);
        }
        else
        {
            await using var pooled = new Npgsql.NpgsqlConnection(address.ConnectionString);
            Npgsql.NpgsqlConnection.ClearPool(pooled);
        }
    }
}
