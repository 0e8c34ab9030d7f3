using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using SiteDesk.Platform.Security;

namespace SiteDesk.Platform.Web.Abuse;

/// <summary>
/// Work that a browser does unseen before an oddly behaving address is served: find a number whose SHA-256 together with
/// our nonce begins with enough zero bits. No third party, no pictures; little to pay once, much to pay often.
/// </summary>
public sealed class Challenge(SharedKeys keys, IMemoryCache cache, TimeProvider time)
{
    /// <summary>How long a nonce can be solved.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string KeyName = "challenge-key";

    /// <summary>A nonce for this address.</summary>
    /// <param name="difficulty">Zero bits wanted, 1 to 28; each more doubles the work.</param>
    public async Task<string> AskAsync(IPAddress? address, int difficulty, CancellationToken cancellation)
    {
        var until = time.GetUtcNow().Add(Lifetime).ToUnixTimeSeconds();
        var salt = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));
        var head = string.Create(CultureInfo.InvariantCulture, $"{until:x}.{difficulty}.{salt}");
        return $"{head}.{Sign(await KeyAsync(cancellation), head, address)}";
    }

    /// <summary>Whether a header's <c>nonce:number</c> solves a nonce of ours, for this address, in time and for the first time.</summary>
    public async Task<bool> IsSolvedAsync(string? solution, IPAddress? address, CancellationToken cancellation)
    {
        if (solution is not { Length: <= 200 } || solution.LastIndexOf(':') is not (> 0 and var colon))
            return false;
        var nonce = solution[..colon];
        if (nonce.Split('.') is not [var until, var difficulty, var salt, var signature])
            return false;
        var expected = Sign(await KeyAsync(cancellation), $"{until}.{difficulty}.{salt}", address);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(expected)))
            return false;

        // Signed by us, so the parts are as we wrote them.
        var isLate = long.Parse(until, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) < time.GetUtcNow().ToUnixTimeSeconds();
        return !isLate
            && LeadingZeroBits(SHA256.HashData(Encoding.UTF8.GetBytes(solution))) >= int.Parse(difficulty, CultureInfo.InvariantCulture)
            && IsFirstUse(nonce);
    }

    /// <summary>Zero bits at the beginning of a hash.</summary>
    public static int LeadingZeroBits(ReadOnlySpan<byte> hash)
    {
        var bits = 0;
        foreach (var part in hash)
        {
            bits += BitOperations.LeadingZeroCount(part) - 24;
            if (part != 0)
                break;
        }

        return bits;
    }

    private bool IsFirstUse(string nonce)
    {
        var key = (nameof(Challenge), nonce);
        if (cache.TryGetValue(key, out _))
            return false;
        cache.Set(key, true, Lifetime);
        return true;
    }

    private static string Sign(byte[] key, string head, IPAddress? address) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{head}|{address}")).AsSpan(0, 16));

    /// <summary>The key, shared by all nodes through the database: one node checks what another has asked.</summary>
    private ValueTask<byte[]> KeyAsync(CancellationToken cancellation) => keys.ReadAsync(KeyName, nameof(Challenge), cancellation);
}
