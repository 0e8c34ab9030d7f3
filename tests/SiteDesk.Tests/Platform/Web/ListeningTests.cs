using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SiteDesk.Tests.CommandLine;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Web;

public sealed class ListeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Own_certificate_files_give_https()
    {
        var certificate = WriteCertificate(TimeSpan.FromDays(100));
        await using var desk = await DeskServer.StartAsync(arguments: ["--urls", "https://127.0.0.1:0", .. CertificateArguments]);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { certificate }, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        using var client = new HttpClient(handler);

        var answer = await client.GetAsync(new Uri(desk.Address, "health/live"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        desk.Address.Scheme.ShouldBe("https");
    }

    [Theory]
    [InlineData(100, "valid until", 0)]
    [InlineData(5, "expires in", 0)]
    [InlineData(-1, "expired", 78)]
    public async Task The_doctor_looks_at_the_certificates_end(int days, string expected, int code)
    {
        WriteCertificate(TimeSpan.FromDays(days));
        var run = await CommandRun.Of(["doctor", "--data", _folder.Root, "--urls", "https://127.0.0.1:0", .. CertificateArguments]);
        run.Output.ShouldContain(expected);
        run.Code.ShouldBe(code, run.Output);
    }

    private string[] CertificateArguments => ["--certificate", _folder.PathTo("chain.pem"), "--certificate-key", _folder.PathTo("key.pem")];

    private X509Certificate2 WriteCertificate(TimeSpan left)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow + left);
        File.WriteAllText(_folder.PathTo("chain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.PathTo("key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
