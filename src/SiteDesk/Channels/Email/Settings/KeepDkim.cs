using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>What DNS says of a key's record.</summary>
public enum DkimCheck
{
    Good,

    /// <summary>There is no such record.</summary>
    Missing,

    /// <summary>There is one, with another key.</summary>
    Different,

    /// <summary>No name server answered.</summary>
    NoAnswer,
}

/// <summary>Makes, takes over and drops the key that signs a mailbox's outgoing mail. The private part goes in and never comes out.</summary>
public sealed partial class KeepDkim(Database database, MailSecrets secrets, DomainRecords records, AuditLog audit)
{
    private const int KeyBits = 2048;

    // RFC 8301 section 3.2: what is shorter is not believed.
    private const int FewestBits = 1024;

    /// <summary>Where the public key is published (RFC 6376 section 3.6.2.1).</summary>
    public static string RecordName(Mailbox mailbox, DkimKey key) => $"{key.Selector}._domainkey.{mailbox.Domain}";

    /// <summary>The text of the TXT record (RFC 6376 section 3.6.1).</summary>
    public static string Record(DkimKey key) => $"v=DKIM1; k=rsa; p={key.PublicKey}";

    /// <param name="selector">A DNS label.</param>
    /// <param name="pem">A private RSA key (PKCS#8 or PKCS#1); empty makes a new one.</param>
    public async Task<Outcome<DkimKey>> AddAsync(Mailbox mailbox, string selector, string pem, Staff by, CancellationToken cancellation)
    {
        var label = selector.Trim().ToLowerInvariant();
        if (!SelectorPattern().IsMatch(label))
            return new Problem("selector", "mail.dkim.selector-wrong");
        using var rsa = pem.Trim().Length == 0 ? RSA.Create(KeyBits) : Import(pem);
        if (rsa is null)
            return new Problem("key", "mail.dkim.key-wrong");
        if (rsa.KeySize < FewestBits)
            return new Problem("key", "mail.dkim.key-short", ("count", FewestBits));
        mailbox.Dkim = new DkimKey(label, secrets.Seal(Convert.ToBase64String(rsa.ExportPkcs8PrivateKey())), Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
        return await SaveAsync(mailbox, label, by, cancellation) is { } problem ? problem : mailbox.Dkim;
    }

    /// <summary>Mail is not signed here any more.</summary>
    public async Task<Outcome<Mailbox>> RemoveAsync(Mailbox mailbox, Staff by, CancellationToken cancellation)
    {
        mailbox.Dkim = null;
        return await SaveAsync(mailbox, "removed", by, cancellation) is { } problem ? problem : mailbox;
    }

    public async Task<DkimCheck> CheckAsync(Mailbox mailbox, DkimKey key, CancellationToken cancellation)
    {
        if (await records.TextsAsync(RecordName(mailbox, key), cancellation) is not { } texts)
            return DkimCheck.NoAnswer;
        if (texts.Count == 0)
            return DkimCheck.Missing;
        return texts.Any(text => KeyOf(text) == key.PublicKey) ? DkimCheck.Good : DkimCheck.Different;
    }

    /// <summary>The p= tag, without the spaces DNS panels put between the parts.</summary>
    private static string? KeyOf(string record) =>
        record.Split(';').Select(tag => tag.Trim()).Where(tag => tag.StartsWith("p=", StringComparison.Ordinal)).Select(tag => tag[2..].Replace(" ", "", StringComparison.Ordinal)).FirstOrDefault();

    private static RSA? Import(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);

            // A public key can be read as well; it signs nothing.
            rsa.ExportPkcs8PrivateKey();
            return rsa;
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            // Not a key, one of another kind, or one that is locked: the form says so.
            rsa.Dispose();
            return null;
        }
    }

    private async Task<Problem?> SaveAsync(Mailbox mailbox, string selector, Staff by, CancellationToken cancellation)
    {
        audit.Write(by.AsActor(), "mailbox.changed", System.FormattableString.Invariant($"mailbox:{mailbox.Id}"), ("dkim", selector));
        try
        {
            await database.SaveChangesAsync(cancellation);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("", "settings.changed-meanwhile");
        }
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SelectorPattern();
}
