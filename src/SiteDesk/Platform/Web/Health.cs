using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Platform.Web;

/// <summary>
/// What a supervisor and a load balancer ask. Live: the process answers; if not, start it anew. Ready: it can serve, its database
/// included; if not, send people to another node. Neither says why to strangers; the log and <c>sitedesk doctor</c> do.
/// </summary>
internal static class Health
{
    private const string Because = "Whoever watches over the program has no account.";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", (HttpContext http) => Answer(http, StatusCodes.Status200OK, "live")).IsPublic(Because);
        routes.MapGet("/health/ready", ReadyAsync).IsPublic(Because);
    }

    private static async Task<IResult> ReadyAsync(HttpContext http, Database database, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return Answer(http, StatusCodes.Status503ServiceUnavailable, "stopping");
        return await DatabaseAnswersAsync(database, cancellation)
            ? Answer(http, StatusCodes.Status200OK, "ready")
            : Answer(http, StatusCodes.Status503ServiceUnavailable, "database");
    }

    private static async Task<bool> DatabaseAnswersAsync(Database database, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await database.Database.ExecuteSqlRawAsync("SELECT 1", limit.Token);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever the reason, the answer is the same: not ready.
            return false;
        }
    }

    private static IResult Answer(HttpContext http, int status, string state)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new { state }, statusCode: status);
    }
}
