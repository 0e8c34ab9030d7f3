using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using SiteDesk.Demo;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine;

/// <summary><c>sitedesk [serve]</c>: migrates, listens, says where and what to do next.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var app = SiteDeskApplication.Build(arguments is ["serve"] ? [] : arguments);
        try
        {
            await SiteDeskApplication.StartAsync(app, CancellationToken.None);
        }
        catch (IOException problem) when (problem.InnerException is AddressInUseException or SocketException)
        {
            throw new ConfigurationException($"{problem.Message} Stop the other program, or choose another port: --urls http://localhost:5081", problem);
        }

        await Console.Out.WriteLineAsync($"SiteDesk is ready: {string.Join(", ", app.Urls)}");
        await Console.Out.WriteLineAsync(app.Services.GetRequiredService<SiteDeskOptions>().Demo
            ? DemoData.DescribeSignIns()
            : "Open this address in a browser; the first page sets everything up. Stop with Ctrl+C.");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
