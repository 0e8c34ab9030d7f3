using Microsoft.AspNetCore.Http.Features;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>The widget on the sites: what it asks and hears (docs/widget-protocol.md).</summary>
public static class ChatModule
{
    /// <summary>The channel's name on tickets and messages.</summary>
    public const string Channel = "chat";

    private const string NoCookie = "The visitor's own secret gives the right, never a cookie.";

    public static IServiceCollection AddChat(this IServiceCollection services)
    {
        services.AddSingleton<WidgetAssets>();
        services.AddSingleton<TryPass>();
        services.AddSingleton<WidgetGuard>();
        services.AddSingleton<ConversationStream>();
        services.AddScoped<WidgetConfiguration>();
        services.AddSingleton<PresenceAnnouncements>();
        services.AddHostedService(provider => provider.GetRequiredService<PresenceAnnouncements>());
        services.AddScoped<VisitorConversations>();
        services.AddScoped<VisitorRegister>();
        services.AddScoped<VisitorDetails>();
        services.AddScoped<VisitorSignals>();
        services.AddScoped<SendChatMessage>();
        services.AddHandler<TicketStatusChanged, StateOfConversation>();
        services.AddHandler<TicketHandedOver, StateOfConversation>();
        services.AddHandler<TicketTakenOver, StateOfConversation>();
        services.AddHandler<TicketSplit, FollowSplit>();
        return services;
    }

    public static void MapChat(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/widget.js", (HttpContext http, WidgetAssets assets) => assets.ServeLoader(http)).IsPublic("Every site includes it.");
        routes.MapGet("/widget/m/{stamp}/{**path}", (HttpContext http, WidgetAssets assets, string stamp, string path) => assets.ServeModule(http, stamp, path))
            .IsPublic("Every site includes it.");
        routes.MapGet("/try/{siteKey}", TryIt.ShowAsync).IsPublic("It shows what the site's own pages show.");

        var widget = routes.MapGroup("/widget/v1/{siteKey}").AddEndpointFilter<WidgetAccess>().IsPublic(NoCookie).WithoutAntiforgery(NoCookie);
        widget.MapMethods("/{**path}", [HttpMethods.Options], () => TypedResults.NoContent());
        widget.MapGet("/config", ConfigureAsync);
        widget.MapPost("/messages", SendAsync);
        widget.MapGet("/conversation", ReadAsync);
        widget.MapPost("/files", ReceiveFileAsync).DisableAntiforgery();
        widget.MapGet("/files/{token}", GiveFileAsync).WithMetadata(new OpenToLinks());
        widget.MapPost("/typing", TypeAsync);
        widget.MapPost("/seen", SeeAsync);
        widget.MapPost("/contact", GiveContactAsync);
        widget.MapPost("/consent", ConsentAsync);
        widget.MapPost("/pages", VisitAsync);
        widget.MapGet("/stream", StreamAsync);
        widget.MapGet("/events", PollAsync);
    }

