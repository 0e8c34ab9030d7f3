using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Security;

/// <summary>A form as it stands on a page, with what a browser would send of it.</summary>
/// <param name="Texts">Names of the fields one writes into.</param>
/// <param name="Others">What the other fields have.</param>
internal sealed record PageForm(string Page, string Action, bool IsPost, IReadOnlyList<string> Texts, IReadOnlyList<KeyValuePair<string, string>> Others)
{
    public override string ToString() => $"{(IsPost ? "POST" : "GET")} {Action} of {Page}";
}

/// <summary>Walks through pages by their links and gathers the forms: who adds a page is tested without a word.</summary>
internal static partial class PageForms
{
    /// <summary>Pages whose addresses differ by numbers and tokens alone are looked at so often.</summary>
    private const int MostAlike = 2;

    private static readonly string[] Written = ["text", "search", "email", "url", "tel", "password", ""];

    /// <returns>The pages seen, and their forms with a field to write into.</returns>
    public static async Task<(List<string> Pages, List<PageForm> Forms)> WalkAsync(DeskClient client, params string[] starts)
    {
        var (waiting, seen, alike) = (new Queue<string>(starts), new HashSet<string>(starts, StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var (pages, forms, known) = (new List<string>(), new List<PageForm>(), new HashSet<string>(StringComparer.Ordinal));
        while (waiting.TryDequeue(out var page))
        {
            using var answer = await client.GetAsync(page);
            ((int)answer.StatusCode).ShouldBeLessThan(500, page);
            if (answer.Content.Headers.ContentType?.MediaType != "text/html" || !answer.IsSuccessStatusCode)
                continue;
            pages.Add(page);
            var document = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
            foreach (var address in document.QuerySelectorAll("a[href],turbo-frame[src]").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!))
            {
                var path = address.Split('#')[0];
                if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || !seen.Add(path))
                    continue;
                var kind = Own().Replace(path.Split('?')[0], "*");
                alike[kind] = alike.GetValueOrDefault(kind) + 1;
                if (alike[kind] <= MostAlike)
                    waiting.Enqueue(path);
            }

            foreach (var form in document.QuerySelectorAll("form").Select(form => Read(page, form)).Where(form => form.Texts.Count > 0))
            {
                if (known.Add($"{form.IsPost} {Own().Replace(form.Action.Split('?')[0], "*")} {string.Join(',', form.Texts)}"))
                    forms.Add(form);
            }
        }

        return (pages, forms);
    }

    private static PageForm Read(string page, IElement form)
    {
        var (texts, others) = (new List<string>(), new List<KeyValuePair<string, string>>());
        foreach (var field in form.QuerySelectorAll("input[name],textarea[name],select[name]"))
        {
            var (name, type) = (field.GetAttribute("name")!, field.GetAttribute("type") ?? "");
            if (field.LocalName == "textarea" || field.LocalName == "input" && Written.Contains(type))
                texts.Add(name);
            else if (field.LocalName == "select")
                others.Add(new(name, (field.QuerySelector("option[selected]") ?? field.QuerySelector("option"))?.GetAttribute("value") ?? ""));
            else if (type is not ("file" or "submit" or "button") && (type is not ("checkbox" or "radio") || field.HasAttribute("checked")))
                others.Add(new(name, field.GetAttribute("value") ?? ""));
        }

        return new PageForm(page, form.GetAttribute("action") ?? page, string.Equals(form.GetAttribute("method"), "post", StringComparison.OrdinalIgnoreCase), texts, others);
    }

    [GeneratedRegex("(?<=/)([0-9]+|[A-Za-z0-9_-]{20,})(?=/|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Own();
}
