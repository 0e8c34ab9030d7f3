using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Setup.FirstSteps;

/// <summary>What a new installation wants done, shown in the workspace while nothing else is to be seen there.</summary>
internal static class FirstStepsModule
{
    private const string Address = "/agent/first-steps";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<FirstStepsMemory>();
        services.AddScoped<FirstStepsReader>();
        services.AddSingleton(provider =>
        {
            var memory = provider.GetRequiredService<FirstStepsMemory>();
            return new NoTicketPart(FirstStepsFrame.Key, Address, SitePermissions.Manage, () => !memory.IsOver);
        });
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Address, ShowAsync).Needs(SitePermissions.Manage);

    private static async Task<IResult> ShowAsync(HttpContext http, FirstStepsReader reader, CancellationToken cancellation) =>
        Page.Show<FirstStepsFrame>(new { Steps = await reader.ReadAsync(http.Staff(), cancellation) });
}