    private static async Task<IResult> ConfigureAsync(HttpContext http, WidgetConfiguration configuration, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await configuration.OfAsync(WidgetVisit.Of(http), cancellation));
    }

    private static async Task<IResult> SendAsync(
        HttpContext http, WidgetGuard guard, Database database, SendChatMessage send, VisitorConversations conversations, CancellationToken cancellation)
    {
        var visit = WidgetVisit.Of(http);
        var isNew = await visit.FindVisitorAsync(database, cancellation) is null;
        if (await guard.BeforeMessageAsync(http, isNew) is { } refusal)
            return refusal;
        if (await WidgetProblem.ReadAsync<SendChatMessage.Request>(http) is not { } request)
            return WidgetProblem.Of(http, StatusCodes.Status400BadRequest, "chat.not-understood");
        var outcome = await send.RunAsync(visit, request, http, cancellation);
        if (!outcome.Succeeded)
            return WidgetProblem.Of(http, outcome.Problems);

        var (visitor, message, isRepeat) = outcome.Value;
        var tickets = await conversations.TicketsOfAsync(visitor, cancellation);
        return TypedResults.Json(
            new
            {
                message = PublicMessage.Of(message),
                conversation = await conversations.ViewAsync(tickets, visit.Language, cancellation),
                lastEventId = message.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
            statusCode: isRepeat ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReadAsync(HttpContext http, Database database, VisitorConversations conversations, CancellationToken cancellation)
    {
        var visit = WidgetVisit.Of(http);
        http.Response.Headers.CacheControl = "no-store";
        if (await visit.FindVisitorAsync(database, cancellation) is not { } visitor)
            return WidgetProblem.Of(http, StatusCodes.Status401Unauthorized, "chat.visitor-unknown");
        var tickets = await conversations.TicketsOfAsync(visitor, cancellation);
        if (tickets.Count == 0)
            return WidgetProblem.Of(http, StatusCodes.Status404NotFound, "chat.visitor-unknown");
        var messages = await conversations.MessagesAsync(tickets, 0, cancellation);
        return TypedResults.Ok(new
        {
            conversation = await conversations.ViewAsync(tickets, visit.Language, cancellation),
            messages = messages.ConvertAll(PublicMessage.Of),
            lastEventId = (messages.Count > 0 ? messages[^1].Id : 0).ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
    }

    private static async Task<IResult> ReceiveFileAsync(
        HttpContext http, WidgetGuard guard, FileStore files, FileLimits limits, Database database, CancellationToken cancellation)
    {
        var visit = WidgetVisit.Of(http);
        if (visit.TokenHash is null)
            return WidgetProblem.Of(http, StatusCodes.Status401Unauthorized, "chat.token-needed");
        if (await guard.BeforeFileAsync(http) is { } refusal)
            return refusal;
        var bodySize = http.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (bodySize is { IsReadOnly: false })
            bodySize.MaxRequestBodySize = limits.MostBytes + 64 * 1024;
        if (await FilePart.FindAsync(http.Request, cancellation) is not { } part)
            return WidgetProblem.Of(http, StatusCodes.Status400BadRequest, "chat.not-understood");
        var kept = await files.KeepAsync(part.Body, part.Name, part.ContentType, cancellation);
        if (!kept.Succeeded)
            return WidgetProblem.Of(http, kept.Problems);
        await database.SaveChangesAsync(cancellation);
        var file = kept.Value;
        return TypedResults.Json(new { file.Token, file.Name, file.Size, type = file.ContentType }, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> GiveFileAsync(HttpContext http, FileStore files, string token, CancellationToken cancellation) =>
        token.Length <= 40 && await files.FindAsync(token, cancellation) is { } file
            ? FileAnswer.Of(http, files, file)
            : TypedResults.NotFound();

    private static async Task<IResult> TypeAsync(HttpContext http, WidgetGuard guard, VisitorSignals signals, CancellationToken cancellation)
    {
        if (guard.BeforeSmall(http) is { } refusal)
            return refusal;
        if (await WidgetProblem.ReadAsync<Typing>(http) is not { } typing)
            return WidgetProblem.Of(http, StatusCodes.Status400BadRequest, "chat.not-understood");
        return await signals.TypingAsync(WidgetVisit.Of(http), typing.On, cancellation)
            ? TypedResults.NoContent()
            : WidgetProblem.Of(http, StatusCodes.Status401Unauthorized, "chat.visitor-unknown");
    }

    private static async Task<IResult> SeeAsync(HttpContext http, WidgetGuard guard, VisitorSignals signals, CancellationToken cancellation)
    {
        if (guard.BeforeSmall(http) is { } refusal)
            return refusal;
        if (await WidgetProblem.ReadAsync<Seen>(http) is not { } seen)
            return WidgetProblem.Of(http, StatusCodes.Status400BadRequest, "chat.not-understood");
        return await signals.SeenAsync(WidgetVisit.Of(http), seen.MessageId, cancellation)
            ? TypedResults.NoContent()
            : WidgetProblem.Of(http, StatusCodes.Status404NotFound, "chat.message-unknown");
    }

    private static async Task<IResult> GiveContactAsync(HttpContext http, WidgetGuard guard, VisitorDetails details, CancellationToken cancellation)
    {
        if (guard.BeforeSmall(http) is { } refusal)
            return refusal;
        if (await WidgetProblem.ReadAsync<GivenContact>(http) is not { } contact)
            return WidgetProblem.Of(http, StatusCodes.Status400BadRequest, "chat.not-understood");
        var outcome = await details.GiveContactAsync(WidgetVisit.Of(http), contact, cancellation);
        return outcome.Succeeded ? TypedResults.Ok(outcome.Value) : WidgetProblem.Of(http, outcome.Problems);
    }

    private static async Task<IResult> ConsentAsync(HttpContext http, WidgetGuard guard, VisitorDetails details, CancellationToken cancellation)
    {
        if (guard.BeforeSmall(http) is { } refusal)
            return refusal;
        if (await WidgetProblem.ReadAsync<VisitorDetails.Consent>(http) is not { } consent)
            return WidgetProblem.Of(http, StatusCodes.Status400BadRequest, "chat.not-understood");
        var outcome = await details.DecideAsync(WidgetVisit.Of(http), consent, http, cancellation);
        return outcome.Succeeded ? TypedResults.NoContent() : WidgetProblem.Of(http, outcome.Problems);
    }

    private static async Task<IResult> VisitAsync(HttpContext http, WidgetGuard guard, VisitorDetails details, CancellationToken cancellation)
    {
        if (guard.BeforeSmall(http) is { } refusal)
            return refusal;
        if (await WidgetProblem.ReadAsync<VisitorDetails.Page>(http) is not { } page)
            return WidgetProblem.Of(http, StatusCodes.Status400BadRequest, "chat.not-understood");
        return await details.VisitAsync(WidgetVisit.Of(http), page, cancellation)
            ? TypedResults.NoContent()
            : WidgetProblem.Of(http, StatusCodes.Status403Forbidden, "chat.pages-not-agreed");
    }

    private static async Task<IResult> StreamAsync(HttpContext http, WidgetGuard guard, ConversationStream stream) =>
        guard.BeforeStream(http) ?? await stream.OpenAsync(http);

    private static async Task<IResult> PollAsync(HttpContext http, WidgetGuard guard, ConversationStream stream) =>
        guard.BeforeStream(http) ?? await stream.PollAsync(http);

    private sealed record Typing(bool On);

    private sealed record Seen(long MessageId);
}
