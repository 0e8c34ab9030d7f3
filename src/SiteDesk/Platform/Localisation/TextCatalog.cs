using System.Collections.Frozen;
using System.Text.Json;

namespace SiteDesk.Platform.Localisation;

/// <summary>
/// Every string a person sees, in every language. Each feature brings <c>Texts.en.json</c>, <c>Texts.ru.json</c> and
/// <c>Texts.zh-Hans.json</c> (flat: key to text) in its folder; a test finds what one of them lacks.
/// </summary>
public sealed class TextCatalog
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, MessageFormat>> _byLanguage;

    /// <exception cref="FormatException">A text cannot be parsed, or a key stands in two files; the message says where.</exception>
    public TextCatalog() => _byLanguage = Languages.All.ToFrozenDictionary(language => language, Load, StringComparer.Ordinal);

    /// <summary>All keys of a language.</summary>
    public IReadOnlyCollection<string> KeysOf(string language) => _byLanguage[language].Keys;

    /// <summary>The text with its places filled; the key itself when there is none, so that the gap is seen and found.</summary>
    public string Get(string language, string key, params IReadOnlyList<(string Name, object Value)> arguments) =>
        Find(language, key) is { } format ? format.Format(language, arguments) : key;

    /// <returns>Null when there is no such text.</returns>
    public MessageFormat? Find(string language, string key) => _byLanguage[language].GetValueOrDefault(key);

    private static FrozenDictionary<string, MessageFormat> Load(string language)
    {
        var texts = new Dictionary<string, MessageFormat>(StringComparer.Ordinal);
        var assembly = typeof(TextCatalog).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith($"Texts.{language}.json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
            {
                try
                {
                    if (!texts.TryAdd(key, MessageFormat.Parse(text)))
                        throw new FormatException("The key stands in two files.");
                }
                catch (FormatException problem)
                {
                    throw new FormatException($"{resource}: {key}: {problem.Message}", problem);
                }
            }
        }

        return texts.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
