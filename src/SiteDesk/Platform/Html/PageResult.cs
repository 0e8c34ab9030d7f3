using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;

namespace SiteDesk.Platform.Html;

/// <summary>
/// A Razor component as an answer, rendered once and sent whole. The framework's own result keeps every piece of markup in a
/// list before it is encoded, which is a third of what a page of the workspace allocates; this one encodes while it renders.
/// </summary>
/// <param name="parameters">An object with the component's parameter names.</param>
public sealed class PageResult(Type component, object? parameters, int status, string contentType) : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    public int? StatusCode => status;

    public string? ContentType => contentType;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var page = await RenderAsync(httpContext);
        var content = page.Content;
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await httpContext.Response.Body.WriteAsync(content, httpContext.RequestAborted);
    }

    /// <summary>The page as bytes of UTF-8, for those who keep it and send it many times.</summary>
    public async Task<byte[]> ToBytesAsync(HttpContext httpContext)
    {
        using var page = await RenderAsync(httpContext);
        return page.Content.ToArray();
    }

    private async Task<Utf8Page> RenderAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var page = new Utf8Page();
        try
        {
            await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
            await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var root = await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(new RouteValueDictionary(parameters)));
                root.WriteHtmlTo(page);
            });
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }
}
