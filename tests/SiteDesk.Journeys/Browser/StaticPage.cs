using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SiteDesk.Journeys.Browser;

/// <summary>
/// A tiny web site on a free loopback port that answers everything with one page. Besides the tests of the ground itself it plays
/// the customer's site that embeds the widget: another port is another origin.
/// </summary>
public sealed class StaticPage : IAsyncDisposable
{
    readonly WebApplication _site;

    StaticPage(WebApplication site) => _site = site;

    public Uri Address => new(_site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<StaticPage> Serve(string html, string? contentPolicy = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var site = builder.Build();
        site.Run(async context =>
        {
            // Without an icon of its own a page makes Chromium ask for /favicon.ico.
            if (context.Request.Path == "/favicon.ico") { context.Response.StatusCode = StatusCodes.Status204NoContent; return; }
            if (contentPolicy is not null) context.Response.Headers.ContentSecurityPolicy = contentPolicy;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(html);
        });
        await site.StartAsync();
        return new StaticPage(site);
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();
}
