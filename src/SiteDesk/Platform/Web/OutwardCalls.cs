using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace SiteDesk.Platform.Web;

/// <summary>
/// Fetches from addresses that strangers may have chosen. Connects to public network addresses only, so that nobody can make this
/// machine ask its neighbours (server-side request forgery); the address that was judged is the one connected to.
/// </summary>
public sealed class OutwardCalls : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            // RFC 6890 and the registries it founded: this network, private, shared, loopback, link-local, protocol assignments, documentation,
            // benchmarking, multicast, reserved.
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private readonly HttpClient _http;

    public OutwardCalls() : this(IsPublic)
    {
    }

    /// <param name="isAllowed">Which addresses may be connected to.</param>
    /// <param name="resolve">Finds where a host listens; null asks the operating system.</param>
    /// <param name="validateCertificate">Judges certificates; null asks the operating system.</param>
    internal OutwardCalls(Func<IPAddress, bool> isAllowed, Func<DnsEndPoint, IPEndPoint[]>? resolve = null, RemoteCertificateValidationCallback? validateCertificate = null)
    {
        var handler = NewHandler(isAllowed, resolve);
        handler.AllowAutoRedirect = true;
        handler.MaxAutomaticRedirections = 3;
        handler.SslOptions.RemoteCertificateValidationCallback = validateCertificate;
        _http = new HttpClient(handler) { Timeout = Longest };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("SiteDesk");
    }

    /// <summary>Whether an address belongs to the public network.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return !Array.Exists(Private, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>A handler that connects to allowed addresses only, by no proxy and without cookies; what else it may is the caller's to set.</summary>
    internal static SocketsHttpHandler NewHandler(Func<IPAddress, bool> isAllowed, Func<DnsEndPoint, IPEndPoint[]>? resolve = null) => new()
    {
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Longest,
        ConnectCallback = (context, cancellation) => ConnectAsync(context, isAllowed, resolve, cancellation),
    };

    /// <summary>Gets a small document.</summary>
    /// <param name="address">http or https.</param>
    /// <param name="mostBytes">What is larger is not taken.</param>
    /// <returns>The bytes and their type; null when there is no such document, it cannot be reached, or it is too large.</returns>
    public async Task<(byte[] Bytes, string ContentType)?> GetAsync(Uri address, int mostBytes, CancellationToken cancellation)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            return null;
        try
        {
            using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentLength > mostBytes)
                return null;
            await using var content = await answer.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[mostBytes + 1];
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Longest);
            var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit.Token);
            return read > mostBytes ? null : (buffer[..read], answer.Content.Headers.ContentType?.MediaType ?? "");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or SocketException || problem is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Not there, not in time, or not for us: for the caller it is one and the same.
            return null;
        }
    }

    /// <summary>Asks whether there is something at an address, without taking it.</summary>
    /// <param name="address">http or https.</param>
    /// <returns>The HTTP status after redirects; null when it cannot be reached.</returns>
    public async Task<int?> ProbeAsync(Uri address, CancellationToken cancellation)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            return null;
        try
        {
            using var answer = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return (int)answer.StatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or SocketException || problem is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null; // that is the answer
        }
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, Func<IPAddress, bool> isAllowed, Func<DnsEndPoint, IPEndPoint[]>? resolve, CancellationToken cancellation)
    {
        var asked = context.DnsEndPoint;
        var places = resolve?.Invoke(asked) ?? (await Dns.GetHostAddressesAsync(asked.Host, cancellation)).Select(address => new IPEndPoint(address, asked.Port));
        var allowed = places.Where(place => isAllowed(place.Address)).ToList();
        SocketException? last = null;
        foreach (var place in allowed)
        {
            var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(place, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException problem)
            {
                last = problem; // the next address of the host may answer
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new HttpRequestException(last is null ? $"{asked.Host} has no public address." : $"{asked.Host} cannot be reached.", last);
    }
}
