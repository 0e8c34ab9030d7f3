using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>The addresses to listen on: free, or SiteDesk's own already.</summary>
internal sealed class ListeningCheck(SiteDeskOptions options) : ICheck
{
    private const string Subject = "Port";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var url in options.Listening())
            yield return await LookAtAsync(url, cancellation);
    }

    private async Task<Finding> LookAtAsync(string url, CancellationToken cancellation)
    {
        var binding = BindingAddress.Parse(url); // the settings were read: it is one
        try
        {
            var address = Address(binding.Host);
            using var listener = new TcpListener(address, binding.Port);
            listener.Start();
            return Finding.Well(Subject, $"{binding.Port} is free");
        }
        catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return await IsOursAsync(binding, cancellation)
                ? Finding.Well(Subject, $"{binding.Port} answers as SiteDesk")
                : Finding.Fault(Subject, $"{binding.Port} is taken by another program", $"Find it: ss -ltnp 'sport = :{binding.Port}'. Stop it, or choose another port with Urls.");
        }
        catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AccessDenied)
        {
            return Finding.Fault(Subject, $"{binding.Port} needs a right of its own", "Run behind a proxy on 5080, or give CAP_NET_BIND_SERVICE (the systemd unit does).");
        }
        catch (SocketException problem)
        {
            return Finding.Fault(Subject, $"{url}: {problem.Message}", "Does this machine have that address? Check Urls.");
        }
    }

    private static IPAddress Address(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        _ when IPAddress.TryParse(host.Trim('[', ']'), out var address) => address,
        _ => IPAddress.Any, // Kestrel takes any other name, as * and +, for every address
    };

    private static async Task<bool> IsOursAsync(BindingAddress binding, CancellationToken cancellation)
    {
#pragma warning disable MA0039 // asks this machine's own port who it is, under a name the certificate cannot have; nothing secret is sent
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
#pragma warning restore MA0039
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            var host = IPAddress.TryParse(binding.Host.Trim('[', ']'), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? binding.Host : "localhost";
            using var answer = await client.GetAsync(new Uri($"{binding.Scheme}://{host}:{binding.Port}/health/live"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
