using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SiteDesk.Platform.Web;

/// <summary>
/// The certificate of own PEM files, with the whole chain that stands in them: a browser that does not know the authority between it and the
/// root needs that sent along. Renewed files are taken while the program runs, since certificates live no longer than some months.
/// </summary>
internal sealed class CertificateFiles
{
    /// <summary>How often the files are looked at, at most, when somebody connects.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly string _certificate;
    private readonly string _key;
    private readonly ILogger<CertificateFiles> _log;
    private readonly Lock _looking = new();
    private (DateTime Certificate, DateTime Key) _written;
    private long _lookedAt;
    private volatile SslStreamCertificateContext _current;

    /// <exception cref="CryptographicException">The files are no certificate and its key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public CertificateFiles(string certificate, string key, ILogger<CertificateFiles> log)
    {
        (_certificate, _key, _log) = (certificate, key, log);
        _written = Written();
        _lookedAt = Environment.TickCount64;
        _current = Load();
    }

    /// <summary>What the files hold now; what they held before while they cannot be read.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (Environment.TickCount64 - Interlocked.Read(ref _lookedAt) >= LookAgain.TotalMilliseconds && _looking.TryEnter())
            {
                try
                {
                    LookAgainAtFiles();
                }
                finally
                {
                    _looking.Exit();
                }
            }

            return _current;
        }
    }

    private void LookAgainAtFiles()
    {
        Interlocked.Exchange(ref _lookedAt, Environment.TickCount64);
        try
        {
            if (Written() is var written && written == _written)
                return;

            // Of two files that are written one after the other only both are a pair: until then the old ones are good.
            _current = Load();
            _written = written;
            _log.LogInformation("The certificate was renewed; it is valid until {Until:u}.", _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            _log.LogWarning(problem, "The certificate files have changed and cannot be read; the certificate from before is still used.");
        }
    }

    private SslStreamCertificateContext Load()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_certificate, _key), chain);
    }

    private (DateTime, DateTime) Written() => (File.GetLastWriteTimeUtc(_certificate), File.GetLastWriteTimeUtc(_key));
}
