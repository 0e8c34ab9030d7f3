using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>The database: reached, new enough, sound, of this program's schema, and of the same opinion about the time.</summary>
internal sealed class DatabaseCheck(DatabaseAddress address, IServiceScopeFactory scopes, TimeProvider time) : ICheck
{
    private const string Subject = "Database", Schema = "Schema", Clock = "Database clock", Soundness = "Soundness";
    private static readonly Version OldestPostgres = new(15, 0);
    private static readonly TimeSpan SmallSkew = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        if (NotThereYet() is { } absent)
        {
            yield return absent;
            yield break;
        }

        var reached = await ReachAsync(database, cancellation);
        yield return reached;
        if (reached.Severity == Severity.Fault)
            yield break;

        yield return await SchemaAsync(database, cancellation);
        if (address.Engine == DatabaseEngine.Sqlite)
        {
            yield return await SoundAsync(database, cancellation);
            yield break;
        }

        yield return await ClockAsync(database, cancellation);
        yield return await EncodingAsync(database, cancellation);
    }

    private Finding? NotThereYet()
    {
        if (address.Engine != DatabaseEngine.Sqlite)
            return null;
        var path = new SqliteConnectionStringBuilder(address.ConnectionString).DataSource;
        return File.Exists(path) ? null : Finding.Warning(Subject, $"{path} is not there yet", "It is made at the first start.");
    }

    private async Task<Finding> ReachAsync(Database database, CancellationToken cancellation)
    {
        try
        {
            await database.Database.OpenConnectionAsync(cancellation);
            var connection = database.Database.GetDbConnection();
            var version = connection.ServerVersion;
            if (address.Engine == DatabaseEngine.Postgres && Version.TryParse(version.Split(' ')[0], out var found) && found < OldestPostgres)
                return Finding.Fault(Subject, $"PostgreSQL {version}", $"Upgrade it to {OldestPostgres.Major} or newer.");
            return Finding.Well(Subject, $"{(address.Engine == DatabaseEngine.Sqlite ? "SQLite" : "PostgreSQL")} {version}, reached");
        }
        catch (Exception problem) when (DatabaseFaults.Explain(problem, address) is not null || problem is DbException)
        {
            return Finding.Fault(Subject, problem.Message, DatabaseFaults.Explain(problem, address) ?? "Check the connection string.");
        }
    }

    private static async Task<Finding> SchemaAsync(Database database, CancellationToken cancellation)
    {
        var known = database.Database.GetMigrations().ToList();
        var applied = (await database.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        if (applied.Except(known, StringComparer.Ordinal).LastOrDefault() is { } newer)
            return Finding.Fault(Schema, $"written by a newer SiteDesk (it has {newer})", "Start that version, or restore a backup made before the upgrade.");
        var missing = known.Except(applied, StringComparer.Ordinal).Count();
        return missing == 0
            ? Finding.Well(Schema, $"up to date ({known[^1]})")
            : Finding.Warning(Schema, $"{missing} upgrades are due", "They are applied at the next start; make a backup first: sitedesk backup FILE.");
    }

    private static async Task<Finding> SoundAsync(Database database, CancellationToken cancellation)
    {
        try
        {
            var answer = await ScalarAsync(database, "PRAGMA quick_check(1)", cancellation);
            return answer == "ok"
                ? Finding.Well(Soundness, "SQLite finds no damage")
                : Finding.Fault(Soundness, $"the database file is damaged: {answer}", "Stop the program, keep the file, and restore the newest backup: sitedesk restore FILE --force.");
        }
        catch (SqliteException problem)
        {
            return Finding.Fault(Soundness, $"the database file cannot be checked: {problem.Message}", "Stop the program, keep the file, and restore the newest backup: sitedesk restore FILE --force.");
        }
    }

    private async Task<Finding> ClockAsync(Database database, CancellationToken cancellation)
    {
        var before = time.GetUtcNow();
        var theirs = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(
            await ScalarAsync(database, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text", cancellation), CultureInfo.InvariantCulture));
        var skew = (theirs - before).Duration();
        return skew <= SmallSkew
            ? Finding.Well(Clock, "agrees with this machine's")
            : Finding.Warning(Clock, $"differs from this machine's by {skew.TotalSeconds:0} s", "Keep both set: timedatectl set-ntp true. Leases and due times compare the clocks of the nodes.");
    }

    private static async Task<Finding> EncodingAsync(Database database, CancellationToken cancellation)
    {
        var encoding = await ScalarAsync(database, "SHOW server_encoding", cancellation);
        return encoding == "UTF8"
            ? Finding.Well("Encoding", "UTF-8")
            : Finding.Fault("Encoding", $"the database is in {encoding}, which cannot hold every language", "Create it anew: createdb --encoding UTF8 --template template0 NAME.");
    }

    private static async Task<string> ScalarAsync(Database database, string sql, CancellationToken cancellation)
    {
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
