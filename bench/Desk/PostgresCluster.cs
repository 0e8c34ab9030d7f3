using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SiteDesk.Bench.Desk;

/// <summary>A PostgreSQL with its ordinary, durable settings on a free loopback port, in a temporary folder.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "sitedesk";
    private readonly string _folder;
    private readonly string _binaries;
    private readonly int _port = ChildServer.FreePort();

    private PostgresCluster(string folder, string binaries) => (_folder, _binaries) = (folder, binaries);

    /// <returns>Null when PostgreSQL is not installed.</returns>
    public static async Task<PostgresCluster?> StartAsync()
    {
        const string debian = "/usr/lib/postgresql";
        var binaries = !Directory.Exists(debian) ? null : Directory.EnumerateDirectories(debian).Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).OrderDescending(StringComparer.Ordinal).FirstOrDefault();
        if (binaries is null)
            return null;
        var cluster = new PostgresCluster(Directory.CreateTempSubdirectory("sitedesk-bench-postgres-").FullName, binaries);
        if (IsRoot)
            await RunAsync("chown", ["postgres", cluster._folder]);
        await cluster.RunAsPostgresAsync("initdb", ["--pgdata", cluster.Data, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"]);
        var options = $"-p {cluster._port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories=";
        await cluster.RunAsPostgresAsync("pg_ctl", ["start", "--wait", "--pgdata", cluster.Data, "--log", Path.Combine(cluster._folder, "log"), "--options", options]);
        return cluster;
    }

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand($"CREATE DATABASE \"{name}\"");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Of the server and all its processes so far, those that have ended included; zero where the system does not tell.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return default;
            var postmaster = File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();
            var ticks = Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Sum(folder => TicksOf(folder, postmaster));
            return TimeSpan.FromSeconds(ticks / 100.0); // USER_HZ, proc(5)
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsPostgresAsync("pg_ctl", ["stop", "--wait", "--mode", "fast", "--pgdata", Data]);
        Directory.Delete(_folder, recursive: true);
    }

    private static long TicksOf(string folder, string postmaster)
    {
        string text;
        try
        {
            text = File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (IOException)
        {
            return 0; // it has ended meanwhile: then it stands with its parent
        }

        // After the name in brackets: state, parent, …; the 14th to 17th of all are its times and those of its ended children.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var isPostmaster = Path.GetFileName(folder) == postmaster;
        if (!isPostmaster && fields[1] != postmaster)
            return 0;
        return fields[11..(isPostmaster ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Database = database, Username = User }.ToString();

    /// <summary>PostgreSQL refuses to run as root; then it runs as the user its package made.</summary>
    private Task RunAsPostgresAsync(string program, string[] arguments) => IsRoot
        ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(_binaries, program), .. arguments])
        : RunAsync(Path.Combine(_binaries, program), arguments);

    private static async Task RunAsync(string program, string[] arguments)
    {
        // Its output is not read: a server that it starts would hold the pipe open.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >/dev/null", "sh", program, .. arguments]) { UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
