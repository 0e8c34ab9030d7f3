using SiteDesk.Platform.Web;

namespace SiteDesk.CommandLine;

/// <summary>Names of a command's own options, without the leading hyphens.</summary>
/// <param name="Values">Options that are followed by a value.</param>
/// <param name="Switches">Options that stand alone.</param>
internal sealed record OptionNames(IReadOnlyList<string>? Values = null, IReadOnlyList<string>? Switches = null);

/// <summary>A command line taken apart: the command's own words and options, and the settings of the installation.</summary>
/// <param name="Words">What stands without hyphens: files, addresses.</param>
/// <param name="Options">The command's own options; a switch has an empty value.</param>
/// <param name="Settings">What <see cref="SiteDeskConfiguration"/> understands, in its own writing.</param>
internal sealed record Invocation(IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Options, string[] Settings)
{
    private static readonly HashSet<string> SettingSwitches = typeof(SiteDeskOptions).GetProperties()
        .Where(property => property.PropertyType == typeof(bool)).Select(property => property.Name)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="UsageException">An option lacks its value.</exception>
    public static Invocation Parse(IEnumerable<string> arguments, OptionNames names)
    {
        var words = new List<string>();
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new List<string>();
        var waiting = new Queue<string>(arguments);
        while (waiting.TryDequeue(out var argument))
        {
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(argument);
                continue;
            }

            var (name, value) = Split(argument[2..]);
            if (names.Switches?.Contains(name) == true)
                options[name] = "";
            else if (names.Values?.Contains(name) == true)
                options[name] = value ?? Next(waiting, argument);
            else if (value is not null || SettingSwitches.Contains(name.Replace("-", "", StringComparison.Ordinal)))
                settings.Add(argument);
            else
                settings.AddRange([argument, Next(waiting, argument)]);
        }

        return new Invocation(words, options, [.. settings]);
    }

    /// <exception cref="UsageException">There are fewer or more words than the command takes.</exception>
    public string OnlyWord(string what) => Words is [var only]
        ? only
        : throw new UsageException(Words.Count == 0 ? $"Name {what}. Try: sitedesk --help" : $"“{Words[1]}” is one word too many. Try: sitedesk --help");

    /// <exception cref="UsageException">The command takes no words.</exception>
    public void ExpectNoWords()
    {
        if (Words.Count > 0)
            throw new UsageException($"“{Words[0]}” is not understood here. Try: sitedesk --help");
    }

    public bool Has(string name) => Options.ContainsKey(name);

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static string Next(Queue<string> waiting, string argument) =>
        waiting.TryDequeue(out var value) ? value : throw new UsageException($"“{argument}” is not known or needs a value. Try: sitedesk --help");
}

/// <summary>The command line is not understood; the message says what was expected.</summary>
#pragma warning disable CA1032, RCS1194 // made in one place, always with a message
internal sealed class UsageException(string message) : Exception(message);
#pragma warning restore CA1032, RCS1194
