using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// What a visitor's widget hears: first from the rows what it missed, then what happens. Positions are keys of messages.
/// A context is held only while rows are read; a stream may be open for hours.
/// </summary>
public sealed class ConversationStream(LiveHub hub, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>How long a poll waits for something to happen.</summary>
    public static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(25);

    /// <summary>What concerns one visitor and none of the conversations they already have.</summary>
    public static string TopicOf(Visitor visitor) => string.Create(CultureInfo.InvariantCulture, $"visitor:{visitor.Id}");

    public async Task<IResult> OpenAsync(HttpContext http)
    {
        var visit = WidgetVisit.Of(http);
        if (await FindTopicsAsync(visit, http.RequestAborted) is not { } known)
            return WidgetProblem.Of(http, StatusCodes.Status401Unauthorized, "chat.visitor-unknown");
        var after = PositionOf(http.Request.Headers["Last-Event-ID"].ToString());
        var position = new Position(after);
        return new LiveStream(hub.Subscribe(known.Topics), MissedAsync(visit, known.TicketIds, position, http.RequestAborted), position.Had);
    }

    /// <summary>The same for a client whose proxy holds streams back: answers at once when something was missed, else when something happens.</summary>
    public async Task<IResult> PollAsync(HttpContext http)
    {
        var visit = WidgetVisit.Of(http);
        if (await FindTopicsAsync(visit, http.RequestAborted) is not { } known)
            return WidgetProblem.Of(http, StatusCodes.Status401Unauthorized, "chat.visitor-unknown");
        using var subscription = hub.Subscribe(known.Topics);
        var position = new Position(PositionOf(http.Request.Query["after"].ToString()));
        var events = await ReadAsync(MissedAsync(visit, known.TicketIds, position, http.RequestAborted), http.RequestAborted);
        if (!events.Exists(signal => signal.Id is not null))
            await WaitAsync(subscription, position, events, http);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new { events = events.ConvertAll(signal => new { id = signal.Id, type = signal.Name, data = JsonDocument.Parse(signal.Data).RootElement }) });
    }

    private async Task WaitAsync(LiveHub.Subscription subscription, Position position, List<LiveSignal> events, HttpContext http)
    {
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var limit = new CancellationTokenSource(LongestPoll, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, http.RequestAborted, stopping);
        try
        {
            var heard = false;
            while (!heard && await subscription.Signals.WaitToReadAsync(ends.Token))
            {
                while (subscription.Signals.TryRead(out var signal))
                {
                    if (signal.Topic.Length == 0 || position.Had(signal))
                        continue; // a ping, or a message that was read from the rows
                    events.Add(signal);
                    heard = true;
                }
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // Nothing happened in time: an answer without events, and the client asks again.
        }
    }

    private async Task<(List<long> TicketIds, List<string> Topics)?> FindTopicsAsync(WidgetVisit visit, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var visitor = await visit.FindVisitorAsync(scope.ServiceProvider.GetRequiredService<Database>(), cancellation);
        if (visitor is null)
            return null;
        var tickets = await scope.ServiceProvider.GetRequiredService<VisitorConversations>().TicketsOfAsync(visitor, cancellation);
        return (tickets, [TopicOf(visitor), PresenceAnnouncements.TopicOf(visitor.SiteId), .. tickets.Select(TicketSignals.Conversation)]);
    }

    /// <summary>What happened after the position, and where things stand now.</summary>
    private async IAsyncEnumerable<LiveSignal> MissedAsync(
        WidgetVisit visit, List<long> ticketIds, Position position, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<Message> missed, withdrawn;
        ConversationView? view;
        Presence presence;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var conversations = scope.ServiceProvider.GetRequiredService<VisitorConversations>();
            missed = await conversations.MessagesAsync(ticketIds, position.LastId, cancellation);
            withdrawn = position.LastId == 0 ? [] : await conversations.WithdrawnAsync(ticketIds, cancellation);
            view = await conversations.ViewAsync(ticketIds, visit.Language, cancellation);
            presence = await scope.ServiceProvider.GetRequiredService<WidgetConfiguration>().PresenceAsync(visit.Site, cancellation);
        }

        if (missed.Count == VisitorConversations.MostMessages)
        {
            // More was missed than is given at once: the client fetches the conversation whole.
            position.LastId = missed[^1].Id;
            yield return new LiveSignal("", "resync", "{}", Id: missed[^1].Id.ToString(CultureInfo.InvariantCulture));
            yield break;
        }

        foreach (var message in missed)
        {
            position.LastId = message.Id;
            yield return TicketSignals.Said(message);
        }

        foreach (var message in withdrawn)
            yield return TicketSignals.Withdrawn(message);
        yield return new LiveSignal("", "presence", JsonSerializer.Serialize(presence, DatabaseJson.Options));
        if (view is not null)
            yield return new LiveSignal("", "state", JsonSerializer.Serialize(view, DatabaseJson.Options));
    }

    private static async Task<List<LiveSignal>> ReadAsync(IAsyncEnumerable<LiveSignal> signals, CancellationToken cancellation)
    {
        var list = new List<LiveSignal>();
        await foreach (var signal in signals.WithCancellation(cancellation))
            list.Add(signal);
        return list;
    }

    private static long PositionOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>How far the client has been told.</summary>
    private sealed class Position(long after)
    {
        public long LastId { get; set; } = after;

        /// <summary>Whether a signal repeats what was read from the rows.</summary>
        public bool Had(LiveSignal signal) =>
            signal.Id is not null && long.TryParse(signal.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= LastId;
    }
}
