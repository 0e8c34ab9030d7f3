using System.Globalization;
using Npgsql;

namespace SiteDesk.Bench.Desk;

/// <summary>Processor time so far, which depends less than time on what else the machine does.</summary>
/// <param name="Server">Of the program; zero where it has no part.</param>
/// <param name="Own">Of this process.</param>
/// <param name="Engine">Of the database server's processes; zero for SQLite, which runs within the others.</param>
/// <param name="Commits">Transactions of the database that ended, those that only read included; zero for SQLite.</param>
internal sealed record Costs(TimeSpan Server, TimeSpan Own, TimeSpan Engine, long Commits)
{
    public static readonly Costs None = new(default, default, default, 0);

    public static async Task<Costs> NowAsync(ChildServer? server, PostgresCluster? cluster, string? database)
    {
        using var own = System.Diagnostics.Process.GetCurrentProcess();
        return new Costs(
            server?.ProcessorTime ?? default, own.TotalProcessorTime, cluster?.ProcessorTime ?? default,
            database is null ? 0 : await CommitsAsync(database));
    }

    public static Costs operator +(Costs left, Costs right) =>
        new(left.Server + right.Server, left.Own + right.Own, left.Engine + right.Engine, left.Commits + right.Commits);

    public static Costs operator -(Costs left, Costs right) =>
        new(left.Server - right.Server, left.Own - right.Own, left.Engine - right.Engine, left.Commits - right.Commits);

    private static async Task<long> CommitsAsync(string database)
    {
        // A connection tells its transactions once a second at most; the last of them are missing from both readings alike.
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
