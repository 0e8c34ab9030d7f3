using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine;

/// <summary>What can be said on the command line: a command and its options; without a command the program serves.</summary>
public static class Commands
{
    /// <returns>The exit code: 0 done, 1 failed, 2 not understood, 3 the set-up has to be mended.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                [] or ["serve"] or [['-', '-', ..], ..] => await Serve.RunAsync(arguments),
                ["serve", .. var options] => await Serve.RunAsync(options),
                ["migrate", .. var options] => await Migrate.RunAsync(options),
                [var unknown, ..] => Refuse(unknown),
            };
        }
        catch (ConfigurationException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 3;
        }
    }

    private static int Refuse(string unknown)
    {
        Console.Error.WriteLine($"There is no command “{unknown}”. Try: sitedesk --help");
        return 2;
    }
}
