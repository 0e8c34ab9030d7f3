using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Web;

namespace SiteDesk.Channels.Email;

/// <summary>An address of a site whose mail becomes tickets, and through which answers leave.</summary>
public sealed class Mailbox : IVersioned
{
    public long Id { get; init; }

    public required long SiteId { get; set; }

    /// <summary>Who gets its new tickets; null leaves that to the routing.</summary>
    public long? TeamId { get; set; }

    /// <summary>As written; compared by <see cref="AddressKey"/>.</summary>
    public required string Address { get; set; }

    /// <summary>Lower case, domain in ASCII form: one mailbox an address among those in use.</summary>
    public required string AddressKey { get; set; }

    /// <summary>The IMAP server; null when mail is only posted to us.</summary>
    public ServerAddress? Incoming { get; set; }

    /// <summary>The SMTP server; null: answers are seen here and not sent.</summary>
    public ServerAddress? Outgoing { get; set; }

    /// <summary>The account's name on both servers; empty signs in as nobody (a relay on this machine).</summary>
    public string UserName { get; set; } = "";

    public MailSecretKind SecretKind { get; set; }

    /// <summary>Password or token, sealed by data protection; null when there is none.</summary>
    public string? SealedSecret { get; set; }

    /// <summary>The folder that is followed.</summary>
    public string Folder { get; set; } = "INBOX";

    /// <summary>Per language: the name customers see as the sender; empty: the site's name.</summary>
    public Dictionary<string, string> SenderNames { get; set; } = [];

    /// <summary>Per language: what stands under every answer.</summary>
    public Dictionary<string, string> Signatures { get; set; } = [];

    /// <summary>Whether a new ticket is confirmed with its number and link.</summary>
    public bool SendsConfirmation { get; set; } = true;

    /// <summary>Whether the provider delivers <c>name+anything@domain</c> to <c>name@domain</c>: then answers carry the ticket in their address, too.</summary>
    public bool UsesPlusAddress { get; set; }

    /// <summary>
    /// Whether what goes to customers goes to the mailbox as well: other programs on it see the answers, and what comes back proves that the
    /// server took it. Off unless it is chosen: providers count a receiver more.
    /// </summary>
    public bool KeepsCopies { get; set; }

    /// <summary>The receiving servers whose Authentication-Results are believed (RFC 8601 authserv-ids).</summary>
    public List<string> TrustedHosts { get; set; } = [];

    /// <summary>
    /// Whether an answer of a member of staff from their own mail program counts though no trusted server vouches for its sender. The
    /// token alone is then the proof: whoever gets hold of such a mail can answer in that person's name.
    /// </summary>
    public bool AcceptsUnprovenStaffMail { get; set; }

    /// <summary>Per language: what confirms a new request; empty: the program's own words. Knows {number} and {subject}.</summary>
    public Dictionary<string, string> ConfirmationTexts { get; set; } = [];

    /// <summary>How access tokens are renewed; null when they are not.</summary>
    public TokenRenewal? Renewal { get; set; }

    /// <summary>What signs outgoing mail; null leaves that to the server.</summary>
    public DkimKey? Dkim { get; set; }

    /// <summary>Hash of the secret in the address to which a mail server posts raw mail.</summary>
    public required string PostSecretHash { get; set; }

    /// <summary>The desk's own address as the administrator reached it, for links in mail when none is configured.</summary>
    public string DeskAddress { get; set; } = "";

    /// <summary>Where the program is reached from outside, without a slash at its end; empty when not known.</summary>
    public string DeskFor(SiteDeskOptions options) => (options.PublicAddress is { Length: > 0 } known ? known : DeskAddress).TrimEnd('/');

    public bool IsEnabled { get; set; } = true;

    public required DateTime CreatedAt { get; init; }

    /// <summary>How many mails leave within any sixty minutes; 0 for as many as there are. What is more waits.</summary>
    public int MailsPerHour { get; set; } = UsualMailsPerHour;

    /// <summary>Enough for a busy desk, and less than the large providers refuse.</summary>
    public const int UsualMailsPerHour = 500;

    /// <summary>When it was taken away: its mail stays, its secrets are gone.</summary>
    public DateTime? RemovedAt { get; set; }

    public int Version { get; set; }

    public bool IsFollowed => IsEnabled && RemovedAt is null && Incoming is not null;

    /// <summary>Whether copies that are sent to it are also read here; elsewhere they would prove nothing.</summary>
    public bool SendsCopies => KeepsCopies && IsFollowed;

    /// <summary>The part after the @, in ASCII form.</summary>
    public string Domain => AddressKey[(AddressKey.LastIndexOf('@') + 1)..];
}

/// <summary>Where a server listens and how the connection is protected.</summary>
public sealed record ServerAddress(string Host, int Port, ConnectionSecurity Security);

/// <summary>Where a new access token is got with a refresh token (RFC 6749 section 6).</summary>
/// <param name="SealedClientSecret">Null for a public client.</param>
public sealed record TokenRenewal(string Endpoint, string ClientId, string? SealedClientSecret, string SealedRefreshToken, string Scope);

/// <summary>A DKIM key (RFC 6376). The private part is sealed and never shown.</summary>
/// <param name="Selector">The public key stands in DNS under Selector._domainkey.DOMAIN.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo in base64, as the DNS record has it.</param>
public sealed record DkimKey(string Selector, string SealedKey, string PublicKey);

public enum MailSecretKind
{
    Password,

    /// <summary>An OAuth 2.0 access token (XOAUTH2).</summary>
    AccessToken,
}

/// <summary>How the following of a mailbox goes; moves often, so it is apart from what an administrator edits.</summary>
public sealed class MailboxState
{
    public required long MailboxId { get; init; }

    /// <summary>When the folder was last looked through to its end.</summary>
    public DateTime? FetchedAt { get; set; }

    /// <summary>Why the last try failed; null when it did not.</summary>
    public string? FetchError { get; set; }

    public DateTime? FetchErrorAt { get; set; }

    /// <summary>While this stays, a UID means the same message (RFC 9051 section 2.3.1.1).</summary>
    public long UidValidity { get; set; }

    /// <summary>Everything up to it is stored here.</summary>
    public long LastUid { get; set; }

    /// <summary>What has a lower UID was there before us: of that only what nobody has read counts.</summary>
    public long FirstNewUid { get; set; }

    /// <summary>The newest access token, sealed; null: the one the administrator entered.</summary>
    public string? SealedAccessToken { get; set; }

    /// <summary>The refresh token that came with it, sealed; null: the one the administrator entered is still the newest.</summary>
    public string? SealedRefreshToken { get; set; }

    /// <summary>From when on it is renewed before use; null when the server did not say.</summary>
    public DateTime? AccessTokenUntil { get; set; }

    public DateTime? SentAt { get; set; }

    /// <summary>Why the last connection for sending failed; null when it did not.</summary>
    public string? SendError { get; set; }

    public DateTime? SendErrorAt { get; set; }
}
