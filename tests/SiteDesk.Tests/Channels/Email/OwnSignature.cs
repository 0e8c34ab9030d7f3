using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>Checks a DKIM signature as a receiver does, by RFC 6376 alone: nothing of the program is used.</summary>
internal static partial class OwnSignature
{
    /// <param name="record">The TXT record of the selector.</param>
    /// <returns>What is wrong; null when it holds.</returns>
    public static string? Check(byte[] mail, string record)
    {
        var text = Encoding.Latin1.GetString(mail);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var fields = Unfold(text[..(end + 2)]);
        if (fields[0].Name != "dkim-signature")
            return "the first field is no signature";
        var tags = fields[0].Value.Split(';').Select(tag => tag.Split('=', 2)).ToDictionary(tag => tag[0].Trim(), tag => WhiteSpace().Replace(tag[1], ""), StringComparer.Ordinal);
        if (Convert.ToBase64String(SHA256.HashData(Encoding.Latin1.GetBytes(Body(text[(end + 4)..])))) != tags["bh"])
            return "the body's hash differs";
        var signed = new StringBuilder();
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in tags["h"].Split(':'))
        {
            var all = fields.Skip(1).Where(field => field.Name == name).ToList();
            var taken = used[name] = used.GetValueOrDefault(name) + 1;
            if (taken <= all.Count)
                signed.Append(name).Append(':').Append(Relaxed(all[^taken].Value)).Append("\r\n");
        }

        signed.Append("dkim-signature:").Append(Relaxed(Signature().Replace(fields[0].Value, "${tag}")));
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(record.Split("p=")[1]), out _);
        return key.VerifyData(Encoding.Latin1.GetBytes(signed.ToString()), Convert.FromBase64String(tags["b"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? null : "the signature does not hold";
    }

    private static List<(string Name, string Value)> Unfold(string header) =>
        Folding().Replace(header, "${space}").Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2)).Select(parts => (parts[0].Trim().ToLowerInvariant(), parts[1])).ToList();

    private static string Relaxed(string value) => WhiteSpace().Replace(value, " ").Trim();

    private static string Body(string body)
    {
        var lines = body.Split("\r\n").Select(line => Blanks().Replace(line, " ").TrimEnd(' ')).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return string.Concat(lines.Select(line => line + "\r\n"));
    }

    [GeneratedRegex(@"\r\n(?<space>[ \t])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Folding();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"[ \t]+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<tag>;\s*b=)[^;]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Signature();
}
