namespace SiteDesk.Channels.Chat;

/// <summary>Addresses of visited pages as they are kept.</summary>
public static class PageAddress
{
    private const int Longest = 1000;

    /// <summary>Scheme, host and path: queries and fragments carry secrets and personal data.</summary>
    /// <returns>Null for what is no web address.</returns>
    public static string? WithoutQuery(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            return null;
        var bare = $"{parsed.Scheme}://{parsed.Authority}{parsed.AbsolutePath}";
        return bare.Length <= Longest ? bare : bare[..Longest];
    }
}
