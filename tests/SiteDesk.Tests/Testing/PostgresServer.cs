using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using SiteDesk.Tests.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace SiteDesk.Tests.Testing;

/// <summary>
/// One real PostgreSQL for the whole test run, on a free loopback port and in a temporary folder. It starts when the first
/// test asks for a database and goes with the run, also when the run is killed: a shell holds the server and ends it when
/// its standard input closes. Take it as a constructor parameter; every class gets a database of its own.
/// </summary>
/// <remarks>
/// The cluster has the C locale: what works here depends on no locale of the machine. Durability is off, for speed; a test
/// of crashes makes a server of its own with <see cref="Durable"/>.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "sitedesk";
    private const string Template = "desk_template";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Process? _shell;
    private string? _folder;
    private int _port;
    private int _databases;
    private bool _hasTemplate;

    // Databases of a single test, with the test.
    private readonly List<(string Name, string Test)> _used = [];

    private bool _durable;

    /// <summary>A server of one's own that keeps what it acknowledged, for tests of crashes. Dispose of it.</summary>
    public static PostgresServer Durable() => new() { _durable = true };

    /// <summary>Creates an empty database; starts the server when it does not run yet.</summary>
    /// <param name="owner">The test class, for the name.</param>
    /// <returns>A connection string. Pooling is left on: dispose of data sources, or clear the pool, before dropping it.</returns>
    public Task<string> CreateDatabaseAsync(Type owner, CancellationToken cancellation) =>
        InTurnAsync(() => CreateAsync(NameFor(owner), template: null, cancellation), cancellation);

    /// <summary>Creates a database that has the program's tables already and no rows: a copy of one that was migrated when the first was asked for.</summary>
    /// <param name="owner">The test class, for the name.</param>
    /// <returns>A connection string, as of <see cref="CreateDatabaseAsync"/>.</returns>
    public Task<string> CreateDeskDatabaseAsync(Type owner, CancellationToken cancellation) =>
        InTurnAsync(
            async () =>
            {
                if (!_hasTemplate)
                {
                    // Without the cancellation of the one test that happened to be the first.
                    await CreateTemplateAsync();
                    _hasTemplate = true;
                }

                await DropUsedAsync(cancellation);
                var name = NameFor(owner);
                if (TestContext.Current.Test is { } test)
                    _used.Add((name, test.UniqueID));
                return await CreateAsync(name, Template, cancellation);
            },
            cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_shell is not null)
        {
            NpgsqlConnection.ClearAllPools();
            _shell.StandardInput.Close();
            await _shell.WaitForExitAsync();
            _shell.Dispose();
            // The shell has removed it, unless the server went down by itself before.
            if (Directory.Exists(_folder))
                Directory.Delete(_folder, recursive: true);
        }
        _turn.Dispose();
    }

    private async Task<string> InTurnAsync(Func<Task<string>> create, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_shell is null)
                await StartAsync(cancellation);
            return await create();
        }
        finally
        {
            _turn.Release();
        }
    }

    private string NameFor(Type owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var words = owner.Name.ToLowerInvariant();
        return $"{words[..Math.Min(words.Length, 40)]}_{++_databases}";
    }

    private async Task CreateTemplateAsync()
    {
        // A try that broke off may have left half of it.
        await ExecuteAsync($"DROP DATABASE IF EXISTS {Template}", CancellationToken.None);
        var database = await CreateAsync(Template, template: null, CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("sitedesk-schema-").FullName;
        try
        {
            await MigratedDatabase.MigrateAsync(database, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What lies in memory must not grow with the number of tests. On a disk, deleting amid the run would only cost time.</summary>
    private async Task DropUsedAsync(CancellationToken cancellation)
    {
        if (!MemoryFolder.IsInMemory)
            return;
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(cancellation);
        foreach (var used in _used.Where(used => EndedTestsAttribute.Has(used.Test)).ToList())
        {
            // Somebody may still be connected, an idle pool or a desk that is stopping, and the server would wait five seconds for them.
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = $1)";
            command.Parameters.Add(new NpgsqlParameter { Value = used.Name });
            if (!(bool)(await command.ExecuteScalarAsync(cancellation))!)
                continue;
            await ExecuteAsync($"DROP DATABASE \"{used.Name}\" WITH (FORCE)", cancellation);
            _used.Remove(used);
        }
    }

    // Copying the files is the cheaper way in memory, and much the dearer one on a disk.
    private async Task<string> CreateAsync(string name, string? template, CancellationToken cancellation)
    {
        await ExecuteAsync(
            $"CREATE DATABASE \"{name}\"" + (template is null ? "" : $" TEMPLATE {template} STRATEGY {(MemoryFolder.IsInMemory ? "FILE_COPY" : "WAL_LOG")}"),
            cancellation);
        return ConnectionString(name);
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Database = database,
        Username = User,
        MaxPoolSize = 20,
        IncludeErrorDetail = true,
    }.ToString();

    private async Task StartAsync(CancellationToken cancellation)
    {
        var binaries = FindBinaries();
        _folder = MemoryFolder.Create("sitedesk-postgres-");
        var asRoot = Environment.UserName == "root";
        if (asRoot)
            await RunAsync("chown", ["postgres", _folder], cancellation);
        await RunAsync(asRoot, Path.Combine(binaries, "initdb"),
            ["--pgdata", Path.Combine(_folder, "data"), "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"], cancellation);

        // Between choosing a free port and listening on it somebody else may take it: then the next one is tried.
        for (var attempt = 1; ; attempt++)
        {
            _port = FreePort();
            _shell = StartShell(asRoot, binaries);
            if (await BecomesReadyAsync(cancellation))
                return;
            var log = await File.ReadAllTextAsync(Path.Combine(_folder, "log"), cancellation);
            _shell.StandardInput.Close();
            await _shell.WaitForExitAsync(cancellation);
            _shell.Dispose();
            _shell = null;
            if (attempt == 5)
                throw new InvalidOperationException($"PostgreSQL does not start: {log}");
        }
    }

    private Process StartShell(bool asRoot, string binaries)
    {
        // Says "stopped" when the server ends by itself; ends it, and removes the folder, when the standard input closes.
        const string Script = """
            { "$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c max_connections=400 -c unix_socket_directories= $4 >"$2/log" 2>&1 </dev/null; echo stopped; } &
            trap '' HUP INT TERM
            cat >/dev/null
            grep -q "ready to accept" "$2/log" && { kill -INT "$(head -n 1 "$2/data/postmaster.pid")" 2>/dev/null; wait; rm -rf "$2"; }
            """;
        var settings = _durable ? "" : "-c fsync=off -c synchronous_commit=off -c full_page_writes=off";
        return Process.Start(Command(asRoot, "sh", ["-c", Script, "postgres", binaries, _folder!, _port.ToString(CultureInfo.InvariantCulture), settings]))!;
    }

    private async Task<bool> BecomesReadyAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.StartNew();
        var stopped = _shell!.StandardOutput.ReadLineAsync(cancellation);
        while (started.Elapsed < TimeSpan.FromSeconds(60) && !stopped.IsCompleted)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=2");
                await connection.OpenAsync(cancellation);
                return true;
            }
            catch (NpgsqlException)
            {
                // Not listening yet, or still recovering: asking again is the way PostgreSQL's own pg_ctl waits.
                await Task.Delay(50, cancellation);
            }
        }
        return false;
    }

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var found = Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian)
                .Where(version => File.Exists(Path.Combine(version, "bin", "initdb")))
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin"))
                .FirstOrDefault()
            : null;
        found ??= (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
        return found ?? throw new InvalidOperationException("PostgreSQL is needed for this test: install it (Debian, Ubuntu: apt-get install postgresql).");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task RunAsync(string program, string[] arguments, CancellationToken cancellation) => RunAsync(false, program, arguments, cancellation);

    private static async Task RunAsync(bool asPostgres, string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(Command(asPostgres, program, arguments))!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.BeginOutputReadLine();
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed with {process.ExitCode}: {errors}{output}");
    }

    /// <summary>PostgreSQL refuses to run as root; then it runs as the user its package made.</summary>
    private static ProcessStartInfo Command(bool asPostgres, string program, string[] arguments)
    {
        string[] line = asPostgres ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments] : [program, .. arguments];
        return new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
    }
}
