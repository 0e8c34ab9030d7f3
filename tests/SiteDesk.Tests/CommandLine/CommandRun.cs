using Microsoft.Data.Sqlite;
using SiteDesk.CommandLine;

namespace SiteDesk.Tests.CommandLine;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandRun(int Code, string Output, string Errors)
{
    public static async Task<CommandRun> Of(params string[] arguments) => await WithInput("", arguments);

    public static async Task<CommandRun> WithInput(string input, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        // A command is a process of its own in life: what this one left open from before is not there.
        SqliteConnection.ClearAllPools();
        var code = await Commands.RunAsync(arguments, new Terminal(new StringReader(input), output, errors, IsInteractive: false), TestContext.Current.CancellationToken);
        return new CommandRun(code, output.ToString(), errors.ToString());
    }

    /// <summary>Ended well; says what it said when not.</summary>
    public CommandRun ShouldBeDone()
    {
        Code.ShouldBe(0, $"{Output}{Environment.NewLine}{Errors}");
        return this;
    }
}
