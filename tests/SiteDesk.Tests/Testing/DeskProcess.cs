using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SiteDesk.Tests.Testing;

/// <summary>The program as a process of its own, which can be killed and started again on the same port and data.</summary>
public sealed class DeskProcess : IAsyncDisposable
{
    private readonly string[] _arguments;
    private readonly Dictionary<string, string> _environment;
    private readonly List<string> _said = [];
    private Process? _process;

    /// <param name="data">The data folder; stays when the process goes.</param>
    /// <param name="database">A PostgreSQL connection string; null for SQLite.</param>
    /// <param name="environment">More settings, as variables of the environment.</param>
    public DeskProcess(string data, string? database = null, IEnumerable<KeyValuePair<string, string>>? environment = null, params string[] arguments)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _arguments = ["--data", data, "--urls", Address.GetLeftPart(UriPartial.Authority), .. database is null ? [] : new[] { "--database", database }, .. arguments];
        _environment = new Dictionary<string, string>(environment ?? [], StringComparer.Ordinal);
    }

    public Uri Address { get; }

    /// <summary>The process's number, for what the system says about it.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException("Not started.");

    /// <summary>Everything it has printed so far, over all its lives.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join(Environment.NewLine, _said);
        }
    }

    /// <summary>Starts it; returns when it answers requests.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "SiteDesk.dll"), "serve" },
        };
        foreach (var argument in _arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await BecomesReadyAsync(cancellation);
    }

    /// <summary>kill -9: no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task BecomesReadyAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var started = Stopwatch.StartNew();
        while (started.Elapsed < TimeSpan.FromSeconds(120))
        {
            if (_process!.HasExited)
                throw new InvalidOperationException($"The program ended with {_process.ExitCode}: {Said}");
            try
            {
                using var answer = await client.GetAsync(new Uri("health/ready", UriKind.Relative), cancellation);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                // Not listening yet: asked again.
            }

            await Task.Delay(25, cancellation);
        }

        throw new InvalidOperationException($"The program does not become ready: {Said}");
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.Add(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
