using System.Reflection;
using SiteDesk.CommandLine.Doctor;

namespace SiteDesk.CommandLine;

/// <summary>The program's commands; <c>serve</c> when none is named.</summary>
internal static class Commands
{
    private delegate Task<int> Command(Invocation invocation, Terminal terminal, CancellationToken cancellation);

    private static readonly Dictionary<string, (Command Run, OptionNames Options)> All = new(StringComparer.Ordinal)
    {
        ["serve"] = (ServeCommand.RunAsync, new()),
        ["migrate"] = (MigrateCommand.RunAsync, new()),
        ["user"] = (UserCommand.RunAsync, new(Values: ["name", "role", "language", "time-zone", "password-file"], Switches: ["generate"])),
        ["backup"] = (BackupCommand.RunAsync, new()),
        ["restore"] = (RestoreCommand.RunAsync, new(Switches: ["force"])),
        ["mail"] = (MailCommand.RunAsync, new(Switches: ["json"])),
        ["help"] = (HelpCommand.RunAsync, new(Values: ["site"], Switches: ["preview"])),
        ["doctor"] = (DoctorCommand.RunAsync, new()),
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        using var interrupted = new CancellationTokenSource();
        ConsoleCancelEventHandler stop = (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };
        Console.CancelKeyPress += stop;
        try
        {
            return await RunAsync(arguments, Terminal.Real, interrupted.Token);
        }
        finally
        {
            Console.CancelKeyPress -= stop;
        }
    }

    /// <returns>An <see cref="ExitCode"/>; what went wrong was told on the terminal.</returns>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (arguments.Any(argument => argument is "--help" or "-h") || arguments is ["help"])
        {
            terminal.Say(Help.Text);
            return ExitCode.Done;
        }

        if (arguments is ["--version"])
        {
            terminal.Say(Version);
            return ExitCode.Done;
        }

        var name = arguments.Length > 0 && !arguments[0].StartsWith('-') ? arguments[0] : "serve";
        if (!All.TryGetValue(name, out var command))
        {
            terminal.Complain($"There is no command “{name}”. Try: sitedesk --help");
            return ExitCode.Usage;
        }

        try
        {
            var rest = arguments.Skip(arguments is [var first, ..] && first == name ? 1 : 0);
            return await command.Run(Invocation.Parse(rest, command.Options), terminal, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Complain("Interrupted; nothing was changed.");
            return ExitCode.Failed;
        }
        catch (Exception problem)
        {
            var (code, sentence) = Faults.Explain(problem);
            terminal.Complain(sentence);
            return code;
        }
    }

    public static string Version { get; } =
        typeof(Commands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}

/// <summary>What a command reads and writes; a test gives its own.</summary>
/// <param name="IsInteractive">Whether a person sits there who can be asked.</param>
internal sealed record Terminal(TextReader Input, TextWriter Output, TextWriter Errors, bool IsInteractive)
{
    public static Terminal Real => new(Console.In, Console.Out, Console.Error, !Console.IsInputRedirected);

    public void Say(string text) => Output.WriteLine(text);

    public void Complain(string text) => Errors.WriteLine(text);
}
