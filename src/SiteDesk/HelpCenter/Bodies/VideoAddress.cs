namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Videos that an article may show, by the addresses people copy from their browsers.</summary>
public static class VideoAddress
{
    /// <returns><c>provider:id</c>, or null when the address shows no video of a known provider.</returns>
    public static string? Read(string address)
    {
        if (!Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            return null;
        var host = uri.Host.StartsWith("www.", StringComparison.Ordinal) ? uri.Host[4..] : uri.Host;
        var path = uri.AbsolutePath;
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(uri.Query);
        var found = host switch
        {
            "youtube.com" or "m.youtube.com" or "youtube-nocookie.com" => "youtube:" + (path == "/watch" ? query["v"].ToString() : After(path, "/embed/", "/shorts/", "/live/")),
            "youtu.be" => "youtube:" + path.TrimStart('/'),
            "vimeo.com" => "vimeo:" + path.TrimStart('/'),
            "player.vimeo.com" => "vimeo:" + After(path, "/video/"),
            "rutube.ru" => "rutube:" + After(path, "/video/", "/play/embed/"),
            "vk.com" or "vkvideo.ru" or "m.vkvideo.ru" => "vkvideo:" + (path == "/video_ext.php" ? $"{query["oid"]}_{query["id"]}" : path.StartsWith("/video", StringComparison.Ordinal) ? path["/video".Length..] : ""),
            "bilibili.com" or "m.bilibili.com" => "bilibili:" + After(path, "/video/"),
            "player.bilibili.com" => "bilibili:" + query["bvid"],
            _ => "",
        };
        return IsKnown(found.TrimEnd('/')) ? found.TrimEnd('/') : null;
    }

    /// <summary>Whether this is a stored video: a known provider and an id that can only be an id.</summary>
    public static bool IsKnown(string? video) => VideoProvider.Find(video) is not null;

    /// <summary>The page on which people watch a stored video.</summary>
    public static string PageOf(string video) => VideoProvider.Find(video) is var (provider, id)
        ? provider.PageOf(id)
        : throw new ArgumentException("This is no stored video.", nameof(video));

    private static string After(string path, params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
        {
            if (path.StartsWith(start, StringComparison.Ordinal))
                return path[start.Length..];
        }

        return "";
    }
}
