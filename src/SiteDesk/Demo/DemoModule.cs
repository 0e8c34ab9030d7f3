namespace SiteDesk.Demo;

/// <summary>Believable data for trying the program out. Not a floor of the house: it stands beside it and may use everything.</summary>
public static class DemoModule
{
    public static IServiceCollection AddDemo(this IServiceCollection services) => services.AddScoped<DemoData>();

    /// <summary>Fills the database, once it is migrated and before anybody is served.</summary>
    public static async Task FillDemoAsync(this IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DemoData>().FillAsync(cancellation);
    }
}
