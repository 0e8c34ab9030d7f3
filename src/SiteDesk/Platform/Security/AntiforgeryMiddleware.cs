using Microsoft.AspNetCore.Antiforgery;

namespace SiteDesk.Platform.Security;

/// <summary>Checks the antiforgery token of every unsafe request, unless its route says that no cookie gives rights there.</summary>
public sealed class AntiforgeryMiddleware(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (IsSafe(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<NoAntiforgery>() is not null || http.GetEndpoint() is null)
        {
            await next(http);
            return;
        }

        // A body over the route's limit fails here first, as a bad request of its own kind.
        if (await antiforgery.IsRequestValidAsync(http))
            await next(http);
        else
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);
}
