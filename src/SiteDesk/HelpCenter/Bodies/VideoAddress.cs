using System.Text.RegularExpressions;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>Videos that an article may show, by the addresses people copy from their browsers.</summary>
public static partial class VideoAddress
{
    /// <summary>The names that may stand before the colon of a stored video.</summary>
    public static readonly IReadOnlyList<string> Providers = ["youtube", "vimeo", "rutube", "vkvideo", "bilibili"];

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
    public static bool IsKnown(string? video) => video is not null && Pattern().IsMatch(video);

    /// <summary>The page on which people watch it.</summary>
    public static string PageOf(string video)
    {
        var id = video[(video.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return video[..video.IndexOf(':', StringComparison.Ordinal)] switch
        {
            "youtube" => "https://www.youtube.com/watch?v=" + id,
            "vimeo" => "https://vimeo.com/" + id,
            "rutube" => $"https://rutube.ru/video/{id}/",
            "vkvideo" => "https://vkvideo.ru/video" + id,
            _ => $"https://www.bilibili.com/video/{id}/",
        };
    }

    private static string After(string path, params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
        {
            if (path.StartsWith(start, StringComparison.Ordinal))
                return path[start.Length..];
        }

        return "";
    }

    [GeneratedRegex("^(youtube:[A-Za-z0-9_-]{11}|vimeo:[0-9]{1,12}|rutube:[0-9a-f]{32}|vkvideo:-?[0-9]{1,12}_[0-9]{1,12}|bilibili:BV[A-Za-z0-9]{10})$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Pattern();
}
