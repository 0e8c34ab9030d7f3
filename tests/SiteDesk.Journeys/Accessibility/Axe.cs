using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace SiteDesk.Journeys.Accessibility;

/// <summary>Runs axe-core inside a page. axe looks into open shadow roots, so the chat widget is covered where it is embedded.</summary>
public static class Axe
{
    // WCAG 2.2 AA is the promise; best practices are kept too, since they are what screen-reader users notice first.
    static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    static readonly Lazy<string> Script = new(() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Accessibility", "axe.min.js")));

    /// <summary>Fails with one readable paragraph for each violation: the rule, what is wrong, where, and how to mend it.</summary>
    /// <param name="page">The page as it stands; open what should be looked at first.</param>
    /// <param name="within">A CSS selector when only a part is the test's business, for instance a frame of somebody else's page.</param>
    public static async Task ShouldBeAccessible(this IPage page, string? within = null)
    {
        var violations = await Violations(page, within);
        violations.ShouldBeEmpty($"{page.Url} breaks accessibility rules:{Environment.NewLine}{string.Join(Environment.NewLine, violations)}");
    }

    /// <summary>The violations as text, one an item; empty when there are none. Nothing is fetched for it: what a page may not fetch is its own matter.</summary>
    public static async Task<IReadOnlyList<string>> Violations(IPage page, string? within = null)
    {
        // While a visit is under way the document says that it is busy, half of it old and half new.
        await page.WaitForSelectorAsync("html:not([aria-busy])");
        // The script goes in through the debugger's own evaluation and not as a script element: a strict content policy stays in force.
        await page.EvaluateAsync(Script.Value + "; undefined");
        var result = await page.EvaluateAsync<JsonElement>(
            """
            async ([within, rules]) => {
                const found = await axe.run(within ?? document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'], preload: false });
                return found.violations;
            }
            """,
            new object?[] { within, Rules });
        return [.. result.EnumerateArray().Select(Readable)];
    }

    static string Readable(JsonElement violation)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"- {Text(violation, "id")} ({Text(violation, "impact")}): {Text(violation, "help")}");
        foreach (var node in violation.GetProperty("nodes").EnumerateArray().Take(8))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    at {node.GetProperty("target")}");
            text.AppendLine(CultureInfo.InvariantCulture, $"       {Shortened(Text(node, "html"))}");
            text.AppendLine(CultureInfo.InvariantCulture, $"       {Text(node, "failureSummary").ReplaceLineEndings(" ")}");
        }
        text.Append(CultureInfo.InvariantCulture, $"    see {Text(violation, "helpUrl")}");
        return text.ToString();
    }

    static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    static string Shortened(string html) => html.Length <= 200 ? html : html[..200] + "…";
}
