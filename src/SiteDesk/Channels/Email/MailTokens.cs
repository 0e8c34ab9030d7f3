using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Email;

/// <summary>
/// Signs a ticket's number into what comes back with an answer: the Message-ID of our mails and, where the provider allows it,
/// the address. Who shows such a token has received our mail; a number alone shows nothing.
/// </summary>
public sealed partial class MailTokens(SharedKeys keys)
{
    private const string KeyName = "email-token-key";

    // 80 bits: nothing to guess one by one over mail. Hexadecimal, because local parts lose their case on the way.
    private const int SignatureBytes = 10;

    /// <summary>Makes the key if there is none yet. Call it before a transaction: the key is stored by a writer of its own, who would wait for the transaction's end.</summary>
    public async Task PrepareAsync(CancellationToken cancellation) => await KeyAsync(cancellation);

    /// <summary>A Message-ID for one of our mails, the same for the same mail.</summary>
    /// <param name="mail">What the mail is within the ticket: <c>answer:42</c>.</param>
    public async Task<string> MailIdAsync(long ticketId, string mail, string domain, CancellationToken cancellation)
    {
        var unique = Convert.ToHexStringLower(HMACSHA256.HashData(await KeyAsync(cancellation), Encoding.UTF8.GetBytes($"mail|{mail}")).AsSpan(0, 8));
        return $"{await TokenAsync(ticketId, cancellation)}.{unique}@{domain}";
    }

    /// <summary>What stands after the plus sign of a reply address: <c>t42-0123456789abcdef0123</c>.</summary>
    public async Task<string> TokenAsync(long ticketId, CancellationToken cancellation)
    {
        var signature = Sign(await KeyAsync(cancellation), ticketId);
        return string.Create(CultureInfo.InvariantCulture, $"t{ticketId}-{signature}");
    }

    /// <summary>A Message-ID for a mail that leads into no ticket when it is answered, the same for the same mail.</summary>
    public async Task<string> OwnMailIdAsync(string mail, string domain, CancellationToken cancellation) =>
        $"own.{Convert.ToHexStringLower(HMACSHA256.HashData(await KeyAsync(cancellation), Encoding.UTF8.GetBytes($"mail|{mail}")).AsSpan(0, SignatureBytes))}@{domain}";

    /// <summary>A Message-ID for a notice to a member of staff.</summary>
    public async Task<string> StaffMailIdAsync(long ticketId, long staffId, string mail, string domain, CancellationToken cancellation)
    {
        var unique = Convert.ToHexStringLower(HMACSHA256.HashData(await KeyAsync(cancellation), Encoding.UTF8.GetBytes($"mail|{mail}")).AsSpan(0, 8));
        return $"{await StaffTokenAsync(ticketId, staffId, cancellation)}.{unique}@{domain}";
    }

    /// <summary>Signs a ticket and a member of staff into what comes back with their answer: <c>s42-7-0123456789abcdef0123</c>. It is nobody else's.</summary>
    public async Task<string> StaffTokenAsync(long ticketId, long staffId, CancellationToken cancellation)
    {
        var signature = SignStaff(await KeyAsync(cancellation), ticketId, staffId);
        return string.Create(CultureInfo.InvariantCulture, $"s{ticketId}-{staffId}-{signature}");
    }

    /// <summary>The first token for staff among the texts.</summary>
    /// <returns>Null when there is none; without ticket and person when it is not one of ours.</returns>
    public async Task<StaffToken?> ReadStaffAsync(IEnumerable<string> texts, CancellationToken cancellation)
    {
        StaffToken? found = null;
        foreach (var text in texts)
        {
            if (StaffTokenPattern().Match(text) is not { Success: true } match)
                continue;
            found ??= new StaffToken(0, 0);
            if (!long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var ticketId) || !long.TryParse(match.Groups["staff"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var staffId))
                continue;
            if (IsSame(SignStaff(await KeyAsync(cancellation), ticketId, staffId), match.Groups["signature"].Value))
                return new StaffToken(ticketId, staffId);
        }

        return found;
    }

