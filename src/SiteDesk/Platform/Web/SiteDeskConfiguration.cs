using System.Text.Json;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Web;

/// <summary>Reads the settings of an installation from file, environment and command line.</summary>
public static class SiteDeskConfiguration
{
    private const string FileName = "sitedesk.json";

    /// <exception cref="ConfigurationException">A setting is unknown or its value cannot be read.</exception>
    public static SiteDeskOptions Read(ConfigurationManager configuration, string[] arguments)
    {
        var commandLine = ParseArguments(arguments);
        var dataFolder = commandLine.GetValueOrDefault(nameof(SiteDeskOptions.Data)) ?? Environment.GetEnvironmentVariable("SITEDESK_DATA") ?? new SiteDeskOptions().Data;
        var named = commandLine.GetValueOrDefault("Config");
        var file = Path.GetFullPath(named ?? Path.Combine(dataFolder, FileName));
        if (named is not null && !File.Exists(file))
            throw new ConfigurationException($"The configuration file {file} does not exist.");
        try
        {
            configuration.AddJsonFile(file, optional: true, reloadOnChange: false);
        }
        catch (Exception problem) when (problem is InvalidDataException or JsonException or FormatException)
        {
            throw new ConfigurationException($"The configuration file {file} is not valid JSON: {problem.InnerException?.Message ?? problem.Message}", problem);
        }

        configuration.AddEnvironmentVariables("SITEDESK_");
        configuration.AddInMemoryCollection(commandLine);
        var options = new SiteDeskOptions();
        try
        {
            configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = false);
        }
        catch (InvalidOperationException problem)
        {
            throw new ConfigurationException($"A setting cannot be read: {problem.InnerException?.Message ?? problem.Message}", problem);
        }

        options.Validate();
        return options;
    }

    /// <summary>Understands <c>--public-address VALUE</c>, <c>--public-address=VALUE</c> and switches like <c>--demo</c>.</summary>
    private static Dictionary<string, string?> ParseArguments(string[] arguments)
    {
        var known = typeof(SiteDeskOptions).GetProperties().ToDictionary(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        known["Config"] = typeof(string);
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < arguments.Length; index++)
        {
            var (name, value) = Split(arguments[index]);
            if (!known.TryGetValue(name, out var type))
                throw new ConfigurationException($"“{arguments[index]}” is not known. Try: sitedesk --help");
            if (value is null && type == typeof(bool))
                value = "true";
            else if (value is null && index + 1 < arguments.Length)
                value = arguments[++index];
            values[known.Keys.First(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase))] =
                value ?? throw new ConfigurationException($"“{arguments[index]}” needs a value.");
        }

        return values;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var trimmed = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument;
        var equals = trimmed.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (trimmed, null) : (trimmed[..equals], trimmed[(equals + 1)..]);
        return (argument.StartsWith("--", StringComparison.Ordinal) ? name.Replace("-", "", StringComparison.Ordinal) : "", value);
    }
}
