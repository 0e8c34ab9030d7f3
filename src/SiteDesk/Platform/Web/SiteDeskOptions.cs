using System.Net;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Web;

/// <summary>
/// The settings of an installation. Read, each later one winning, from <c>sitedesk.json</c> in the data folder or named by
/// <c>--config</c>, the environment (<c>SITEDESK_PUBLICADDRESS</c>), and the command line (<c>--public-address</c>).
/// </summary>
public sealed class SiteDeskOptions
{
    /// <summary>Folder for everything that is not in PostgreSQL.</summary>
    public string Data { get; set; } = "data";

    /// <summary>Database address; empty for SQLite in the data folder.</summary>
    public string? Database { get; set; }

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; set; } = "http://localhost:5080";

    /// <summary>The address people use, when a reverse proxy stands in between: https://help.example.com.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>Network addresses or ranges of reverse proxies whose forwarded headers are believed, separated by commas.</summary>
    public string? TrustedProxies { get; set; }

    /// <summary>PEM file of the certificate chain, for HTTPS without a proxy.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file of the certificate's key.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Address of an OTLP collector for metrics and traces, for example http://localhost:4317.</summary>
    public string? Otlp { get; set; }

    /// <summary>clamd's address (host:port or the path of a socket); empty: files are not scanned.</summary>
    public string? VirusScanner { get; set; }

    /// <summary>
    /// Network addresses or ranges outside the public network in which a language model may stand, separated by commas: <c>127.0.0.1</c> for
    /// one on this machine. Empty: only on the public network.
    /// </summary>
    public string? ModelNetworks { get; set; }

    /// <summary>Fills an empty installation with believable data.</summary>
    public bool Demo { get; set; }

    /// <summary>Checks what can be checked without starting.</summary>
    /// <exception cref="ConfigurationException">Names the setting and what it should be.</exception>
    public void Validate()
    {
        if (PublicAddress is { Length: > 0 } && !(Uri.TryCreate(PublicAddress, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            throw new ConfigurationException($"PublicAddress “{PublicAddress}” is not an address. Write it like https://help.example.com.");
        if (Certificate is { Length: > 0 } != CertificateKey is { Length: > 0 })
            throw new ConfigurationException("Certificate and CertificateKey go together: give both PEM files or none.");
        foreach (var url in Listening())
            Check(url);
        foreach (var proxy in Proxies())
        {
            if (!IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _))
                throw new ConfigurationException($"TrustedProxies: “{proxy}” is neither a network address nor a range like 10.0.0.0/8.");
        }

        _ = NetworksOfModels();
    }

    /// <summary>The addresses to listen on, one by one.</summary>
    public IEnumerable<string> Listening() => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The trusted proxies, one by one.</summary>
    public IEnumerable<string> Proxies() => (TrustedProxies ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private void Check(string url)
    {
        BindingAddress binding;
        try
        {
            binding = BindingAddress.Parse(url);
        }
        catch (FormatException problem)
        {
            throw new ConfigurationException($"Urls: “{url}” is not an address to listen on. Write it like http://localhost:5080.", problem);
        }

        if (binding.Scheme is not ("http" or "https"))
            throw new ConfigurationException($"Urls: “{url}” begins with neither http:// nor https://.");
        if (binding.Scheme == "https" && Certificate is not { Length: > 0 })
            throw new ConfigurationException($"Urls: “{url}” is HTTPS, but there is no certificate. Give Certificate and CertificateKey, or listen on http:// behind a proxy.");
    }

    /// <summary>Where outside the public network a language model may stand; a single address is a range of one.</summary>
    /// <exception cref="ConfigurationException">One of them is neither an address nor a range.</exception>
    public IReadOnlyList<IPNetwork> NetworksOfModels() =>
        [.. (ModelNetworks ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(written =>
            IPAddress.TryParse(written, out var address) ? new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
            : IPNetwork.TryParse(written, out var range) ? range
            : throw new ConfigurationException($"ModelNetworks: “{written}” is neither a network address nor a range like 10.0.0.0/8."))];
}

/// <summary>The address under which people reach this installation.</summary>
public sealed class PublicAddress(SiteDeskOptions options)
{
    /// <summary>Without a slash at the end; the request's own when none is set.</summary>
    public string Of(HttpContext http) => options.PublicAddress is { Length: > 0 } address
        ? address.TrimEnd('/')
        : $"{http.Request.Scheme}://{http.Request.Host}";
}
