using System.Reflection;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Phrases;

/// <summary>The phrases that ship with the program, as they lie in this folder; README.md there says what they look like.</summary>
internal static class PhraseBank
{
    private const string Remark = "//";
    private const string Ending = ".txt";

    /// <summary>The file of phrases that are about none of the intents.</summary>
    private const string OutOfScopeFile = "out-of-scope";

    /// <summary>The languages in which phrases are written.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "ru", "zh-Hans"];

    /// <summary>All phrases of a language with their intents; those of no intent have <see cref="IntentExample.OutOfScope"/>.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    public static IReadOnlyList<IntentExample> Read(string language) =>
        ReadFolder($"SiteDesk.Assistant.Phrases/{language}/",
            file => string.Equals(file, OutOfScopeFile, StringComparison.Ordinal) ? IntentExample.OutOfScope : file);

    /// <summary>Reads a folder of embedded files, one phrase a line: the file's name tells what its phrases are.</summary>
    /// <param name="folder">Its name in the program, with the stroke at its end.</param>
    /// <param name="label">What phrases of a file are, by the file's name without ending.</param>
    /// <exception cref="InvalidOperationException">The program was built without that folder.</exception>
    internal static IReadOnlyList<IntentExample> ReadFolder(string folder, Func<string, string> label)
    {
        var assembly = Assembly.GetExecutingAssembly();
        // A build on Windows names them with its own stroke.
        var names = assembly.GetManifestResourceNames()
            .Select(name => (Name: name, Path: name.Replace('\\', '/')))
            .Where(resource => resource.Path.StartsWith(folder, StringComparison.Ordinal) && resource.Path.EndsWith(Ending, StringComparison.Ordinal))
            .OrderBy(resource => resource.Path, StringComparer.Ordinal)
            .ToList();
        if (names.Count == 0)
            throw new InvalidOperationException($"The program was built without {folder}.");
        return [.. names.SelectMany(resource =>
        {
            var intent = label(resource.Path[folder.Length..^Ending.Length]);
            return ReadLines(assembly, resource.Name).Select(phrase => new IntentExample(phrase, intent));
        })];
    }

    private static List<string> ReadLines(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        using var reader = new StreamReader(stream);
        var phrases = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            line = line.Trim();
            if (line.Length > 0 && !line.StartsWith(Remark, StringComparison.Ordinal))
                phrases.Add(line);
        }
        return phrases;
    }
}
