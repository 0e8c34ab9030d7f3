using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SiteDesk.Bench.Bare;

/// <summary>
/// What figures are compared with: a server that does nothing but hand out static components and pass events to streams.
/// The bench starts itself once more as this server, in a process of its own.
/// </summary>
internal static class BareServer
{
    public const string Command = "bare-server";

    /// <param name="arguments"><c>--pages FOLDER --urls ADDRESS</c></param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new MeasurementOptions(arguments);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton(System.Text.Encodings.Web.HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        await using var app = builder.Build();
        app.Urls.Add(options.Text("urls")!);
        app.MapGet("/", () => "bare");
        MapPages(app, options.Text("pages")!);
        MapStreams(app);
        await app.RunAsync();
        return 0;
    }

    private static void MapPages(WebApplication app, string folder)
    {
        if (!Directory.Exists(folder))
            return;
        var pages = Directory.GetFiles(folder).ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText, StringComparer.Ordinal);
        app.MapGet("/pages/{name}", (string name) => new RazorComponentResult<StaticPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(StaticPage.Markup)] = pages[name] }));
    }

    private static void MapStreams(WebApplication app)
    {
        var streams = new ConcurrentDictionary<int, Channel<string>>();
        app.MapGet("/streams/{number:int}", async (HttpContext http, int number) =>
        {
            var channel = streams.GetOrAdd(number, _ => Channel.CreateBounded<string>(64));
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": open\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await foreach (var text in channel.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: message\ndata: {text}\n\n"), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        });
        app.MapPost("/streams/{number:int}", async (HttpContext http, int number) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            return streams[number].Writer.TryWrite(await reader.ReadToEndAsync(http.RequestAborted)) ? Results.NoContent() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        });
    }
}

/// <summary>A component that has nothing to read and nothing to decide.</summary>
internal sealed class StaticPage : ComponentBase
{
    [Parameter]
    public string Markup { get; set; } = "";

    protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) => builder.AddMarkupContent(0, Markup);
}
