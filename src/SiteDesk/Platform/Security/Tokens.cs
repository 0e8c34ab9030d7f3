using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Platform.Security;

/// <summary>Unguessable names for what leaves the staff's side, and the hashes under which secrets are stored.</summary>
public static class Tokens
{
    /// <returns>160 bits as 27 characters of URL-safe base64.</returns>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(20));

    /// <summary>
    /// What is stored instead of a bearer secret. A plain SHA-256 is enough: the secret has 160 random bits, so there is
    /// nothing to guess and nothing to slow down.
    /// </summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
