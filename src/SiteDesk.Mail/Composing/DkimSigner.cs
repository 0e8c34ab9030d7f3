using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>Signs messages with DKIM (RFC 6376): rsa-sha256, relaxed canonicalisation of header and body.</summary>
/// <param name="domain">The signing domain ("d="), in ASCII form.</param>
/// <param name="selector">The selector ("s="): the public key stands in DNS under selector._domainkey.domain.</param>
/// <param name="key">The private key, 1,024 bits at least (section 3.3.3); 2,048 is usual.</param>
public sealed class DkimSigner(string domain, string selector, RSA key)
{
    // What a reader sees or a thread depends on (section 5.4.1). From is named twice so that nobody can add a second one (section 8.15).
    private static readonly string[] SignedFields =
        ["from", "from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to", "mime-version", "content-type", "content-transfer-encoding", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post", "list-id"];

    /// <summary>Gives the message with the signature as its first field.</summary>
    /// <param name="message">A message with CRLF line ends, complete but for fields that servers add.</param>
    /// <param name="signedAt">The moment of signing ("t=").</param>
    public byte[] Sign(byte[] message, DateTimeOffset signedAt)
    {
        ArgumentNullException.ThrowIfNull(message);
        var end = message.AsSpan().IndexOf("\r\n\r\n"u8);
        var header = end < 0 ? message.AsSpan() : message.AsSpan(0, end + 2);
        var body = end < 0 ? [] : message.AsSpan(end + 4);
        var fields = Fields(Encoding.UTF8.GetString(header));
        var bodyHash = Convert.ToBase64String(SHA256.HashData(RelaxedBody(body)));

        var chosen = new List<string>();
        var signed = new StringBuilder();
        var used = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in SignedFields)
        {
            // Fields of one name are taken from the last up; one that is not there is signed as absent (section 5.4.2).
            var all = fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
            var taken = used.GetValueOrDefault(name);
            if (all.Count == 0 || taken > all.Count) continue;
            used[name] = taken + 1;
            chosen.Add(name);
            if (taken < all.Count) signed.Append(RelaxedField(all[all.Count - 1 - taken].Raw)).Append("\r\n");
        }
        var signature = $"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n s={selector}; t={signedAt.ToUnixTimeSeconds()};\r\n h={Folded(chosen)};\r\n bh={bodyHash};\r\n b=";
        signed.Append(RelaxedField(signature));
        var value = Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(signed.ToString()), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var lines = string.Join("\r\n ", value.Chunk(72).Select(chunk => new string(chunk)));
        return [.. Encoding.ASCII.GetBytes(signature + lines + "\r\n"), .. message];
    }

    private static string Folded(List<string> names)
    {
        var result = new StringBuilder();
        var column = 4;
        foreach (var name in names)
        {
            if (result.Length > 0) result.Append(':');
            if (column + name.Length > 70)
            {
                result.Append("\r\n  ");
                column = 2;
            }
            result.Append(name);
            column += name.Length + 1;
        }
        return result.ToString();
    }

    private static List<(string Name, string Raw)> Fields(string header)
    {
        var fields = new List<(string Name, string Raw)>();
        foreach (var line in header.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] is ' ' or '\t' && fields.Count > 0) fields[^1] = (fields[^1].Name, fields[^1].Raw + "\r\n" + line);
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) fields.Add((line[..colon].Trim(), line));
        }
        return fields;
    }

    /// <summary>Relaxed header canonicalisation (section 3.4.2), without the line end.</summary>
    internal static string RelaxedField(string field)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var value = field[(colon + 1)..].Replace("\r\n", string.Empty);
        return field[..colon].Trim(' ', '\t').ToLowerInvariant() + ":" + Collapsed(value).Trim(' ');
    }

    /// <summary>Relaxed body canonicalisation (section 3.4.4).</summary>
    internal static byte[] RelaxedBody(ReadOnlySpan<byte> body)
    {
        var result = new List<byte>(body.Length + 2);
        var blank = false;
        for (var at = 0; at < body.Length; at++)
        {
            if (body[at] is (byte)' ' or (byte)'\t')
            {
                blank = true;
                continue;
            }
            var isLineEnd = body[at] == '\r' && at + 1 < body.Length && body[at + 1] == '\n';
            if (blank && !isLineEnd) result.Add((byte)' ');
            blank = false;
            result.Add(body[at]);
        }
        while (result.Count >= 2 && result[^1] == '\n' && result[^2] == '\r') result.RemoveRange(result.Count - 2, 2);
        if (result.Count > 0) result.AddRange("\r\n"u8);
        return [.. result];
    }

    private static string Collapsed(string value)
    {
        var result = new StringBuilder(value.Length);
        foreach (var symbol in value)
            if (symbol is not (' ' or '\t')) result.Append(symbol);
            else if (result.Length == 0 || result[^1] != ' ') result.Append(' ');
        return result.ToString();
    }
}
