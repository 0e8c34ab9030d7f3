using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SiteDesk.Tests.Platform.Files;

/// <summary>Speaks clamd's INSTREAM on a loopback port: knows one signature, keeps what it was sent, has clamd's size limit.</summary>
internal sealed class FakeClamd : IAsyncDisposable
{
    /// <summary>What it takes for a virus.</summary>
    public const string Signature = "X5O!P%@AP-TEST-SIGNATURE";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public FakeClamd()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Bytes after which it refuses, as clamd does by StreamMaxLength.</summary>
    public int StreamMaxLength { get; init; } = int.MaxValue;

    /// <summary>Takes everything and never answers.</summary>
    public bool Hangs { get; init; }

    /// <summary>Answers with this instead of a verdict.</summary>
    public string? Says { get; init; }

    /// <summary>What was streamed last.</summary>
    public byte[] Received { get; private set; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: the ordinary end.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var command = new byte["zINSTREAM\0".Length];
        await stream.ReadExactlyAsync(command, _stop.Token);
        if (Encoding.ASCII.GetString(command) != "zINSTREAM\0")
        {
            await SayAsync(stream, "UNKNOWN COMMAND");
            return;
        }

        using var received = new MemoryStream();
        var length = new byte[sizeof(int)];
        while (true)
        {
            await stream.ReadExactlyAsync(length, _stop.Token);
            var next = BinaryPrimitives.ReadInt32BigEndian(length);
            if (next == 0)
                break;
            if (received.Length + next > StreamMaxLength)
            {
                await SayAsync(stream, "INSTREAM size limit exceeded. ERROR");
                return;
            }

            var chunk = new byte[next];
            await stream.ReadExactlyAsync(chunk, _stop.Token);
            received.Write(chunk);
        }

        Received = received.ToArray();
        if (Hangs)
            await Task.Delay(Timeout.Infinite, _stop.Token);
        await SayAsync(stream, Says ?? (Encoding.ASCII.GetString(Received).Contains(Signature, StringComparison.Ordinal) ? "stream: Test-Signature FOUND" : "stream: OK"));
    }

    private async Task SayAsync(NetworkStream stream, string answer) => await stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\0"), _stop.Token);
}
