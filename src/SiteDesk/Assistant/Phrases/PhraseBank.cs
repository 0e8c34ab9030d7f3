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

    /// <summary>The embedded text files by their path; a build on Windows names them with its own stroke.</summary>
    private static readonly Dictionary<string, string> Files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(Ending, StringComparison.Ordinal))
        .ToDictionary(name => name.Replace('\\', '/'), StringComparer.Ordinal);

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
        var files = Files.Keys.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw new InvalidOperationException($"The program was built without {folder}.");
        return [.. files.SelectMany(path =>
        {
            var intent = label(path[folder.Length..^Ending.Length]);
            return ReadLines(path).Select(phrase => new IntentExample(phrase, intent));
        })];
    }

    /// <summary>The lines of an embedded file that are neither empty nor remarks.</summary>
    /// <exception cref="InvalidOperationException">The program was built without that file.</exception>
    internal static List<string> ReadLines(string path)
    {
        using var stream = Files.TryGetValue(path, out var name) ? Assembly.GetExecutingAssembly().GetManifestResourceStream(name) : null;
        if (stream is null)
            throw new InvalidOperationException($"The program was built without {path}.");
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
