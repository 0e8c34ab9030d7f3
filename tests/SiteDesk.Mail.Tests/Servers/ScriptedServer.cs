using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SiteDesk.Mail.Tests.Servers;

/// <summary>A server that follows a script, for what real servers rarely do. Lines that begin with "C: " are expected (a prefix is enough), others are sent;
/// "drop" closes, "hang" stays silent.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;

    public ScriptedServer(params string[] script)
    {
        _listener.Start();
        _run = RunAsync(script);
    }

    public List<string> Received { get; } = [];

    public MailServer Server => new()
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        Security = ConnectionSecurity.None,
        AllowCleartextPassword = true,
        Timeout = TimeSpan.FromSeconds(10),
    };

    private async Task RunAsync(string[] script)
    {
        using var client = await _listener.AcceptTcpClientAsync(_end.Token);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        foreach (var step in script)
        {
            if (step == "drop") return;
            if (step == "hang") await Task.Delay(Timeout.Infinite, _end.Token);
            else if (step.StartsWith("C: ", StringComparison.Ordinal))
            {
                string? line;
                do
                {
                    line = await reader.ReadLineAsync(_end.Token);
                    if (line is null) return;
                    Received.Add(line);
                }
                while (!line.StartsWith(step[3..], StringComparison.Ordinal));
            }
            else
            {
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(step + "\r\n"), _end.Token);
            }
        }
        await Task.Delay(Timeout.Infinite, _end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _run.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _end.Dispose();
    }
}
