using System.Text.RegularExpressions;
using SiteDesk.Journeys.Browser;

namespace SiteDesk.Journeys.Scripts;

/// <summary>
/// What visitors' browsers get runs in in-app browsers of 2021: Chromium 95 and Safari 15.0. Syntax is judged by esbuild, which knows
/// what each version reads: a file that it would have to rewrite is too young. Names that are not syntax are listed here with the
/// version that brought them.
/// </summary>
public sealed partial class OldBrowserTests
{
    static readonly string[] Oldest = ["--target=chrome95,safari15", "--log-level=warning"];

    // Loaded by pages that visitors see; the workspace may use what evergreen browsers of the last two years share.
    static readonly string[] Public =
    [
        "js/contact.js", "js/help.js", "js/suggestions.js", "js/tracking.js", "js/time-zone.js",
        "css/tokens.css", "css/controls.css", "css/marks.css", "css/public.css", "css/tracking.css", "css/rich.css", "css/help.css", "css/help-article.css",
    ];

    // A use that asks first whether it is there stands on a line that says so, or in a CSS @supports block.
    static readonly (string Pattern, string Since)[] TooYoung =
    [
        (@"\.at\(", "Array.at: Safari 15.4"), (@"\bstructuredClone\b", "Chromium 98, Safari 15.4"), (@"\bhasOwn\b", "Safari 15.4"), (@"\bfindLast(Index)?\b", "Chromium 97, Safari 15.4"),
        (@"\bto(Sorted|Reversed|Spliced)\b", "Chromium 110, Safari 16"), (@"\bArray\.fromAsync\b", "Chromium 121"), (@"\b(Object|Map)\.groupBy\b", "Chromium 117"),
        (@"(?<!; )crypto\.randomUUID", "Safari 15.4"), (@"AbortSignal\.(timeout|any)\b", "Chromium 103, Safari 16"), (@"\bshowModal\b", "Safari 15.4"), (@"\.inert\b", "Chromium 102, Safari 15.5"),
        (@"[pP]opover", "Chromium 114, Safari 17"), (@"\bcheckVisibility\b", "Chromium 105, Safari 17.4"), (@"\brequestSubmit\b", "Safari 16"), (@"\(\?<[=!]", "look-behind: Safari 16.4"),
        (@"\bIntl\.Segmenter\b", "Firefox 125"), (@"\bwithResolvers\b", "Chromium 119"), (@"\bURL\.(canParse|parse)\b", "Chromium 120"), (@"\bsetHTML(Unsafe)?\b", "Chromium 124"),
        (@"@layer", "Chromium 99, Safari 15.4"), (@":has\(", "Chromium 105, Safari 15.4"), (@"\bcolor-mix\(", "Chromium 111, Safari 16.2"), (@"\bok(lch|lab)\(", "Chromium 111, Safari 15.4"),
        (@"\d[dsl]v[hw]\b", "Chromium 108, Safari 15.4"), (@"@container", "Chromium 105, Safari 16"), (@"light-dark\(", "Chromium 123, Safari 17.5"), (@"@starting-style", "Chromium 117, Safari 17.5"),
        (@"\((width|height) *[<>]", "ranges in media queries: Chromium 104, Safari 16.4"), (@"overflow(-[xy])?: *clip", "Safari 16"), (@"(?<=[,}] *):focus-visible *,|, *:focus-visible *\{", "Safari 15.4; alone in a rule it only goes without"),
    ];

    public static TheoryData<string> Files()
    {
        var root = Repository.PathTo("src", "SiteDesk", "wwwroot");
        return [.. Directory.EnumerateFiles(Path.Combine(root, "widget"), "*.*").Where(file => file.EndsWith(".js", StringComparison.Ordinal) || file.EndsWith(".css", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(root, file)).Concat(Public).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task What_visitors_load_is_read_by_browsers_of_2021(string file) =>
        (await Complaints(Repository.PathTo("src", "SiteDesk", "wwwroot", file))).ShouldBeEmpty(file);

    [Theory]
    [InlineData("js", "export const last = (list) => list.at(-1);", "Safari 15.4")]
    [InlineData("js", "export class Once { static { globalThis.once = true; } }", "has to be rewritten")]
    [InlineData("css", "a { color: red; &:hover { color: blue } }", "has to be rewritten")]
    [InlineData("css", "a:has(img) { color: red }", "Safari 15.4")]
    public async Task What_is_too_young_is_reported(string kind, string text, string told)
    {
        var file = Path.Combine(Repository.Artifacts("javascript", "too-young"), $"{Guid.NewGuid():N}.{kind}");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        (await Complaints(file)).ShouldHaveSingleItem().ShouldContain(told);
    }

    static async Task<IReadOnlyList<string>> Complaints(string file)
    {
        var packages = await ScriptPackages.Install();
        var esbuild = Path.Combine(packages, "node_modules", "esbuild", "bin", "esbuild");
        var asItIs = await ScriptPackages.Run(esbuild, packages, file, "--target=esnext");
        var asTheyNeedIt = await ScriptPackages.Run(esbuild, packages, [file, .. Oldest]);
        asItIs.Status.ShouldBe(0, asItIs.Output);
        var complaints = new List<string>();
        if (asTheyNeedIt != asItIs)
            complaints.Add($"{Path.GetFileName(file)} has to be rewritten for Chromium 95 and Safari 15: {FirstDifference(asItIs.Output, asTheyNeedIt.Output)}");

        var text = Asked().Replace(Comments().Replace(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), ""), "");
        complaints.AddRange(
            from line in text.Split('\n')
            from young in TooYoung
            where Regex.IsMatch(line, young.Pattern, RegexOptions.None, TimeSpan.FromSeconds(1))
            select $"{line.Trim()}: {young.Since}");
        return complaints;
    }

    static string FirstDifference(string first, string second) =>
        first.Split('\n').Zip(second.Split('\n')).Where(pair => pair.First != pair.Second).Select(pair => $"“{pair.First.Trim()}” becomes “{pair.Second.Trim()}”").FirstOrDefault() ?? "its end";

    [GeneratedRegex(@"/\*[\s\S]*?\*/|^\s*//.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Comments();

    // A block of @supports up to the brace at the line's beginning.
    [GeneratedRegex(@"@supports[^{]*\{[\s\S]*?\n\}", RegexOptions.None, 1000)]
    private static partial Regex Asked();
}
