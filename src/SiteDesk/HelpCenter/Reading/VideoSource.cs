using System.Text.RegularExpressions;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>A video on one of the services that may be embedded: they are named here and nowhere else.</summary>
/// <param name="Name">The service, for people.</param>
/// <param name="Page">Where it can be watched on the service's own site.</param>
/// <param name="Player">Address of the player for a frame.</param>
/// <param name="Host">Origin of the player, for the content policy.</param>
internal sealed partial record VideoSource(string Name, string Page, string Player, string Host)
{
    /// <param name="source"><c>service:id</c>, as the body holds it: <c>youtube:dQw4w9WgXcQ</c>.</param>
    /// <returns>Null when the service is not on the list, or no video of it has such an id.</returns>
    public static VideoSource? Read(string? source)
    {
        if (source is null)
            return null;
        var colon = source.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1)
            return null;
        var id = source[(colon + 1)..];
        return source[..colon] switch
        {
            "youtube" when YouTubeId().IsMatch(id) => new("YouTube", $"https://www.youtube.com/watch?v={id}", $"https://www.youtube-nocookie.com/embed/{id}?autoplay=1", "https://www.youtube-nocookie.com"),
            "vimeo" when VimeoId().IsMatch(id) => new("Vimeo", $"https://vimeo.com/{id}", $"https://player.vimeo.com/video/{id}?autoplay=1&dnt=1", "https://player.vimeo.com"),
            "rutube" when RutubeId().IsMatch(id) => new("Rutube", $"https://rutube.ru/video/{id}/", $"https://rutube.ru/play/embed/{id}?autoplay=1", "https://rutube.ru"),
            "vkvideo" when VkId().Match(id) is { Success: true } match => new(
                "VK Видео", $"https://vkvideo.ru/video{match.Groups["owner"].Value}_{match.Groups["video"].Value}",
                $"https://vkvideo.ru/video_ext.php?oid={match.Groups["owner"].Value}&id={match.Groups["video"].Value}&autoplay=1", "https://vkvideo.ru"),
            "bilibili" when BilibiliId().IsMatch(id) => new("Bilibili", $"https://www.bilibili.com/video/{id}/", $"https://player.bilibili.com/player.html?bvid={id}&autoplay=1", "https://player.bilibili.com"),
            _ => null,
        };
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{11}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YouTubeId();

    [GeneratedRegex("^[0-9]{1,12}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VimeoId();

    [GeneratedRegex("^[0-9a-f]{32}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RutubeId();

    [GeneratedRegex("^(?<owner>-?[0-9]{1,15})_(?<video>[0-9]{1,15})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VkId();

    [GeneratedRegex("^BV[A-Za-z0-9]{10}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BilibiliId();
}
