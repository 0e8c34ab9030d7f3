using System.Net;
using System.Net.Sockets;
using System.Xml;
using System.Xml.Linq;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform.Web;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>The servers that were found for an address; null where none was.</summary>
/// <param name="How">Key of the text that says how they were found.</param>
public sealed record FoundServers(ServerAddress? Incoming, ServerAddress? Outgoing, string? UserName, string How)
{
    /// <summary>Fills what was not typed.</summary>
    public void FillIn(MailboxForm form)
    {
        if (form.IncomingHost.Trim().Length == 0 && Incoming is not null)
            (form.IncomingHost, form.IncomingPort, form.IncomingSecurity) = (Incoming.Host, Written(Incoming.Port), Incoming.Security.ToString());
        if (form.OutgoingHost.Trim().Length == 0 && Outgoing is not null)
            (form.OutgoingHost, form.OutgoingPort, form.OutgoingSecurity) = (Outgoing.Host, Written(Outgoing.Port), Outgoing.Security.ToString());
        if (form.UserName.Trim().Length == 0 && UserName is not null)
            form.UserName = UserName;
    }

    private static string Written(int port) => port.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// Finds the servers of an address: a large provider by name, the domain's own autoconfig document, the provider behind its MX
/// record, and at last the names that most hosts use, if something answers there.
/// </summary>
public sealed class FindServers(OutwardCalls calls, DomainRecords records, ILogger<FindServers> log)
{
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(3);

    // Name of the domain or end of its mail exchanger; IMAP host; SMTP host; port; security.
    private static readonly (string[] Domains, string[] Exchangers, string Imap, string Smtp, int Port)[] Providers =
    [
        (["gmail.com", "googlemail.com"], [".google.com", ".googlemail.com"], "imap.gmail.com", "smtp.gmail.com", 465),
        (["outlook.com", "hotmail.com", "live.com", "msn.com"], [".outlook.com"], "outlook.office365.com", "smtp.office365.com", 587),
        (["yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz"], [".yandex.ru", ".yandex.net"], "imap.yandex.com", "smtp.yandex.com", 465),
        (["mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru"], [".mail.ru"], "imap.mail.ru", "smtp.mail.ru", 465),
        (["qq.com", "foxmail.com"], [".mx.qq.com"], "imap.qq.com", "smtp.qq.com", 465),
        ([], [".mxmail.qq.com", ".mxbiz1.qq.com", ".mxbiz2.qq.com"], "imap.exmail.qq.com", "smtp.exmail.qq.com", 465),
        (["163.com"], [".mxmail.netease.com"], "imap.163.com", "smtp.163.com", 465),
        (["126.com"], [], "imap.126.com", "smtp.126.com", 465),
        (["icloud.com", "me.com", "mac.com"], [".icloud.com"], "imap.mail.me.com", "smtp.mail.me.com", 587),
        (["yahoo.com"], [".yahoodns.net"], "imap.mail.yahoo.com", "smtp.mail.yahoo.com", 465),
        (["fastmail.com", "fastmail.fm"], [".messagingengine.com"], "imap.fastmail.com", "smtp.fastmail.com", 465),
        (["zoho.com"], [".zoho.com"], "imap.zoho.com", "smtp.zoho.com", 465),
        (["zoho.eu"], [".zoho.eu"], "imap.zoho.eu", "smtp.zoho.eu", 465),
        (["gmx.net", "gmx.de"], [".gmx.net"], "imap.gmx.net", "mail.gmx.net", 465),
    ];

    public async Task<FoundServers> RunAsync(string address, CancellationToken cancellation)
    {
        if (ContactAddress.ParseEmail(address) is not { } parsed)
            return new FoundServers(null, null, null, "none");
        var domain = parsed.Value[(parsed.Value.LastIndexOf('@') + 1)..];
        return ByProvider(provider => provider.Domains.Contains(domain), "provider")
            ?? await ByDocumentAsync(domain, parsed.Shown, cancellation)
            ?? await ByExchangerAsync(domain, cancellation)
            ?? await ByNameAsync(domain, cancellation);
    }

    private static FoundServers? ByProvider(Func<(string[] Domains, string[] Exchangers, string Imap, string Smtp, int Port), bool> isWanted, string how)
    {
        foreach (var provider in Providers.Where(isWanted))
        {
            return new FoundServers(
                new ServerAddress(provider.Imap, 993, ConnectionSecurity.ImplicitTls),
                new ServerAddress(provider.Smtp, provider.Port, provider.Port == 465 ? ConnectionSecurity.ImplicitTls : ConnectionSecurity.StartTls), null, how);
        }

        return null;
    }

