using System.Security.Cryptography;

namespace SiteDesk.CommandLine.Backup;

internal static class FileDigest
{
    /// <summary>Whether the file is there and its bytes have the digest it is named after.</summary>
    public static async Task<bool> MatchesAsync(string path, string sha256, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return false;
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == sha256;
    }
}
