using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>Own certificate files: readable, belonging together, valid, for the right name, the key private.</summary>
internal sealed class CertificateCheck(SiteDeskOptions options, TimeProvider time) : ICheck
{
    private const string Subject = "Certificate";
    private const int SoonDays = 21;

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (options.Certificate is not { Length: > 0 } path)
            yield break;
        yield return Look(path);
        if (!OperatingSystem.IsWindows() && File.Exists(options.CertificateKey) && File.GetUnixFileMode(options.CertificateKey).HasFlag(UnixFileMode.OtherRead))
            yield return Finding.Warning(Subject, "everybody on this machine may read the key", $"chmod o-rwx {options.CertificateKey}");
        await Task.CompletedTask;
    }

    private Finding Look(string path)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(path, options.CertificateKey);
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return Finding.Fault(Subject, $"cannot be read: {problem.Message}", "Both files have to be PEM, belong together, and be readable for the user who runs SiteDesk.");
        }

        using (certificate)
        {
            var now = time.GetUtcNow();
            var left = (int)(certificate.NotAfter.ToUniversalTime() - now.UtcDateTime).TotalDays;
            if (now.UtcDateTime < certificate.NotBefore.ToUniversalTime())
                return Finding.Fault(Subject, $"is not valid before {certificate.NotBefore:yyyy-MM-dd}", "Check the clock, or get one that is valid now.");
            if (now.UtcDateTime > certificate.NotAfter.ToUniversalTime())
                return Finding.Fault(Subject, $"expired {certificate.NotAfter:yyyy-MM-dd}", "Renew it; SiteDesk takes the new files by itself.");
            if (options.PublicAddress is { Length: > 0 } known && !certificate.MatchesHostname(new Uri(known).Host))
                return Finding.Fault(Subject, $"is not for {new Uri(known).Host}", "Get one for the name in PublicAddress.");
            return left < SoonDays
                ? Finding.Warning(Subject, $"expires in {left} days", "Renew it; SiteDesk takes the new files by itself.")
                : Finding.Well(Subject, $"valid until {certificate.NotAfter:yyyy-MM-dd}");
        }
    }
}
