using System.Security.Cryptography;
using SiteDesk.Mail;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>Signs outgoing mail with the mailbox's own key, where it has one (DKIM, RFC 6376).</summary>
public sealed class MailSigner(MailSecrets secrets, ILogger<MailSigner> log)
{
    /// <summary>The moment of signing is the mail's own: a second try is the same mail, byte for byte.</summary>
    public byte[] Sign(byte[] message, OutgoingMail mail, Mailbox mailbox) => Sign(message, mail.CreatedAt, mailbox);

    /// <param name="madeAt">When the mail was made.</param>
    public byte[] Sign(byte[] message, DateTime madeAt, Mailbox mailbox)
    {
        if (mailbox.Dkim is not { } dkim)
            return message;
        if (secrets.Open(dkim.SealedKey) is not { } sealedKey)
        {
            log.LogWarning("The DKIM key of mailbox {Mailbox} cannot be read any more: its mail leaves unsigned until a new key is made.", mailbox.Address);
            return message;
        }

        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(sealedKey), out _);
        return new DkimSigner(mailbox.Domain, dkim.Selector, key).Sign(message, new DateTimeOffset(madeAt, TimeSpan.Zero));
    }
}
