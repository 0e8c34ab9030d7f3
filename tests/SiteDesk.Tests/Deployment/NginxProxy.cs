using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SiteDesk.Tests.CommandLine;

namespace SiteDesk.Tests.Deployment;

/// <summary>Debian's nginx with deploy/nginx.conf as it is published, but for ports, names and certificate, in front of a desk.</summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _nginx;

    private NginxProxy(Uri desk)
    {
        var (secure, plain) = (FreePort(), FreePort());
        Address = new Uri($"https://127.0.0.1:{secure}/");
        PlainAddress = new Uri($"http://127.0.0.1:{plain}/");
        Certificate = WriteCertificate();
        File.WriteAllText(_folder.PathTo("nginx.conf"), Surroundings());
        File.WriteAllText(_folder.PathTo("sitedesk.conf"), Adapted(desk, secure, plain));
        var start = new ProcessStartInfo("/usr/sbin/nginx", ["-p", _folder.Root, "-c", _folder.PathTo("nginx.conf"), "-g", "daemon off;"]) { UseShellExecute = false, RedirectStandardError = true };
        _nginx = Process.Start(start)!;
    }

    public Uri Address { get; }

    public Uri PlainAddress { get; }

    public X509Certificate2 Certificate { get; }

    public static async Task<NginxProxy> StartAsync(Uri desk, CancellationToken cancellation)
    {
        var proxy = new NginxProxy(desk);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (proxy._nginx.HasExited)
                throw new InvalidOperationException($"nginx ended: {await proxy._nginx.StandardError.ReadToEndAsync(cancellation)}");
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(proxy.Address.Host, proxy.Address.Port, cancellation);
                return proxy;
            }
            catch (SocketException) when (waited.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(20, cancellation);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _nginx.Kill(entireProcessTree: true);
        await _nginx.WaitForExitAsync();
        _nginx.Dispose();
        Certificate.Dispose();
        _folder.Dispose();
    }

    // What Debian's own nginx.conf has around the example, with everything writable in our folder.
    private string Surroundings() => $$"""
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        worker_processes 1;
        pid {{_folder.PathTo("nginx.pid")}};
        error_log {{_folder.PathTo("error.log")}};
        events { worker_connections 1024; }
        http {
            include /etc/nginx/mime.types;
            default_type application/octet-stream;
            gzip on;
            access_log off;
            client_body_temp_path {{_folder.PathTo("body")}};
            proxy_temp_path {{_folder.PathTo("proxy")}};
            fastcgi_temp_path {{_folder.PathTo("fastcgi")}};
            uwsgi_temp_path {{_folder.PathTo("uwsgi")}};
            scgi_temp_path {{_folder.PathTo("scgi")}};
            include {{_folder.PathTo("sitedesk.conf")}};
        }
        """;

    private string Adapted(Uri desk, int secure, int plain)
    {
        var example = File.ReadAllText(Path.Combine(RepositoryRoot(), "deploy", "nginx.conf"));
        (string Published, string Here)[] changes =
        [
            ("listen 80;", $"listen 127.0.0.1:{plain};"),
            ("    listen [::]:80;\n", ""),
            ("listen 443 ssl http2;", $"listen 127.0.0.1:{secure} ssl http2;"),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("server 127.0.0.1:5080;", $"server {desk.Authority};"),
            ("server_name desk.example.com;", "server_name 127.0.0.1;"),
            ("/etc/letsencrypt/live/desk.example.com/fullchain.pem", _folder.PathTo("chain.pem")),
            ("/etc/letsencrypt/live/desk.example.com/privkey.pem", _folder.PathTo("key.pem")),
        ];
        foreach (var (published, here) in changes)
        {
            example.ShouldContain(published, customMessage: "the example has changed; adapt the test");
            example = example.Replace(published, here, StringComparison.Ordinal);
        }

        return example;
    }

    private X509Certificate2 WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=desk.example.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_folder.PathTo("chain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.PathTo("key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
