using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SiteDesk.Tests.Assistant.LanguageModel;

/// <summary>A language model's server on a free loopback port, OpenAI-compatible, that says what a test has it say: lies, nothing, too much.</summary>
internal sealed class FakeModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _end = new();

    private FakeModelServer(WebApplication app) => _app = app;

    /// <summary>What the connection is given as its address.</summary>
    public string Address => $"{_app.Urls.First()}/v1";

    /// <summary>How the next requests are answered.</summary>
    public Func<HttpContext, ModelRequest, Task> Answer { get; set; } = (http, _) => SayAsync(http, "Nothing to say.");

    /// <summary>Everything that arrived.</summary>
    public ConcurrentQueue<ModelRequest> Received { get; } = new();

    public static async Task<FakeModelServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new FakeModelServer(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var request = new ModelRequest(http.Request.Path, http.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync());
            server.Received.Enqueue(request);
            await server.Answer(http, request);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>An ordinary answer with these words.</summary>
    public static Task SayAsync(HttpContext http, string words, long tokens = 120) => JsonAsync(http, JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1_900_000_000,
        model = "fake",
        choices = new[] { new { index = 0, message = new { role = "assistant", content = words }, finish_reason = "stop" } },
        usage = new { prompt_tokens = tokens - 20, completion_tokens = 20, total_tokens = tokens },
    }));

    public static Task JsonAsync(HttpContext http, string json, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }

    public void Says(string words) => Answer = (http, _) => SayAsync(http, words);

    /// <summary>Says nothing until the caller goes away or the test ends.</summary>
    public async Task StallAsync(HttpContext http)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _end.Token);
        await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _end.Dispose();
    }
}

/// <summary>What a model's server gets.</summary>
internal sealed record ModelRequest(string Path, string Authorization, string Body)
{
    private JsonElement Messages => JsonDocument.Parse(Body).RootElement.GetProperty("messages");

    /// <summary>Our own words.</summary>
    public string Instruction => TextOf(Messages[0]);

    /// <summary>Everybody else's words, as JSON.</summary>
    public JsonElement Material => JsonDocument.Parse(TextOf(Messages[1])).RootElement;

    private static string TextOf(JsonElement message)
    {
        var content = message.GetProperty("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()! : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
    }
}
