using SiteDesk.Assistant.Knowledge;
using SiteDesk.Platform.Html;

namespace SiteDesk.Assistant;

/// <summary>Pages that show what the assistant knows wait for it a moment, and no longer.</summary>
internal static class Learning
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    /// <returns>Null when it knows the site; else the page that says that it is learning.</returns>
    /// <param name="room">The room of the page that was asked for.</param>
    public static async Task<IResult?> WaitAsync(HttpContext http, LiveKnowledge knowledge, long siteId, string room, CancellationToken cancellation)
    {
        if (knowledge.Find(siteId) is not null)
            return null;
        // Whoever goes away does not stop it: the next who asks finds it learnt.
        var learning = Task.Run(() => knowledge.FreshAsync(siteId, CancellationToken.None), CancellationToken.None);
        try
        {
            await learning.WaitAsync(Longest, cancellation);
            return null;
        }
        catch (TimeoutException)
        {
            return Page.Show<LearningPage>(new { Room = room, Address = http.Request.Path + http.Request.QueryString });
        }
    }
}