    private async Task<FoundServers?> ByDocumentAsync(string domain, string address, CancellationToken cancellation)
    {
        foreach (var place in (string[])[$"https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={Uri.EscapeDataString(address)}", $"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml"])
        {
            if (await calls.GetAsync(new Uri(place), MostBytes, cancellation) is var (bytes, _) && ReadDocument(bytes, address) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Reads an autoconfig document; only protected connections are taken from it.</summary>
    internal FoundServers? ReadDocument(byte[] document, string address)
    {
        try
        {
            using var stream = new MemoryStream(document);
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var root = XDocument.Load(reader).Root;
            var incoming = root?.Descendants("incomingServer").Where(server => (string?)server.Attribute("type") == "imap").Select(Read).FirstOrDefault(server => server is not null);
            var outgoing = root?.Descendants("outgoingServer").Where(server => (string?)server.Attribute("type") == "smtp").Select(Read).FirstOrDefault(server => server is not null);
            var user = root?.Descendants("incomingServer").Elements("username").FirstOrDefault()?.Value;
            return incoming is null && outgoing is null ? null : new FoundServers(incoming, outgoing, user?.Contains("LOCALPART", StringComparison.Ordinal) == true ? address.Split('@')[0] : null, "document");
        }
        catch (XmlException problem)
        {
            log.LogInformation("The autoconfig document of {Address} cannot be read: {Problem}", address, problem.Message);
            return null;
        }
    }

    private static ServerAddress? Read(XElement server)
    {
        var host = ((string?)server.Element("hostname") ?? "").Trim();
        ConnectionSecurity? security = ((string?)server.Element("socketType") ?? "").Trim().ToUpperInvariant() switch { "SSL" => ConnectionSecurity.ImplicitTls, "STARTTLS" => ConnectionSecurity.StartTls, _ => null };
        return Uri.CheckHostName(host) == UriHostNameType.Dns && security is not null && int.TryParse(server.Element("port")?.Value, out var port) && port is > 0 and < 65536
            ? new ServerAddress(host, port, security.Value)
            : null;
    }

    private async Task<FoundServers?> ByExchangerAsync(string domain, CancellationToken cancellation)
    {
        var names = await records.MailExchangersAsync(domain, cancellation);
        return ByProvider(provider => Array.Exists(provider.Exchangers, end => names.Any(name => ("." + name).EndsWith(end, StringComparison.OrdinalIgnoreCase))), "exchanger");
    }

    private static async Task<FoundServers> ByNameAsync(string domain, CancellationToken cancellation)
    {
        var incoming = await FirstAsync([($"imap.{domain}", 993, ConnectionSecurity.ImplicitTls), ($"mail.{domain}", 993, ConnectionSecurity.ImplicitTls), ($"imap.{domain}", 143, ConnectionSecurity.StartTls)], cancellation);
        var outgoing = await FirstAsync(
            [($"smtp.{domain}", 465, ConnectionSecurity.ImplicitTls), ($"mail.{domain}", 465, ConnectionSecurity.ImplicitTls), ($"smtp.{domain}", 587, ConnectionSecurity.StartTls), ($"mail.{domain}", 587, ConnectionSecurity.StartTls)], cancellation);
        return new FoundServers(incoming, outgoing, null, incoming is null && outgoing is null ? "none" : "name");
    }

    private static async Task<ServerAddress?> FirstAsync((string Host, int Port, ConnectionSecurity Security)[] candidates, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(candidates.Select(candidate => ListensAsync(candidate.Host, candidate.Port, cancellation)));
        var first = Array.IndexOf(answers, true);
        return first < 0 ? null : new ServerAddress(candidates[first].Host, candidates[first].Port, candidates[first].Security);
    }

    private static async Task<bool> ListensAsync(string host, int port, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ProbeTime);
        try
        {
            var addresses = (await Dns.GetHostAddressesAsync(host, limit.Token)).Where(OutwardCalls.IsPublic).ToArray();
            if (addresses.Length == 0)
                return false;
            using var client = new TcpClient();
            await client.ConnectAsync(addresses, port, limit.Token);
            return true;
        }
        catch (Exception problem) when (problem is SocketException || problem is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Nothing there: that is the answer.
            return false;
        }
    }
}
