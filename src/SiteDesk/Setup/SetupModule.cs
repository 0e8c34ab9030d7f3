using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Setup.FirstSteps;
using SiteDesk.Sites;

namespace SiteDesk.Setup;

/// <summary>The first page of an empty installation, its owner and its first site, and the steps that come next.</summary>
public static class SetupModule
{
    public static IServiceCollection AddSetup(this IServiceCollection services)
    {
        services.AddScoped<SetUp>();
        FirstStepsModule.Add(services);
        return services;
    }

    public static void MapSetup(this IEndpointRouteBuilder routes)
    {
        var setup = routes.MapGroup("/set-up").IsPublic("Nobody exists yet who could sign in; closed as soon as somebody does.");
        setup.MapGet("", ShowAsync);
        setup.MapPost("", RunAsync);
        FirstStepsModule.Map(routes);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Database database, CancellationToken cancellation) =>
        await database.Set<StaffMember>().AnyAsync(cancellation)
            ? Page.GoTo("/")
            : Page.Show<SetupPage>(new { Request = new SetUp.Request { Languages = [http.Texts().Language] } });

    private static async Task<IResult> RunAsync(HttpContext http, SetUp setUp, [FromForm] SetUp.Request request, CancellationToken cancellation)
    {
        request ??= new(); // an empty form binds to nothing
        var outcome = await setUp.RunAsync(request, http, cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/sites/{outcome.Value.Id}/widget") : Page.ShowProblems<SetupPage>(new { Request = request, outcome.Problems });
    }
}
