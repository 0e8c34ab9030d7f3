using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SiteDesk.Bench.Desk;

/// <summary>A server in a process of its own, so that its memory and its collections are not the load generator's.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process _process;

    private ChildServer(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Resident memory now, in megabytes.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>Processor time used so far, of all processors together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the program on a data folder; returns when it is ready.</summary>
    /// <param name="database">A PostgreSQL connection string; null for SQLite.</param>
    /// <param name="settings">Settings as variables of the environment: <c>SITEDESK_ABUSE__STREAMS</c>.</param>
    public static Task<ChildServer> StartDeskAsync(string data, string? database = null, params (string Name, string Value)[] settings) =>
        StartAsync(
            [Path.Combine(AppContext.BaseDirectory, "SiteDesk.dll"), "serve", "--data", data, .. database is null ? [] : new[] { "--database", database }],
            "/health/ready", settings);

    /// <summary>Starts the bare server that figures are compared with.</summary>
    /// <param name="pages">Folder with the pages it serves; null when it only streams.</param>
    public static Task<ChildServer> StartBareAsync(string? pages = null) =>
        StartAsync([Path.Combine(AppContext.BaseDirectory, "SiteDesk.Bench.dll"), Bare.BareServer.Command, "--pages", pages ?? "-"], "/", []);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<ChildServer> StartAsync(string[] arguments, string page, (string Name, string Value)[] settings)
    {
        var address = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        var start = new ProcessStartInfo("dotnet", ["exec", .. arguments, "--urls", address]) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var server = new ChildServer(process, new Uri(address));
        try
        {
            await server.BecomesReadyAsync(page);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task BecomesReadyAsync(string page)
    {
        using var client = new HttpClient { BaseAddress = Address };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience;)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The program ended with {_process.ExitCode}.");
            try
            {
                using var answer = await client.GetAsync(new Uri(page, UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException problem) when (problem.StatusCode is null)
            {
                await Task.Delay(20); // nobody listens yet
            }
        }

        throw new InvalidOperationException($"Not ready within {Patience.TotalSeconds:0} s.");
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
