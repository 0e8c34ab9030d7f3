using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Files;

/// <summary>
/// Asks a clamd daemon by its INSTREAM command (clamd(8)): the file is sent in chunks, each after its length as four bytes in
/// network order, and a chunk of length zero ends it. clamd needs no access to our folders.
/// </summary>
/// <param name="address">Where clamd listens.</param>
/// <param name="patience">The longest time for one file, connection included.</param>
internal sealed class ClamdVirusScan(ClamdAddress address, TimeSpan patience) : IVirusScan
{
    private const int ChunkLength = 64 * 1024;

    // clamd's answers are one line with the name of a signature; anything longer is not clamd.
    private const int LongestAnswer = 4096;

    /// <inheritdoc />
    public async Task<string?> FindAsync(Stream content, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            using var socket = address.NewSocket();
            await socket.ConnectAsync(address.EndPoint, limit.Token);
            await using var connection = new NetworkStream(socket);
            return Verdict(await AskAsync(connection, content, limit.Token));
        }
        catch (SocketException problem)
        {
            throw new IOException($"The virus scanner at {address} cannot be reached: {problem.Message}", problem);
        }
        catch (OperationCanceledException problem) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"The virus scanner at {address} did not answer within {patience.TotalSeconds:0} s.", problem);
        }
    }

    private static async Task<string> AskAsync(NetworkStream connection, Stream content, CancellationToken cancellation)
    {
        try
        {
            // The leading z asks for answers that end with a zero byte, which a signature's name cannot contain.
            await connection.WriteAsync("zINSTREAM\0"u8.ToArray(), cancellation);
            await SendAsync(connection, content, cancellation);
        }
        catch (IOException)
        {
            // clamd closes its side as soon as the stream is longer than its StreamMaxLength, and has said so before.
            return await AnswerAsync(connection, cancellation);
        }

        return await AnswerAsync(connection, cancellation);
    }

    private static async Task SendAsync(NetworkStream connection, Stream content, CancellationToken cancellation)
    {
        var chunk = new byte[sizeof(int) + ChunkLength];
        int read;
        do
        {
            read = await content.ReadAtLeastAsync(chunk.AsMemory(sizeof(int)), ChunkLength, throwOnEndOfStream: false, cancellation);
            BinaryPrimitives.WriteInt32BigEndian(chunk, read);
            await connection.WriteAsync(chunk.AsMemory(0, sizeof(int) + read), cancellation);
        }
        while (read > 0);
    }

    private static async Task<string> AnswerAsync(NetworkStream connection, CancellationToken cancellation)
    {
        var answer = new byte[LongestAnswer];
        var length = 0;
        while (length < answer.Length)
        {
            var read = await connection.ReadAsync(answer.AsMemory(length), cancellation);
            if (read == 0)
                break;
            length += read;
            if (answer.AsSpan(0, length).Contains((byte)0))
                break;
        }

        return Encoding.UTF8.GetString(answer, 0, length).TrimEnd('\0', '\n');
    }

    private string? Verdict(string answer)
    {
        const string found = " FOUND";
        if (answer == "stream: OK")
            return null;
        if (answer.StartsWith("stream: ", StringComparison.Ordinal) && answer.EndsWith(found, StringComparison.Ordinal))
            return answer["stream: ".Length..^found.Length];
        throw new IOException(answer.Length == 0
            ? $"The virus scanner at {address} closed the connection without an answer."
            : $"The virus scanner at {address} reports: {answer}");
    }
}

internal static class VirusScanSetup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="scanner">Where clamd listens; empty: files are not scanned.</param>
    /// <exception cref="ConfigurationException">The address is not understood.</exception>
    public static IServiceCollection AddVirusScan(this IServiceCollection services, string? scanner)
    {
        if (string.IsNullOrWhiteSpace(scanner))
            return services.AddSingleton<IVirusScan, NoVirusScan>();
        var address = ClamdAddress.TryParse(scanner)
            ?? throw new ConfigurationException($"VirusScanner “{scanner}” is not an address. Give clamd's host:port or the path of its socket.");
        return services.AddSingleton<IVirusScan>(new ClamdVirusScan(address, Patience));
    }
}

/// <summary>Where clamd listens: <c>host:port</c> (usually 3310), or the path of a local socket, <c>unix:</c> before it or not.</summary>
public sealed record ClamdAddress
{
    private readonly string _text;

    private ClamdAddress(string text, EndPoint endPoint)
    {
        _text = text;
        EndPoint = endPoint;
    }

    internal EndPoint EndPoint { get; }

    /// <returns>Null when the text is neither form.</returns>
    public static ClamdAddress? TryParse(string text)
    {
        const string local = "unix:";
        var path = text.StartsWith(local, StringComparison.Ordinal) ? text[local.Length..] : text;
        if (path.StartsWith('/'))
            return new ClamdAddress(text, new UnixDomainSocketEndPoint(path));
        if (IPEndPoint.TryParse(text, out var number) && number.Port > 0)
            return new ClamdAddress(text, number);
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0 && Uri.CheckHostName(text[..colon]) == UriHostNameType.Dns
            ? new ClamdAddress(text, new DnsEndPoint(text[..colon], port))
            : null;
    }

    public override string ToString() => _text;

    internal Socket NewSocket() => EndPoint is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(SocketType.Stream, ProtocolType.Tcp);
}
