using System.Net.Security;

namespace SiteDesk.Mail;

/// <summary>How a connection is protected.</summary>
public enum ConnectionSecurity
{
    /// <summary>TLS from the first byte (RFC 8314 section 3).</summary>
    ImplicitTls,

    /// <summary>TLS after STARTTLS (RFC 3207, RFC 9051 section 6.2.1); a server that does not offer it is refused.</summary>
    StartTls,

    /// <summary>No TLS. Passwords are not sent unless <see cref="MailServer.AllowCleartextPassword"/>.</summary>
    None,
}

/// <summary>A mail server and how to talk to it.</summary>
public sealed record MailServer
{
    /// <summary>The host's name or address; the certificate must be made out to it.</summary>
    public required string Host { get; init; }

    /// <summary>The port: usually 993 or 143 for IMAP, 465 or 587 for submission, 25 between servers.</summary>
    public required int Port { get; init; }

    /// <summary>The protection. Default implicit TLS.</summary>
    public ConnectionSecurity Security { get; init; } = ConnectionSecurity.ImplicitTls;

    /// <summary>The account's name, or null to sign in as nobody.</summary>
    public string? UserName { get; init; }

    /// <summary>The password for PLAIN and LOGIN, or null.</summary>
    public string? Password { get; init; }

    /// <summary>An OAuth 2.0 access token for XOAUTH2, used instead of the password; or null.</summary>
    public string? AccessToken { get; init; }

    /// <summary>How long the other side may take for one step: connecting, one line, one block of data. Default 60 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What this host calls itself to SMTP servers. Default "localhost".</summary>
    public string ClientName { get; init; } = "localhost";

    /// <summary>True sends passwords without TLS: for servers on this machine.</summary>
    public bool AllowCleartextPassword { get; init; }

    /// <summary>Judges the server's certificate; null asks the operating system.</summary>
    public RemoteCertificateValidationCallback? ValidateCertificate { get; init; }

    /// <summary>The clock for time limits.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Shows where, never the secrets.</summary>
    public override string ToString() => $"{Host}:{Port} ({Security}) as {UserName ?? "nobody"}";
}

/// <summary>What went wrong with a server.</summary>
public enum MailTransportError
{
    /// <summary>No connection: no such host, nothing listens, no route.</summary>
    CannotConnect,

    /// <summary>TLS could not be agreed on.</summary>
    TlsFailed,

    /// <summary>The certificate is not trusted or not for this host.</summary>
    CertificateRejected,

    /// <summary>The server does not offer the protection or mechanism asked for.</summary>
    NotOffered,

    /// <summary>Name, password or token were refused.</summary>
    LoginRefused,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>The connection broke.</summary>
    ConnectionLost,

    /// <summary>The server said no to a command.</summary>
    Refused,

    /// <summary>The server said what the protocol does not allow, or too much.</summary>
    ProtocolViolated,
}

/// <summary>A fault of a connection to a mail server. The connection is of no more use, except after
/// <see cref="MailTransportError.Refused"/>.</summary>
public sealed class MailTransportException : Exception
{
    /// <summary>Creates the fault.</summary>
    public MailTransportException(MailTransportError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>The kind, for programs.</summary>
    public MailTransportError Error { get; }
}
