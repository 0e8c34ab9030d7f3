using System.Globalization;

namespace SiteDesk.Bench;

/// <summary>Options of the form <c>--name value</c>; a name without a value is a switch.</summary>
internal sealed class MeasurementOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public MeasurementOptions(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"'{arguments[i]}' is not an option.");
            var hasValue = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            _values[arguments[i][2..]] = hasValue ? arguments[++i] : "true";
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public string RequiredFile(string name)
    {
        var path = Text(name) ?? throw new UsageException($"--{name} FILE is missing.");
        return File.Exists(path) ? path : throw new UsageException($"--{name}: there is no file {path}.");
    }

    public int Number(string name, int otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"--{name} takes a number, not '{text}'.");
    }
}

/// <summary>The command line asks for something that cannot be done; the message says what.</summary>
internal sealed class UsageException(string message) : Exception(message);
