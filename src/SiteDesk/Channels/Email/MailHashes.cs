using System.Security.Cryptography;
using System.Text;
using SiteDesk.Mail;

namespace SiteDesk.Channels.Email;

/// <summary>The hashes by which mails are found again.</summary>
public static class MailHashes
{
    public static string OfContent(ReadOnlySpan<byte> raw) => Convert.ToHexStringLower(SHA256.HashData(raw));

    /// <param name="mailId">A Message-ID without brackets.</param>
    public static string OfMailId(string mailId) => OfText(mailId.Trim());

    /// <param name="address">As it is compared: <see cref="Customers.ContactAddress.Value"/>.</param>
    public static string OfAddress(string address) => OfText(address);

    /// <summary>
    /// Names a mail within a site, whichever way and however often it comes. A Message-ID alone is not enough: there are
    /// programs that give the same one to every mail, and strangers who would suppress another's mail by using it first.
    /// </summary>
    public static string Fingerprint(long siteId, MimeMessage message)
    {
        var parts = new StringBuilder().Append(siteId).Append('\n')
            .Append(message.From?.Address.ToLowerInvariant()).Append('\n')
            .Append(message.Headers.First("Date")?.Text.Trim()).Append('\n')
            .Append(message.Subject).Append('\n')
            .Append(message.MessageId);
        if (message.MessageId is null)
            parts.Append(OfContent(message.Root.RawBody.Span.TrimEnd("\r\n"u8)));
        return OfText(parts.ToString());
    }

    private static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
