using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SiteDesk.Bench.Desk;

/// <summary>Thousands of event streams held open over plain sockets, so that the crowd itself weighs little.</summary>
/// <param name="heard">Called with the number of every message that arrives (<see cref="NameOf"/>).</param>
internal sealed class StreamCrowd(Uri address, Action<int> heard) : IAsyncDisposable
{
    private const string Mark = "message-number-";
    private const int MostPerSource = 20_000;
    private const int OpenedAtOnce = 64;
    private static readonly byte[] MarkBytes = Encoding.ASCII.GetBytes(Mark);

    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _readers = [];
    private bool _closes;

    /// <summary>The word in a message by which its receipt is noticed.</summary>
    public static string NameOf(int number) => Mark + number.ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>Opens streams 1 to <paramref name="count"/>; returns when each has said something.</summary>
    public async Task OpenAsync(int count, Func<int, string> request)
    {
        await Parallel.ForEachAsync(Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce }, async (stream, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            // Each source address has its own ports: one alone runs out of them.
            if (count > MostPerSource)
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + stream / MostPerSource)]), 0));
            await socket.ConnectAsync(address.Host, address.Port, cancellation);
            await socket.SendAsync(Encoding.ASCII.GetBytes(request(stream)), cancellation);
            var first = new byte[4096];
            var text = "";
            while (!text.Contains(": open", StringComparison.Ordinal))
            {
                var length = await socket.ReceiveAsync(first, cancellation);
                text += Encoding.UTF8.GetString(first, 0, length);
                if (length == 0 || !text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                    throw new InvalidOperationException($"Stream {stream} was not opened: {text}");
            }

            lock (_sockets)
            {
                _sockets.Add(socket);
                _readers.Add(ReadAsync(socket));
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        _closes = true;
        foreach (var socket in _sockets)
            socket.Dispose();
        await Task.WhenAll(_readers);
    }

    private async Task ReadAsync(Socket socket)
    {
        var buffer = new byte[2048];
        var kept = 0;
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer.AsMemory(kept));
                if (length == 0)
                    throw new InvalidOperationException("The server ended a stream.");
                kept = Look(buffer, kept + length);
            }
        }
        catch (Exception problem) when (_closes && problem is SocketException or ObjectDisposedException)
        {
            // The crowd goes home.
        }
    }

    /// <summary>Finds the messages in what was read.</summary>
    /// <returns>How many bytes at the beginning of the buffer may be the beginning of a word that is still to come.</returns>
    private int Look(byte[] buffer, int length)
    {
        const int digits = 8;
        var rest = buffer.AsSpan(0, length);
        for (var at = rest.IndexOf(MarkBytes); at >= 0 && rest.Length >= at + MarkBytes.Length + digits; at = rest.IndexOf(MarkBytes))
        {
            heard(int.Parse(rest.Slice(at + MarkBytes.Length, digits), CultureInfo.InvariantCulture));
            rest = rest[(at + MarkBytes.Length + digits)..];
        }

        var tail = rest[^Math.Min(rest.Length, MarkBytes.Length + digits - 1)..];
        tail.CopyTo(buffer);
        return tail.Length;
    }
}
