using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>Asks the machine's name servers for the MX records of a domain (RFC 1035; the platform itself only resolves addresses).</summary>
public sealed class MailExchangers
{
    private const ushort TypeMx = 15;
    private const ushort ClassIn = 1;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(3);

    /// <summary>The hosts' names without a dot at the end; empty when there are none or nobody answers.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(string domain, CancellationToken cancellation)
    {
        foreach (var server in NameServers().Take(2))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(AnswerTime);
            try
            {
                using var client = new UdpClient(server.AddressFamily);
                client.Connect(server, 53);
                var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
                await client.SendAsync(Question(id, domain), limit.Token);
                var answer = await client.ReceiveAsync(limit.Token);
                return ReadAnswer(answer.Buffer, id);
            }
            catch (Exception problem) when (problem is SocketException || problem is OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                // This server is silent: the next one is asked.
                continue;
            }
        }

        return [];
    }

    private static IEnumerable<IPAddress> NameServers() =>
        NetworkInterface.GetAllNetworkInterfaces().Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().DnsAddresses).Distinct();

    internal static byte[] Question(ushort id, string domain)
    {
        using var message = new MemoryStream();
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        header[2] = 1; // recursion desired
        header[5] = 1; // one question
        message.Write(header);
        foreach (var label in domain.Split('.'))
        {
            var bytes = Encoding.ASCII.GetBytes(label);
            message.WriteByte((byte)Math.Min(bytes.Length, 63));
            message.Write(bytes.AsSpan(0, Math.Min(bytes.Length, 63)));
        }

        message.Write([0, 0, (byte)TypeMx, 0, (byte)ClassIn]);
        return message.ToArray();
    }

    /// <summary>Reads what may have been forged or cut: anything that does not fit ends the reading.</summary>
    internal static IReadOnlyList<string> ReadAnswer(ReadOnlySpan<byte> message, ushort id)
    {
        if (message.Length < 12 || BinaryPrimitives.ReadUInt16BigEndian(message) != id || (message[2] & 0x80) == 0)
            return [];
        var (questions, answers) = (BinaryPrimitives.ReadUInt16BigEndian(message[4..]), BinaryPrimitives.ReadUInt16BigEndian(message[6..]));
        var at = 12;
        for (var question = 0; question < questions; question++)
        {
            if (Name(message, ref at) is null || (at += 4) > message.Length)
                return [];
        }

        var found = new List<(ushort Preference, string Host)>();
        for (var answer = 0; answer < answers && found.Count < 20; answer++)
        {
            if (Name(message, ref at) is null || at + 10 > message.Length)
                break;
            var type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            if (at + length > message.Length)
                break;
            if (type == TypeMx && length > 2)
            {
                var name = at + 2;
                if (Name(message, ref name) is { Length: > 0 } host)
                    found.Add((BinaryPrimitives.ReadUInt16BigEndian(message[at..]), host));
            }

            at += length;
        }

        return [.. found.OrderBy(exchanger => exchanger.Preference).Select(exchanger => exchanger.Host)];
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
