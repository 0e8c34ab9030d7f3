using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>What people type, and the proxy that usually stands behind it.</summary>
internal sealed class PublicAddressCheck(SiteDeskOptions options) : ICheck
{
    private const string Subject = "Public address", Proxies = "Proxies";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var listensToAll = !options.Urls.Contains("localhost", StringComparison.OrdinalIgnoreCase) && !options.Urls.Contains("127.0.0.1", StringComparison.Ordinal);
        if (options.PublicAddress is not { Length: > 0 } known)
        {
            yield return listensToAll || options.Proxies().Any()
                ? Finding.Warning(Subject, "is not set, so links in mails and widgets carry whatever name a request came under", "Set PublicAddress to what people type: https://help.example.com.")
                : Finding.Well(Subject, "not set; fine for trying it on this machine");
            yield break;
        }

        var address = new Uri(known);
        if (address.Scheme != "https" && !address.IsLoopback)
            yield return Finding.Warning(Subject, $"{known} is not encrypted: passwords and messages can be read on the way", "Get a certificate and use https://.");
        yield return await AnswersAsync(address, cancellation);

        var servesHttpsItself = options.Certificate is { Length: > 0 };
        if (!servesHttpsItself && address.Scheme == "https" && !options.Proxies().Any())
            yield return Finding.Fault(Proxies, "a proxy must stand in front (https outside, http here), but none is named; every visitor has the proxy's address and limits hit all at once", "Set TrustedProxies to the proxy's address, on the same machine: 127.0.0.1,::1.");
        if (options.Proxies().Any(proxy => proxy is "0.0.0.0/0" or "::/0"))
            yield return Finding.Fault(Proxies, "every address is trusted as a proxy, so anybody can pretend to be anybody", "Name your proxy's own address in TrustedProxies.");
    }

    private static async Task<Finding> AnswersAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            await Dns.GetHostAddressesAsync(address.Host, cancellation);
        }
        catch (SocketException)
        {
            return Finding.Fault(Subject, $"{address.Host} is not known to DNS", "Add an A or AAAA record for it, or correct PublicAddress.");
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await client.GetAsync(new Uri(address, "/health/live"), cancellation);
            return answer.IsSuccessStatusCode
                ? Finding.Well(Subject, $"{address.GetLeftPart(UriPartial.Authority)} answers")
                : Finding.Warning(Subject, $"{address.GetLeftPart(UriPartial.Authority)} answers with {(int)answer.StatusCode}", "Is the program running, and does the proxy point at it?");
        }
        catch (HttpRequestException problem)
        {
            return Finding.Warning(Subject, $"{address.GetLeftPart(UriPartial.Authority)} does not answer from here: {problem.Message}", "Is the program running? Firewall and certificate right? Some networks cannot reach their own public address.");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Warning(Subject, $"{address.GetLeftPart(UriPartial.Authority)} does not answer from here within 10 s", "Is the program running? Firewall right? Some networks cannot reach their own public address.");
        }
    }
}
