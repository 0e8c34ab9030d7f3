using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Channels.Chat;

/// <summary>Keeps a flood from one address away from everybody else, without asking honest people anything.</summary>
public sealed class WidgetGuard(AddressWatch watch, Challenge challenge, AbuseLimits limits)
{
    /// <summary>Stands before messages.</summary>
    /// <param name="isNew">The secret is not known yet: a conversation begins.</param>
    /// <returns>The refusal, or null to go on.</returns>
    public Task<IResult?> BeforeMessageAsync(HttpContext http, bool isNew)
    {
        var address = AddressWatch.Network(http.Connection.RemoteIpAddress);
        // Each counts, whichever refuses.
        var calm = watch.TryTake("message", address, limits.Messages)
            & (!isNew || watch.TryTake("conversation", address, limits.Conversations))
            & watch.TryTake("site", WidgetVisit.Of(http).Site.Key, limits.MessagesOfSite);
        return DecideAsync(http, address, calm);
    }

    public Task<IResult?> BeforeFileAsync(HttpContext http)
    {
        var address = AddressWatch.Network(http.Connection.RemoteIpAddress);
        return DecideAsync(http, address, watch.TryTake("file", address, limits.Files));
    }

    /// <summary>Stands before the small things: typing, seen, contact.</summary>
    public IResult? BeforeSmall(HttpContext http) =>
        watch.TryTake("request", AddressWatch.Network(http.Connection.RemoteIpAddress), limits.Requests) ? null : Refuse(http);

    public IResult? BeforeStream(HttpContext http) =>
        watch.TryTake("stream", AddressWatch.Network(http.Connection.RemoteIpAddress), limits.Streams) ? null : Refuse(http);

    private async Task<IResult?> DecideAsync(HttpContext http, string address, bool calm)
    {
        if (!watch.TryTake("request", address, limits.Requests))
            return Refuse(http);
        var remote = http.Connection.RemoteIpAddress;
        if (calm || await challenge.IsSolvedAsync(http.Request.Headers["X-Challenge"], remote, http.RequestAborted))
            return null;
        return WidgetProblem.Challenge(http, await challenge.AskAsync(remote, limits.Difficulty, http.RequestAborted), limits.Difficulty);
    }

    private static IResult Refuse(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "20";
        return WidgetProblem.Of(http, StatusCodes.Status429TooManyRequests, "chat.too-many");
    }
}
