using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace SiteDesk.Platform.Live;

/// <summary>
/// An answer that goes on: a subscription as server-sent events (WHATWG HTML, section 9.2), until the client leaves, falls behind,
/// or the program stops.
/// </summary>
/// <remarks>
/// A stream lives for hours, and what decided about its request (who is it, may they, what did they miss) is over in a moment.
/// Only that runs where the route is; the stream itself is written by <see cref="LiveStreamMiddleware"/>, before all others, so
/// that none of their frames and services is held for as long.
/// </remarks>
/// <param name="subscription">Made before the replay was read: what happens in between is queued. Ended with the request.</param>
/// <param name="replay">What the client missed, oldest first.</param>
/// <param name="isRepeat">Whether a live signal was part of the replay; null when none can be.</param>
public sealed class LiveStream(LiveHub.Subscription subscription, IAsyncEnumerable<LiveSignal> replay, Func<LiveSignal, bool>? isRepeat = null) : IResult
{
    private static readonly byte[] PingComment = ": ping\n\n"u8.ToArray();
    private IAsyncEnumerable<LiveSignal>? _replay = replay;

    /// <summary>Answers with what was missed, and leaves the rest to the middleware.</summary>
    public async Task ExecuteAsync(HttpContext http)
    {
        http.Response.RegisterForDispose(subscription);
        await LetGoOfServicesAsync(http);
        Prepare(http);
        if (HttpMethods.IsHead(http.Request.Method))
            return;

        // The first bytes tell a client at once that no proxy holds the stream back.
        Write(http.Response.BodyWriter, "retry: 2000\n: open\n\n");
        await foreach (var missed in _replay!.WithCancellation(http.RequestAborted))
            Write(http.Response.BodyWriter, missed);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        _replay = null;
        http.Features.Set(this);
    }

    internal async Task FollowAsync(HttpContext http)
    {
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var leaves = http.RequestAborted.UnsafeRegister(End, subscription);
        using var stops = stopping.UnsafeRegister(End, subscription);
        try
        {
            while (await subscription.Signals.WaitToReadAsync(CancellationToken.None))
            {
                while (subscription.Signals.TryRead(out var signal))
                {
                    if (ReferenceEquals(signal, LiveSignal.Ping))
                        http.Response.BodyWriter.Write(PingComment);
                    else if (isRepeat?.Invoke(signal) != true)
                        Write(http.Response.BodyWriter, signal);
                }

                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The ordinary end of a stream: the reader left while something was written.
        }
    }

    private static void End(object? subscription) => ((LiveHub.Subscription)subscription!).End();

    /// <summary>One of the request's services is a unit of work: some forty kilobytes, and a connection to the database.</summary>
    private static async Task LetGoOfServicesAsync(HttpContext http)
    {
        var services = http.Features.GetRequiredFeature<IServiceProvidersFeature>();
        var application = services.RequestServices.GetRequiredService<IHost>().Services;
        if (services is IAsyncDisposable scope)
            await scope.DisposeAsync();
        services.RequestServices = application;
    }

    private static void Prepare(HttpContext http)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store, no-transform";
        http.Response.Headers["X-Accel-Buffering"] = "no";
    }

    private static void Write(IBufferWriter<byte> writer, LiveSignal signal)
    {
        if (signal.Id is not null)
            Write(writer, $"id: {signal.Id}\n");
        Write(writer, $"event: {signal.Name}\ndata: {signal.Data}\n\n");
    }

    private static void Write(IBufferWriter<byte> writer, string text) => Encoding.UTF8.GetBytes(text, writer);
}

/// <summary>Stands before everything else and writes the streams that routes have opened, when all that stands between has let go of the request.</summary>
public sealed class LiveStreamMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.Features.Get<LiveStream>() is not { } stream)
            return;
        // What was only of use on the way here.
        http.Request.Headers.Clear();
        http.Features.Set<IItemsFeature>(null);
        http.Features.Set<IQueryFeature>(null);
        http.Features.Set<IRequestCookiesFeature>(null);
        await stream.FollowAsync(http);
    }
}
