using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace SiteDesk.Platform.Live;

/// <summary>Writes a subscription to a response as server-sent events (WHATWG HTML, section 9.2).</summary>
public static class LiveStream
{
    private static readonly byte[] PingComment = ": ping\n\n"u8.ToArray();

    /// <summary>
    /// Streams until the client leaves, the listener falls behind, or the program stops. Subscribe first, replay second:
    /// what happens in between is queued and skipped by its id if the replay had it already.
    /// </summary>
    /// <param name="replay">What the client missed, oldest first.</param>
    /// <param name="isRepeat">Whether a live signal was part of the replay.</param>
    public static async Task WriteAsync(
        HttpContext http, LiveHub.Subscription subscription, IAsyncEnumerable<LiveSignal> replay, Func<LiveSignal, bool> isRepeat)
    {
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await LetGoOfServicesAsync(http);
        Prepare(http);
        try
        {
            // The first bytes tell a client at once that no proxy holds the stream back.
            Write(http.Response.BodyWriter, "retry: 2000\n: open\n\n");
            await foreach (var missed in replay.WithCancellation(ends.Token))
                Write(http.Response.BodyWriter, missed);
            await http.Response.BodyWriter.FlushAsync(ends.Token);

            while (await subscription.Signals.WaitToReadAsync(ends.Token))
            {
                while (subscription.Signals.TryRead(out var signal))
                {
                    if (ReferenceEquals(signal, LiveSignal.Ping))
                        http.Response.BodyWriter.Write(PingComment);
                    else if (!isRepeat(signal))
                        Write(http.Response.BodyWriter, signal);
                }

                await http.Response.BodyWriter.FlushAsync(ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The ordinary end of a stream: the reader left or the program stops.
        }
    }

    /// <summary>
    /// A stream lives for hours. The services of its request (who is it, may they) were needed for a moment, and one of them is
    /// a unit of work: some forty kilobytes, and a connection to the database.
    /// </summary>
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
