using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Demo;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine;

/// <summary><c>sitedesk serve</c>: starts, says where it is reached, and stays until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        invocation.ExpectNoWords();
        await using var app = SiteDeskApplication.Build(invocation.Settings, services => services.AddHostedService<ReadinessNotice>().AddHostedService<StartMemory>());
        await SiteDeskApplication.StartAsync(app, cancellation);
        await GreetAsync(app, terminal, cancellation);
        await app.WaitForShutdownAsync(cancellation);
        return ExitCode.Done;
    }

    private static async Task GreetAsync(WebApplication app, Terminal terminal, CancellationToken cancellation)
    {
        var options = app.Services.GetRequiredService<SiteDeskOptions>();
        var listening = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = options.PublicAddress is { Length: > 0 } known ? known : listening.FirstOrDefault() ?? options.Urls;
        terminal.Say($"SiteDesk is ready: {address}");

        await using var scope = app.Services.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<Database>().Set<StaffMember>().AnyAsync(cancellation))
            terminal.Say("Open this address in a browser: the first page sets up your name, password and site.");
        if (options.Demo)
            terminal.Say(DemoData.DescribeSignIns());
        terminal.Say("Stop with Ctrl+C. More commands: sitedesk --help");
    }
}
