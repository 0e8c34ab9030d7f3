using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Deployment;

/// <summary>The published nginx example does what it says: real addresses, streams at once, many tabs.</summary>
public sealed class NginxTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10); // nginx would hold a buffered stream for the 75 s of its time-out
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_sees_the_visitors_own_address_and_not_one_they_claim()
    {
        await using var desk = await DeskServer.StartAsync(arguments: ["--trusted-proxies", "127.0.0.1"]);
        using var owner = await desk.SetUpAsync();
        await using var proxy = await NginxProxy.StartAsync(desk.Address, Cancellation);
        using var visitor = new DeskClient(proxy.Address, followRedirects: false, Handler(proxy, from: IPAddress.Parse("127.0.0.9")));
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "6.6.6.6");
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");

        await visitor.SignInAsync(DeskServer.Owner, DeskServer.Password);

        var session = await desk.InDatabaseAsync(database => database.Set<Session>().OrderByDescending(session => session.Id).FirstAsync());
        session.Address.ShouldBe("127.0.0.9");
    }

    [Fact]
    public async Task A_forged_header_without_a_named_proxy_is_not_believed()
    {
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "6.6.6.6");

        await visitor.SignInAsync(DeskServer.Owner, DeskServer.Password);

        var session = await desk.InDatabaseAsync(database => database.Set<Session>().OrderByDescending(session => session.Id).FirstAsync());
        session.Address.ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Cookies_are_for_https_only_because_the_outside_is()
    {
        await using var desk = await DeskServer.StartAsync(arguments: ["--trusted-proxies", "127.0.0.1"]);
        using var owner = await desk.SetUpAsync();
        await using var proxy = await NginxProxy.StartAsync(desk.Address, Cancellation);
        using var visitor = new DeskClient(proxy.Address, followRedirects: false, Handler(proxy));

        var answer = await visitor.PostFormAsync("/sign-in", [new("email", DeskServer.Owner), new("password", DeskServer.Password)]);

        answer.Headers.GetValues("Set-Cookie").ShouldContain(cookie => cookie.StartsWith(StaffSessions.Cookie, StringComparison.Ordinal) && cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Plain_http_leads_to_https()
    {
        await using var desk = await DeskServer.StartAsync(arguments: ["--trusted-proxies", "127.0.0.1"]);
        await using var proxy = await NginxProxy.StartAsync(desk.Address, Cancellation);
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        var answer = await client.GetAsync(new Uri(proxy.PlainAddress, "sign-in"), Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        answer.Headers.Location!.Scheme.ShouldBe("https");
    }

    [Fact]
    public async Task Eight_tabs_hear_at_once_over_one_connection_and_pages_still_come()
    {
        await using var desk = await DeskServer.StartAsync(arguments: ["--trusted-proxies", "127.0.0.1"]);
        using var owner = await desk.SetUpAsync();
        await using var proxy = await NginxProxy.StartAsync(desk.Address, Cancellation);
        using var browser = new DeskClient(proxy.Address, followRedirects: false, Handler(proxy, oneConnection: true));
        browser.Http.DefaultRequestVersion = HttpVersion.Version20;
        await browser.SignInAsync(DeskServer.Owner, DeskServer.Password);

        var tabs = new List<StreamReader>();
        for (var tab = 0; tab < 8; tab++)
        {
            var answer = await browser.Http.GetAsync(new Uri("agent/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation).WaitAsync(AtOnce, Cancellation);
            answer.Version.ShouldBe(HttpVersion.Version20);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
            answer.Content.Headers.ContentEncoding.ShouldBeEmpty();
            tabs.Add(new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation)));
        }

        await Task.WhenAll(tabs.Select(tab => UntilAsync(tab, ": open"))).WaitAsync(AtOnce, Cancellation);
        var ticket = await desk.AskAsync("Where is my parcel?");
        await Task.WhenAll(tabs.Select(tab => UntilAsync(tab, $"\"ticket\":{ticket.Id}"))).WaitAsync(AtOnce, Cancellation);
        (await browser.GetAsync("/agent/tickets").WaitAsync(AtOnce, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        tabs.ForEach(tab => tab.Dispose());
    }

    private static async Task UntilAsync(StreamReader stream, string expected)
    {
        var heard = new List<string>();
        while (await stream.ReadLineAsync(Cancellation) is { } line)
        {
            heard.Add(line);
            if (line.Contains(expected, StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"The stream ended without “{expected}”: {string.Join('\n', heard)}");
    }

    private static SocketsHttpHandler Handler(NginxProxy proxy, IPAddress? from = null, bool oneConnection = false) => new()
    {
        AllowAutoRedirect = false,
        EnableMultipleHttp2Connections = !oneConnection,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { proxy.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
        },
        ConnectCallback = async (context, cancellation) =>
        {
            // Linux owns the whole of 127/8: another address of it plays another machine.
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
            await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
