using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal;
using Npgsql;

namespace SiteDesk.Platform.Data;

/// <summary>Where the rows are: read from <c>--database</c>, <c>SITEDESK_DATABASE</c> or the configuration file.</summary>
public sealed record DatabaseAddress(DatabaseEngine Engine, string ConnectionString)
{
    /// <summary>
    /// An empty value is a SQLite file in the data folder; "Host=…" is PostgreSQL; "Data Source=…" or a path is SQLite.
    /// </summary>
    /// <exception cref="ConfigurationException">The value is neither.</exception>
    public static DatabaseAddress Parse(string? value, string dataFolder)
    {
        if (string.IsNullOrWhiteSpace(value))
            return Sqlite(Path.Combine(dataFolder, "sitedesk.db"));
        if (value.Contains("Host=", StringComparison.OrdinalIgnoreCase))
            return Postgres(value);
        if (value.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase))
            return Sqlite(new SqliteConnectionStringBuilder(value).DataSource);
        if (!value.Contains('=', StringComparison.Ordinal))
            return Sqlite(value);
        throw new ConfigurationException(
            $"The database address is not understood. Give a file path for SQLite, or \"Host=…;Database=…;Username=…;Password=…\" for PostgreSQL.");
    }

    private static DatabaseAddress Sqlite(string path) =>
        new(DatabaseEngine.Sqlite, new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = 30,
        }.ToString());

    private static DatabaseAddress Postgres(string value)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(value) { ApplicationName = "SiteDesk" };

            // The driver's builder says of every option it knows that it contains it; what was given stands in the text it writes.
            var given = new DbConnectionStringBuilder { ConnectionString = builder.ConnectionString };
            if (!given.ContainsKey("Timeout"))
                builder.Timeout = 10;

            // The program sends the same few hundred statements again and again; planning them anew costs more than running
            // them. Behind a pooler that hands connections out by transaction, say "Max Auto Prepare=0".
            if (!given.ContainsKey("Max Auto Prepare"))
                builder.MaxAutoPrepare = 200;

            // Nothing of the program leaves anything in its session: settings, locks and listening end with their transaction or
            // have a connection of their own. Resetting it all the same costs six statements each time one is taken from the pool.
            if (!given.ContainsKey("No Reset On Close"))
                builder.NoResetOnClose = true;
            return new(DatabaseEngine.Postgres, builder.ToString());
        }
        catch (ArgumentException problem)
        {
            throw new ConfigurationException($"The PostgreSQL connection string is not valid: {problem.Message}", problem);
        }
    }
}

public static class DatabaseSetup
{
    [SuppressMessage("Usage", "EF1001:Internal EF Core API usage", Justification = "See KeptSqliteConnection.")]
    public static IServiceCollection AddDatabase(this IServiceCollection services, DatabaseAddress address)
    {
        services.AddSingleton(address);
        services.AddSingleton<WriteGate>();
        services.AddSingleton<CommitLog>();
        services.AddSingleton<PreparedStatements>();
        services.AddSingleton<KeySequences>();
        services.AddSingleton<DatabaseCompanions>();
        services.AddSingleton<DatabaseMigrator>();
        if (address.Engine == DatabaseEngine.Postgres)
        {
            return services.AddDbContext<Database, PostgresDatabase>(
                (provider, options) => UseModel(UsePostgres(options, address.ConnectionString), provider, address).AddInterceptors(provider.GetServices<IInterceptor>()), ServiceLifetime.Scoped, ServiceLifetime.Singleton);
        }

        SqliteEngine.ForgoCounters();
        services.AddSingleton<SqliteConnections>();
        return services.AddDbContext<Database, SqliteDatabase>(
            (provider, options) => UseModel(UseSqlite(options, address.ConnectionString), provider, address)
                .ReplaceService<ISqliteRelationalConnection, KeptSqliteConnection>()
                // After the interceptors of UseSqlite: a change first waits for its turn to write, then runs prepared.
                .AddInterceptors([provider.GetRequiredService<PreparedStatements>(), .. provider.GetServices<IInterceptor>()]),
            ServiceLifetime.Scoped, ServiceLifetime.Singleton);
    }

    /// <summary>Where none was generated, while they are being generated, EF Core makes its own.</summary>
    private static DbContextOptionsBuilder UseModel(DbContextOptionsBuilder options, IServiceProvider provider, DatabaseAddress address) =>
        provider.GetService<IGeneratedModels>() is { } models ? options.UseModel(models.Of(address.Engine)) : options;

    public static DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder options, string connectionString) =>
        options.UseSqlite(connectionString, sqlite => sqlite.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))
            // That a table is built anew outside of a transaction is what SqliteUpgrade is for.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning))
            .AddInterceptors(SqlitePragmas.Instance, ImmediateWrites.Instance, Conditions.ConditionText.SqliteFunctions);

    public static DbContextOptionsBuilder UsePostgres(DbContextOptionsBuilder options, string connectionString) =>
        options.UseNpgsql(connectionString, postgres => postgres.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery));

    /// <summary>
    /// Sets what SQLite forgets with every connection. WAL with synchronous=FULL: an acknowledged message survives a power
    /// cut, not only a crash of the program; what many write side by side is flushed together (<see cref="CommitLog"/>). The file is not mapped: it grows with every ticket, each connection then maps it anew,
    /// and that took three tenths of what opening a ticket costs; reading from the connection's own pages is as quick.
    /// </summary>
    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();

        private const string Pragmas =
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            SqliteEngine.KeepPlans((SqliteConnection)connection);
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            SqliteEngine.KeepPlans((SqliteConnection)connection);
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
