using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// Lets the widget on the page to try it in. That page is given an origin of its own by the browser, which names itself "null" like
/// every such page of the world: the pass, which stands after the site's key, shows that it is ours.
/// </summary>
public sealed class TryPass(SharedKeys keys, TimeProvider time)
{
    /// <summary>How long a page that was opened goes on working.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Stands between a site's key and the pass; no key has it (RFC 3986 section 2.3: unreserved).</summary>
    private const char Mark = '~';

    private const string KeyName = "try-pass-key";

    /// <summary>What the snippet of the page says instead of the site's key.</summary>
    public async Task<string> KeyWithPassAsync(string siteKey, CancellationToken cancellation)
    {
        var until = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
        return $"{siteKey}{Mark}{until}.{await SignAsync(siteKey, until, cancellation)}";
    }

    /// <returns>The site's key, and whether a valid pass stands after it.</returns>
    public async ValueTask<(string SiteKey, bool IsStage)> ReadAsync(string key, CancellationToken cancellation)
    {
        if (key.IndexOf(Mark, StringComparison.Ordinal) is not (>= 0 and var mark))
            return (key, false);
        var (siteKey, pass) = (key[..mark], key[(mark + 1)..]);
        if (pass.Split('.') is not [var until, var signature] || !long.TryParse(until, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds))
            return (siteKey, false);
        var expected = await SignAsync(siteKey, until, cancellation);
        return (siteKey, seconds > time.GetUtcNow().ToUnixTimeSeconds()
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(expected)));
    }

    private async Task<string> SignAsync(string siteKey, string until, CancellationToken cancellation) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(await keys.ReadAsync(KeyName, nameof(TryPass), cancellation), Encoding.UTF8.GetBytes($"{siteKey}|{until}")).AsSpan(0, 16));
}
