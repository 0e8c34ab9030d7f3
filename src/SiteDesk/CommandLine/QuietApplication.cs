namespace SiteDesk.CommandLine;

/// <summary>The whole program put together but not started, for commands that work on its data. Logs only what went wrong.</summary>
internal static class QuietApplication
{
    public static WebApplication Build(Invocation invocation) => SiteDeskApplication.Build(invocation.Settings, services =>
        services.AddLogging(logging =>
        {
            logging.ClearProviders();
            logging.SetMinimumLevel(LogLevel.Error);
            logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None); // its faults come back as exceptions and are explained once
            logging.AddSimpleConsole();
            logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }));
}
