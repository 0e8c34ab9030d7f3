using System.Text.RegularExpressions;

namespace SiteDesk.HelpCenter.Bodies;

/// <summary>A site whose videos an article may show. They are named here and nowhere else.</summary>
/// <param name="Key">What stands before the colon of a stored video.</param>
/// <param name="Name">For people.</param>
/// <param name="Id">What an id looks like there; nothing else is ever put into an address.</param>
/// <param name="PageOf">The page on which people watch the video of an id.</param>
/// <param name="PlayerOf">What a frame shows, playing at once.</param>
/// <param name="PlayerOrigin">Where the player comes from, for the content policy.</param>
public sealed partial record VideoProvider(
    string Key, string Name, Regex Id, Func<string, string> PageOf, Func<string, string> PlayerOf, string PlayerOrigin)
{
    private static readonly IReadOnlyList<VideoProvider> All =
    [
        new("youtube", "YouTube", YouTubeId(), id => $"https://www.youtube.com/watch?v={id}",
            id => $"https://www.youtube-nocookie.com/embed/{id}?autoplay=1", "https://www.youtube-nocookie.com"),
        new("vimeo", "Vimeo", VimeoId(), id => $"https://vimeo.com/{id}",
            id => $"https://player.vimeo.com/video/{id}?autoplay=1&dnt=1", "https://player.vimeo.com"),
        new("rutube", "Rutube", RutubeId(), id => $"https://rutube.ru/video/{id}/",
            id => $"https://rutube.ru/play/embed/{id}?autoplay=1", "https://rutube.ru"),
        new("vkvideo", "VK Видео", VkId(), id => $"https://vkvideo.ru/video{id}",
            id => $"https://vkvideo.ru/video_ext.php?oid={id[..id.IndexOf('_', StringComparison.Ordinal)]}&id={id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..]}&autoplay=1", "https://vkvideo.ru"),
        new("bilibili", "Bilibili", BilibiliId(), id => $"https://www.bilibili.com/video/{id}/",
            id => $"https://player.bilibili.com/player.html?bvid={id}&autoplay=1", "https://player.bilibili.com"),
    ];

    /// <param name="video"><c>provider:id</c>, as a body holds it: <c>youtube:dQw4w9WgXcQ</c>.</param>
    /// <returns>Null when the provider is not on the list, or no video of it has such an id.</returns>
    public static (VideoProvider Provider, string Id)? Find(string? video)
    {
        if (video?.Split(':', 2) is not [var key, var id])
            return null;
        var provider = All.FirstOrDefault(known => known.Key == key);
        return provider?.Id.IsMatch(id) == true ? (provider, id) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{11}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YouTubeId();

    [GeneratedRegex(@"^[0-9]{1,12}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VimeoId();

    [GeneratedRegex(@"^[0-9a-f]{32}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RutubeId();

    /// <summary>Owner and video; a community's number is negative.</summary>
    [GeneratedRegex(@"^-?[0-9]{1,12}_[0-9]{1,12}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VkId();

    [GeneratedRegex(@"^BV[A-Za-z0-9]{10}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BilibiliId();
}
