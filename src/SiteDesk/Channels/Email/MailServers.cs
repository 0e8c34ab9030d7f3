using System.Net;
using System.Net.Security;
using SiteDesk.Mail;
using SiteDesk.Platform.Web;

namespace SiteDesk.Channels.Email;

/// <summary>How connections to mail servers are made.</summary>
public sealed class MailTransport
{
    /// <summary>How long a server may take for one step.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Judges certificates; null asks the operating system.</summary>
    public RemoteCertificateValidationCallback? ValidateCertificate { get; set; }
}

/// <summary>Makes of a mailbox's settings the servers to connect to.</summary>
public sealed class MailServers(MailSecrets secrets, AccessTokens tokens, MailTransport transport, SiteDeskOptions options, TimeProvider time)
{
    /// <exception cref="InvalidOperationException">The mailbox has no server for fetching.</exception>
    /// <exception cref="MailTransportException">Its access token cannot be renewed.</exception>
    public Task<MailServer> IncomingAsync(Mailbox mailbox, CancellationToken cancellation) => OfAsync(mailbox, mailbox.Incoming ?? throw new InvalidOperationException("The mailbox has no server for fetching."), cancellation);

    /// <exception cref="InvalidOperationException">The mailbox has no server for sending.</exception>
    /// <exception cref="MailTransportException">Its access token cannot be renewed.</exception>
    public Task<MailServer> OutgoingAsync(Mailbox mailbox, CancellationToken cancellation) => OfAsync(mailbox, mailbox.Outgoing ?? throw new InvalidOperationException("The mailbox has no server for sending."), cancellation);

    private async Task<MailServer> OfAsync(Mailbox mailbox, ServerAddress address, CancellationToken cancellation)
    {
        var secret = mailbox.SecretKind == MailSecretKind.AccessToken ? await tokens.CurrentAsync(mailbox, cancellation) : secrets.Open(mailbox.SealedSecret);
        return new MailServer
        {
            Host = address.Host,
            Port = address.Port,
            Security = address.Security,
            UserName = mailbox.UserName.Length > 0 ? mailbox.UserName : null,
            Password = mailbox.SecretKind == MailSecretKind.Password ? secret ?? "" : null,
            AccessToken = mailbox.SecretKind == MailSecretKind.AccessToken ? secret ?? "" : null,
            Timeout = transport.Timeout,
            ClientName = Uri.TryCreate(options.PublicAddress, UriKind.Absolute, out var known) ? known.IdnHost : "localhost",
            AllowCleartextPassword = IsThisMachine(address.Host),
            ValidateCertificate = transport.ValidateCertificate,
            Clock = time,
        };
    }

    private static bool IsThisMachine(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
}