    /// <summary>The ticket of the first text that carries a token of ours.</summary>
    /// <param name="texts">Message-IDs without brackets, or addresses.</param>
    public async Task<long?> ReadAsync(IEnumerable<string> texts, CancellationToken cancellation)
    {
        foreach (var text in texts)
        {
            if (TokenPattern().Match(text) is not { Success: true } match || !long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var ticketId))
                continue;
            if (IsSame(Sign(await KeyAsync(cancellation), ticketId), match.Groups["signature"].Value))
                return ticketId;
        }

        return null;
    }

    /// <summary>The end of the address by which a person refuses a kind of notice: <c>7-mentioned-0123456789abcdef0123</c>. It gives no other right, and does not age.</summary>
    public async Task<string> UnsubscribeTokenAsync(long staffId, string kind, CancellationToken cancellation)
    {
        var signature = SignUnsubscribe(await KeyAsync(cancellation), staffId, kind);
        return string.Create(CultureInfo.InvariantCulture, $"{staffId}-{kind}-{signature}");
    }

    /// <returns>Null when it is not one of ours.</returns>
    public async Task<(long StaffId, string Kind)?> ReadUnsubscribeAsync(string token, CancellationToken cancellation)
    {
        var (first, last) = (token.IndexOf('-', StringComparison.Ordinal), token.LastIndexOf('-'));
        if (last <= first || !long.TryParse(token.AsSpan(0, first), NumberStyles.None, CultureInfo.InvariantCulture, out var staffId))
            return null;
        var kind = token[(first + 1)..last];
        return StaffMail.StaffMailChoice.Kinds.Contains(kind) && IsSame(SignUnsubscribe(await KeyAsync(cancellation), staffId, kind), token[(last + 1)..]) ? (staffId, kind) : null;
    }

    private static string SignUnsubscribe(byte[] key, long staffId, string kind) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"unsubscribe|{staffId}|{kind}"))).AsSpan(0, SignatureBytes));

    private static string Sign(byte[] key, long ticketId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"ticket|{ticketId}"))).AsSpan(0, SignatureBytes));

    private static string SignStaff(byte[] key, long ticketId, long staffId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"staff|{ticketId}|{staffId}"))).AsSpan(0, SignatureBytes));

    private static bool IsSame(string expected, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(signature.ToLowerInvariant()));

    /// <summary>The key, shared by all nodes through the database.</summary>
    private ValueTask<byte[]> KeyAsync(CancellationToken cancellation) => keys.ReadAsync(KeyName, nameof(MailTokens), cancellation);

    [GeneratedRegex(@"(^|\+)t(?<id>[0-9]{1,18})-(?<signature>[0-9a-f]{20})(?=[.@])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"(^|\+)s(?<id>[0-9]{1,18})-(?<staff>[0-9]{1,18})-(?<signature>[0-9a-f]{20})(?=[.@])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex StaffTokenPattern();
}

/// <summary>To whom a notice went, and about what; zeros when the signature is not ours.</summary>
public sealed record StaffToken(long TicketId, long StaffId)
{
    public bool IsOurs => TicketId > 0;
}

/// <summary>Seals the passwords and tokens of mailboxes.</summary>
public sealed class MailSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("MailboxSecrets");

    public string Seal(string secret) => _protector.Protect(secret);

    /// <returns>Null when there is none, or when it was sealed with keys that are lost (a database moved without them).</returns>
    public string? Open(string? sealedSecret)
    {
        if (sealedSecret is null)
            return null;
        try
        {
            return _protector.Unprotect(sealedSecret);
        }
        catch (CryptographicException)
        {
            // The keys are gone: the administrator sees that signing in fails and enters the password anew.
            return null;
        }
    }
}
