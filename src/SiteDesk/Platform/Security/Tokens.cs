using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Platform.Security;

/// <summary>Unguessable names for what leaves the staff's side, and the hashes under which secrets are stored.</summary>
public static class Tokens
{
    /// <returns>160 bits as 27 characters of URL-safe base64.</returns>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(20));

    /// <summary>The same name for the same request again: as hard to guess as the secret it is made of.</summary>
    /// <param name="secret">What <see cref="New"/> made; of anything shorter a new name is made.</param>
    /// <param name="owner">Whose request it is.</param>
    public static string For(string secret, string owner) => secret.Length >= Length
        ? Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner}\n{secret}")).AsSpan(0, 20))
        : New();

    private const int Length = 27;

    /// <summary>
    /// What is stored instead of a bearer secret. A plain SHA-256 is enough: the secret has 160 random bits, so there is
    /// nothing to guess and nothing to slow down.
    /// </summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
