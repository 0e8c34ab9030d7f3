using Microsoft.AspNetCore.Components;
using SiteDesk.Platform.Html;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Answers with Turbo streams: pieces of a page that is already open.</summary>
public static class TurboStream
{
    public const string ContentType = "text/vnd.turbo-stream.html";

    public static PageResult Show<TStreams>(object? parameters = null, int status = StatusCodes.Status200OK) where TStreams : IComponent =>
        new(typeof(TStreams), parameters, status, $"{ContentType}; charset=utf-8");

    /// <summary>Whether the page that asks can take streams; without scripts it gets an ordinary page.</summary>
    public static bool IsWanted(HttpContext http) => http.Request.Headers.Accept.ToString().Contains(ContentType, StringComparison.OrdinalIgnoreCase);
}
