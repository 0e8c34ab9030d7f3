using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tests.Platform.Localisation;

/// <summary>Every string a person sees exists in every language, with the places and plural forms it needs.</summary>
public sealed partial class TextsTests
{
    private static readonly TextCatalog Catalog = new();

    /// <summary>Texts that give the same names in three scripts as examples.</summary>
    private static readonly HashSet<string> ShowsEveryScript = new(StringComparer.Ordinal) { "customer.address-hint", "customer.name-hint" };

    [Fact]
    public void Every_language_has_the_same_keys()
    {
        var english = Catalog.KeysOf(Languages.English).ToHashSet(StringComparer.Ordinal);
        foreach (var language in Languages.All)
        {
            var keys = Catalog.KeysOf(language).ToHashSet(StringComparer.Ordinal);
            english.Except(keys).Order(StringComparer.Ordinal).ShouldBeEmpty($"missing in {language}");
            keys.Except(english).Order(StringComparer.Ordinal).ShouldBeEmpty($"only in {language}");
        }
    }

    [Fact]
    public void Every_language_fills_the_same_places()
    {
        // A language may do without a choice that another one's grammar needs, but never without a value.
        var faults = from key in Catalog.KeysOf(Languages.English)
                     from language in Languages.All
                     let own = Catalog.Find(language, key)
                     where own is not null
                     from other in Languages.All
                     from place in Catalog.Find(other, key)?.Places ?? Enumerable.Empty<string>()
                     where !own.Places.Contains(place) && ShowsValue(other, key, place)
                     select $"{language} {key}: {place}";
        faults.ShouldBeEmpty();
    }

    /// <summary>Whether the place's value is part of the sentence, rather than only choosing between two.</summary>
    private static bool ShowsValue(string language, string key, string place)
    {
        const string mark = "\u00a7";
        return Catalog.Get(language, key, [.. Catalog.Find(language, key)!.Places.Select(name => (name, (object)(name == place ? mark : "x")))]).Contains(mark, StringComparison.Ordinal)
            || Catalog.Find(language, key)!.Plurals.Count > 0;
    }

