using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Telemetry;

/// <summary>Metrics and traces arrive at an OTLP receiver by HTTP, and carry nothing that points at a person.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_and_traces_arrive_without_personal_data()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var receiver = Receiver(received);
        await receiver.StartAsync(TestContext.Current.CancellationToken);

        await using (var desk = await DeskServer.StartAsync(arguments: ["--otlp", receiver.Urls.First()]))
        {
            using var owner = await desk.SetUpAsync();
            await desk.AskAsync("Where is my parcel?", "private.person@example.com");
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(desk.Address, "no-such-page/secret-token-4711?mail=private.person@example.com"));
            request.Headers.UserAgent.ParseAdd("Peculiar/1.0");
            (await owner.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        } // stopping sends what is left

        var metrics = received["/v1/metrics"];
        metrics.ShouldContain("sitedesk.tickets.opened");
        metrics.ShouldContain("sitedesk.streams.open");
        metrics.ShouldContain("http.server.request.duration");
        var traces = received["/v1/traces"];
        traces.ShouldContain("http.response.status_code");
        foreach (var personal in new[] { "secret-token-4711", "private.person", "Peculiar", DeskServer.Owner })
        {
            traces.ShouldNotContain(personal);
            metrics.ShouldNotContain(personal);
        }
    }

    private static WebApplication Receiver(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var text = Encoding.Latin1.GetString(body.ToArray());
            received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
            context.Response.ContentType = "application/x-protobuf";
            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        return app;
    }
}
