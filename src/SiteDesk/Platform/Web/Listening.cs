using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Web;

/// <summary>How the program listens: limits that one bad client cannot pass, and HTTPS by own certificate files.</summary>
internal static class Listening
{
    /// <summary>Bytes of a request's body unless a route says otherwise: files come on routes of their own.</summary>
    public const long OrdinaryBody = 1024 * 1024;

    /// <summary>
    /// Bytes of a request's first line. Whoever pastes a text of 100,000 Chinese characters into a search field sends nine bytes for each; with
    /// the server's own 8 KB they would get a bare status and no page. Below the buffer of a request (1 MB), which it must fit into.
    /// </summary>
    public const int LongestRequestLine = 960 * 1024;

    /// <summary>UTF-16 units of an address, but where people write freely into one.</summary>
    private const int LongestAddress = 8 * 1024;

    /// <summary>Whether an address may be as long as it is: searches may, and so may what is asked while one is typed.</summary>
    public static bool MayBeSoLong(HttpRequest request) =>
        (request.Path.Value?.Length ?? 0) + (request.QueryString.Value?.Length ?? 0) <= LongestAddress
        || request.Path.Value is { Length: <= LongestAddress } path && (path.EndsWith("/search", StringComparison.Ordinal) || path.EndsWith("/suggestions", StringComparison.Ordinal));

    public static void Configure(KestrelServerOptions kestrel, SiteDeskOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = OrdinaryBody;
        // A whole page of the workspace at once: with less, rendering waits for the reader's network halfway.
        kestrel.Limits.MaxResponseBufferSize = 256 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
        if (options.Certificate is not { Length: > 0 } certificate)
            return;
        try
        {
            var files = new CertificateFiles(certificate, options.CertificateKey!, kestrel.ApplicationServices.GetRequiredService<ILogger<CertificateFiles>>());
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = files.Current.TargetCertificate; // the server wants one at the start
                https.OnAuthenticate = (_, handshake) => handshake.ServerCertificateContext = files.Current;
            });
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The certificate cannot be read: {problem.Message}", problem);
        }
    }
}