    [Fact]
    public void Every_plural_has_the_forms_of_its_language()
    {
        var needed = new Dictionary<string, string[]> { [Languages.English] = ["one", "other"], [Languages.Russian] = ["one", "few", "many", "other"], [Languages.Chinese] = ["other"] };
        var faults = from language in Languages.All
                     from key in Catalog.KeysOf(language)
                     from plural in Catalog.Find(language, key)!.Plurals
                     let forms = plural.Where(form => !form.StartsWith('='))
                     where !forms.ToHashSet(StringComparer.Ordinal).SetEquals(needed[language])
                     select $"{language} {key}: {string.Join(", ", plural)}";
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_empty_and_nothing_is_left_in_another_script()
    {
        var faults = from language in Languages.All
                     from key in Catalog.KeysOf(language)
                     where !ShowsEveryScript.Contains(key)
                     let text = Sample(language, key)
                     where text.Trim().Length == 0 || language == Languages.English && text.Any(letter => letter is >= 'а' and <= 'я' or >= '\u4e00' and <= '\u9fff')
                        || language == Languages.Russian && text.Any(letter => letter is >= '\u4e00' and <= '\u9fff') || language == Languages.Chinese && text.Any(letter => letter is >= 'а' and <= 'я')
                     select $"{language} {key}: {text}";
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Every_key_that_code_and_pages_use_exists()
    {
        var sources = Sources().ToList();
        sources.Count.ShouldBeGreaterThan(100);
        var faults = new List<string>();
        var found = 0;
        foreach (var (file, text) in sources)
        {
            foreach (var key in KeyPatterns().SelectMany(pattern => pattern.Matches(text)).Select(match => match.Groups["key"].Value).Where(key => key.Length > 0))
            {
                found++;
                if (Catalog.Find(Languages.English, key) is null)
                    faults.Add($"{file}: {key}");
            }

            // Keys put together at run time: at least their beginning must exist.
            foreach (Match match in ComposedPattern().Matches(text))
            {
                var start = match.Groups["start"].Value;
                if (start.Length > 0 && !Catalog.KeysOf(Languages.English).Any(key => key.StartsWith(start, StringComparison.Ordinal)))
                    faults.Add($"{file}: {start}…");
            }
        }

        found.ShouldBeGreaterThan(200);
        faults.Distinct(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Every_permission_role_and_group_of_permissions_has_its_words()
    {
        var keys = Permission.All.Select(permission => $"permission.{permission.Key}")
            .Concat(Permission.All.Select(permission => $"permission-group.{permission.Key.Split('.')[0]}"))
            .Concat(Enum.GetValues<Role>().SelectMany(role => new[] { $"role.{role.ToString().ToLowerInvariant()}", $"role.{role.ToString().ToLowerInvariant()}.hint" }));
        keys.Where(key => Catalog.Find(Languages.English, key) is null).Distinct(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Every_line_of_the_audit_log_has_its_words()
    {
        var actions = Sources().SelectMany(source => AuditPattern().Matches(source.Text)).SelectMany(match => match.Groups["action"].Captures).Select(capture => capture.Value).Distinct(StringComparer.Ordinal).ToList();
        actions.Count.ShouldBeGreaterThan(20);
        actions.Where(action => Catalog.Find(Languages.English, $"audit.{action}") is null).ShouldBeEmpty();
        actions.Where(action => Catalog.Find(Languages.English, $"audit-group.{action.Split('.')[0]}") is null).ShouldBeEmpty();

        var details = Sources().SelectMany(source => AuditCallPattern().Matches(source.Text)).SelectMany(call => AuditDetailPattern().Matches(call.Value))
            .Select(match => match.Groups["detail"].Value).Distinct(StringComparer.Ordinal).ToList();
        details.Count.ShouldBeGreaterThan(15);
        details.Where(detail => Catalog.Find(Languages.English, $"audit-detail.{detail}") is null).ShouldBeEmpty();

        var subjects = Sources().SelectMany(source => AuditCallPattern().Matches(source.Text)).SelectMany(call => AuditSubjectPattern().Matches(call.Value))
            .Select(match => match.Groups["subject"].Value).Distinct(StringComparer.Ordinal).ToList();
        subjects.Count.ShouldBeGreaterThan(10);
        subjects.Where(subject => Catalog.Find(Languages.English, $"audit-subject.{subject}") is null).ShouldBeEmpty();
    }

    private static string Sample(string language, string key) =>
        Catalog.Get(language, key, [.. Catalog.Find(language, key)!.Places.Select(place => (place, (object)(place == "count" ? 5 : "x")))]);

    private static IEnumerable<(string File, string Text)> Sources([CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "..", "src", "SiteDesk"));
        return Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor")
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Migrations"))
            .Select(file => (Path.GetRelativePath(root, file), File.ReadAllText(file)));
    }

    private static IEnumerable<Regex> KeyPatterns() => [IndexPattern(), ProblemPattern(), EntryPattern()];

    // T["key"], T.In(language)["key"], texts["key"], http.Texts()["key"], also with a condition: T[x ? "one" : "other"].
    [GeneratedRegex("""(?:\bT|\btexts|\bTexts\(\)|\bT\.In\([^)]*\))\[(?:[^\]"$]*\?\s*"(?<key>[a-z0-9.\-]+)"\s*:\s*)?"(?<key>[a-z0-9.\-]+)"\s*[,\]]""", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex IndexPattern();

    [GeneratedRegex("""\bProblem\(\s*(?:\$?"[^"]*"|[A-Za-z_.]+)\s*,\s*"(?<key>[a-z0-9.\-]+)"|\bconst string \w*(?:Problem|TooMany)\w* = "(?<key>[a-z0-9.\-]+)";""", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex ProblemPattern();

    [GeneratedRegex("""\bAddSettingsEntry\([A-Za-z.]+,\s*"(?<key>[a-z0-9.\-]+)"|\bnew (?:RailEntry|TicketPanel|ComposerSource)\(\s*(?:Key: )?"(?<key>[a-z0-9.\-]+\.[a-z0-9.\-]+)" """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 2000)]
    private static partial Regex EntryPattern();

    [GeneratedRegex("""(?:\bT|\btexts|\bTexts\(\)|\bT\.In\([^)]*\))\[\$"(?<start>[a-z0-9.\-]*)\{""", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex ComposedPattern();

    // The whole statement that writes a line, or one that hands details on to it.
    [GeneratedRegex("""\b(?:audit\.Write|SaveAsync)\([^;]*;""", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex AuditCallPattern();

    [GeneratedRegex("""\("(?<detail>[a-z\-]+)", """, RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex AuditDetailPattern();

    [GeneratedRegex("""\$"(?<subject>[a-z\-]+):\{""", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex AuditSubjectPattern();

    // audit.Write(actor, "action", …), and SaveAsync(thing, "action", …) of the settings, also with a condition.
    [GeneratedRegex("""(?:\baudit\.Write\([^";]*?|\bSaveAsync\(\w+, (?:[^";]*?))(?:"(?<action>[a-z\-]+\.[a-z.\-]+)"\s*:\s*)?"(?<action>[a-z\-]+\.[a-z.\-]+)\s*"(?:\s*:\s*"(?<action>[a-z\-]+\.[a-z.\-]+)")?""", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex AuditPattern();
}
