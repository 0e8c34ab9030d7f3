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

    [Fact]
    public async Task The_whole_chain_is_sent_and_a_renewed_certificate_is_taken_while_it_runs()
    {
        using var root = new Authority("CN=Root", issuer: null);
        using var between = new Authority("CN=Between", root);
        WriteChain(between, "first");
        await using var desk = await DeskServer.StartAsync(arguments: ["--urls", "https://127.0.0.1:0", .. CertificateArguments]);
        (await SubjectAsync()).ShouldBe("CN=first");

        WriteChain(between, "second");
        foreach (var file in Directory.GetFiles(_folder.Root))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(1)); // on a coarse clock both would have the same time
        var subject = "";
        for (var patience = 0; subject != "CN=second" && patience < 100; patience++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            subject = await SubjectAsync();
        }

        subject.ShouldBe("CN=second");
        await File.WriteAllTextAsync(_folder.PathTo("chain.pem"), "half a file", TestContext.Current.CancellationToken);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        (await SubjectAsync()).ShouldBe("CN=second", "what cannot be read does not end what is good");

        // Knows the root alone, and fetches nothing.
        async Task<string> SubjectAsync()
        {
            var seen = "";
            using var handler = new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root.Certificate }, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    {
                        seen = certificate!.Subject;
                        return errors == SslPolicyErrors.None;
                    },
                },
            };
            using var client = new HttpClient(handler);
            (await client.GetAsync(new Uri(desk.Address, "health/live"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
            return seen;
        }
    }

    private void WriteChain(Authority issuer, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(issuer.Certificate, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(_folder.PathTo("chain.pem"), certificate.ExportCertificatePem() + "\n" + issuer.Certificate.ExportCertificatePem());
        File.WriteAllText(_folder.PathTo("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private sealed class Authority : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public Authority(string name, Authority? issuer)
        {
            var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
            var (from, until) = (DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(issuer is null ? 1000 : 500));
            if (issuer is null)
            {
                Certificate = request.CreateSelfSigned(from, until);
                return;
            }

            using var signed = request.Create(issuer.Certificate, from, until, RandomNumberGenerator.GetBytes(8));
            Certificate = signed.CopyWithPrivateKey(_key);
        }

        public X509Certificate2 Certificate { get; }

        public void Dispose()
        {
            Certificate.Dispose();
            _key.Dispose();
        }
    }

    [Theory]
    [InlineData(100, "valid until", 0)]
    [InlineData(5, "expires in", 0)]
    [InlineData(-0.1, "expired", 78)]
    [InlineData(-1, "expired", 78)]
    public async Task The_doctor_looks_at_the_certificates_end(double days, string expected, int code)
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
