using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>Asks the machine's name servers for the MX and TXT records of a domain (RFC 1035; the platform itself only resolves addresses).</summary>
public sealed class DomainRecords
{
    private const ushort TypeMx = 15;
    private const ushort TypeText = 16;
    private const ushort TypeOptions = 41;

    // What passes every network in one piece (RFC 9715 section 3.1).
    private const ushort LargestAnswer = 1232;
    private const ushort ClassIn = 1;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    /// <summary>Whom to ask; null asks the machine's own name servers.</summary>
    public IReadOnlyList<IPEndPoint>? NameServers { get; set; }

    /// <summary>The mail exchangers, the preferred one first, without a dot at the end; empty when there are none or nobody answers.</summary>
    public async Task<IReadOnlyList<string>> MailExchangersAsync(string domain, CancellationToken cancellation) =>
        await AskAsync(domain, TypeMx, ReadExchangers, cancellation) ?? [];

    /// <summary>The TXT records of a name, the parts of each joined (RFC 7208 section 3.3).</summary>
    /// <returns>Null when nobody answers.</returns>
    public Task<IReadOnlyList<string>?> TextsAsync(string name, CancellationToken cancellation) => AskAsync(name, TypeText, ReadTexts, cancellation);

    private async Task<IReadOnlyList<string>?> AskAsync(string name, ushort type, Func<byte[], ushort, IReadOnlyList<string>?> read, CancellationToken cancellation)
    {
        foreach (var server in (NameServers ?? Own()).Take(2))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(AnswerTime);
            try
            {
                using var client = new UdpClient(server.AddressFamily);
                client.Connect(server);
                var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
                await client.SendAsync(Question(id, name, type), limit.Token);
                var answer = await client.ReceiveAsync(limit.Token);
                if (read(answer.Buffer, id) is { } found)
                    return found;
            }
            catch (Exception problem) when (problem is SocketException || problem is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                // This server is silent: the next one is asked.
                continue;
            }
        }

        return null;
    }

    private static List<IPEndPoint> Own() =>
        NetworkInterface.GetAllNetworkInterfaces().Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().DnsAddresses).Distinct().Select(address => new IPEndPoint(address, 53)).ToList();

    internal static byte[] Question(ushort id, string domain, ushort type)
    {
        using var message = new MemoryStream();
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        header[2] = 1; // recursion desired
        header[5] = 1; // one question
        header[11] = 1; // and how large the answer may be (RFC 6891)
        message.Write(header);
        foreach (var label in domain.Split('.'))
        {
            var bytes = Encoding.ASCII.GetBytes(label);
            message.WriteByte((byte)Math.Min(bytes.Length, 63));
            message.Write(bytes.AsSpan(0, Math.Min(bytes.Length, 63)));
        }

        message.Write([0, 0, (byte)type, 0, (byte)ClassIn]);
        message.Write([0, 0, (byte)TypeOptions, LargestAnswer >> 8, LargestAnswer & 0xFF, 0, 0, 0, 0, 0, 0]);
        return message.ToArray();
    }

    internal static IReadOnlyList<string>? ReadExchangers(byte[] message, ushort id)
    {
        var found = new List<(ushort Preference, string Host)>();
        var isAnswer = Read(message, id, TypeMx, (at, length) =>
        {
            var name = at + 2;
            if (length > 2 && Name(message, ref name) is { Length: > 0 } host)
                found.Add((BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)), host));
        });
        return isAnswer ? [.. found.OrderBy(exchanger => exchanger.Preference).Select(exchanger => exchanger.Host)] : null;
    }

    internal static IReadOnlyList<string>? ReadTexts(byte[] message, ushort id)
    {
        var found = new List<string>();
        var isAnswer = Read(message, id, TypeText, (at, length) =>
        {
            var text = new StringBuilder();
            for (var end = at + length; at < end && at + 1 + message[at] <= end; at += 1 + message[at])
                text.Append(Encoding.ASCII.GetString(message, at + 1, message[at]));
            found.Add(text.ToString());
        });
        return isAnswer ? found : null;
    }

    /// <summary>Reads what may have been forged or cut: anything that does not fit ends the reading.</summary>
    /// <returns>Whether it is an answer to the question at all.</returns>
    private static bool Read(byte[] message, ushort id, ushort wanted, Action<int, int> record)
    {
        const int mostRecords = 20;
        if (message.Length < 12 || BinaryPrimitives.ReadUInt16BigEndian(message) != id || (message[2] & 0x80) == 0)
            return false;
        var (questions, answers) = (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(4)), BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)));
        var at = 12;
        for (var question = 0; question < questions; question++)
        {
            if (Name(message, ref at) is null || (at += 4) > message.Length)
                return false;
        }

        for (var (answer, found) = (0, 0); answer < answers && found < mostRecords; answer++)
        {
            if (Name(message, ref at) is null || at + 10 > message.Length)
                break;
            var type = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at));
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
            at += 10;
            if (at + length > message.Length)
                break;
            if (type == wanted)
            {
                record(at, length);
                found++;
            }

            at += length;
        }

        return true;
    }

    /// <summary>A name with its pointers followed (RFC 1035 section 4.1.4), as often as an honest name needs.</summary>
    private static string? Name(ReadOnlySpan<byte> message, ref int at)
    {
        var labels = new List<string>();
        var position = at;
        var isBehindPointer = false;
        for (var part = 0; part < 128; part++)
        {
            if (position >= message.Length)
                return null;
            var length = message[position];
            if (length == 0)
            {
                if (!isBehindPointer)
                    at = position + 1;
                return string.Join('.', labels);
            }

            if ((length & 0xC0) == 0xC0)
            {
                if (position + 1 >= message.Length)
                    return null;
                if (!isBehindPointer)
                    at = position + 2;
                isBehindPointer = true;
                position = (length & 0x3F) << 8 | message[position + 1];
                continue;
            }

            if (length > 63 || position + 1 + length > message.Length)
                return null;
            labels.Add(Encoding.ASCII.GetString(message.Slice(position + 1, length)));
            position += 1 + length;
        }

        return null;
    }
}
