using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Tickets.Retention;

/// <summary>How long tickets are kept.</summary>
internal static class RetentionModule
{
    public static void AddRetention(this IServiceCollection services)
    {
        services.AddScoped<RemoveTickets>();
        services.AddScoped<TicketRetention>();
        services.AddScoped<IRecurringJob>(provider => provider.GetRequiredService<TicketRetention>());
    }

    public static void MapRetention(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/agent/sites/{id:long}/retention", PreviewAsync).Needs(SitePermissions.Manage);

    private static async Task<IResult> PreviewAsync(HttpContext http, Database database, TicketRetention retention, long id, int? months, CancellationToken cancellation)
    {
        // From the rows: the directory does not know sites that are put away, whose settings can be read all the same.
        if (!http.Staff().SeesSite(id) || await database.Set<Site>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } site)
            return TypedResults.NotFound();
        var saved = site.Privacy.TicketMonths;
        var asked = Math.Clamp(months ?? saved, 0, ChangePrivacy.MostTicketMonths);
        return Page.Show<RetentionPreview>(new { Months = asked, IsSaved = asked == saved, Count = await retention.CountAsync(id, asked, cancellation), Before = retention.Cutoff(asked) });
    }
}
