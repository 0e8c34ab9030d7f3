using SiteDesk.Tickets;

namespace SiteDesk.Tests.Tickets;

public sealed class FormattedTextTests
{
    [Theory]
    [InlineData("Please **do not** reply.", "<p>Please <strong>do not</strong> reply.</p>")]
    [InlineData("_Soon_ it is", "<p><em>Soon</em> it is</p>")]
    [InlineData("**a**\nb", "<p><strong>a</strong><br>b</p>")]
    [InlineData("- one\n- two", "<ul><li>one</li><li>two</li></ul>")]
    [InlineData("3. one\n4. two", "<ol start=\"3\"><li>one</li><li>two</li></ol>")]
    [InlineData("> said\n\nanswered", "<blockquote><p>said</p></blockquote><p>answered</p>")]
    [InlineData("Run `a < b`", "<p>Run <code>a &lt; b</code></p>")]
    [InlineData("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>")]
    [InlineData("[Track it](https://example.com/t?a=1&b=2)", "<p><a href=\"https://example.com/t?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">Track it</a></p>")]
    [InlineData("**x** https://example.com", "<p><strong>x</strong> <a href=\"https://example.com/\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://example.com</a></p>")]
    [InlineData("**Здравствуйте**, 您好", "<p><strong>Здравствуйте</strong>, 您好</p>")]
    public void Simple_marks_become_elements(string text, string html) => FormattedText.ToHtml(text).ShouldBe(html);

    [Theory]
    [InlineData("Hello, your parcel left today.")]
    [InlineData("Two lines\n\nand a paragraph")]
    [InlineData("See https://example.com/a_b_c and write to anna@example.com")]
    [InlineData("5*3*2 = 30, file_name_here, * a footnote")]
    [InlineData("# 4711 is the order\n---\nOlga")]
    [InlineData("    pasted with four spaces")]
    [InlineData("Call +7 999 123-45-67")]
    [InlineData("<b>bold?</b> <script>alert(1)</script>")]
    [InlineData("&lt;b&gt; &amp; &copy;")]
    [InlineData("")]
    public void What_has_no_marks_stays_plain_text(string text) => FormattedText.ToHtml(text).ShouldBeNull();

    [Theory]
    [InlineData("**a** <img src=x onerror=alert(1)>")]
    [InlineData("**a** [x](javascript:alert(1))")]
    [InlineData("**a** [x](JaVaScRiPt:alert(1)) [y](data:text/html,<script>1</script>) [z](vbscript:x)")]
    [InlineData("**a** [x](https://e.com/\"onmouseover=\"alert(1))")]
    [InlineData("**a** ![x\" onerror=\"alert(1)](https://e.com/a.png)")]
    [InlineData("**a** <javascript:alert(1)> <https://e.com/'onclick='x>")]
    [InlineData("**a**\n\n[r]: javascript:alert(1)\n\n[r]")]
    [InlineData("**a**\n\n<div>\n\n<script>alert(1)</script>")]
    [InlineData("```\"><script>alert(1)</script>\nx\n```")]
    [InlineData("[<b onclick=x>](https://e.com) **b**")]
    public void Nothing_hostile_gets_through(string text)
    {
        var html = FormattedText.ToHtml(text).ShouldNotBeNull();
        var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        foreach (var element in document.Body!.QuerySelectorAll("*"))
        {
            new[] { "p", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "blockquote", "a" }.ShouldContain(element.LocalName, html);
            element.Attributes.Select(attribute => attribute.Name).Except(element.LocalName == "a" ? ["href", "target", "rel"] : element.LocalName == "ol" ? ["start"] : Array.Empty<string>()).ShouldBeEmpty(html);
            if (element.LocalName == "a")
                new Uri(element.GetAttribute("href")!).Scheme.ShouldBeOneOf("https", "http", "mailto", "tel");
        }
    }

    [Theory]
    [InlineData("Please **do not** reply.", "Please do not reply.")]
    [InlineData("[The label](https://example.com/label) is `here`", "The label is here")]
    [InlineData("> said\n\n_answered_", "said\nanswered")]
    [InlineData("It has:\n\n- one\n- **two**\n\n1. three", "It has:\none\ntwo\nthree")]
    [InlineData("```\nlet a = b\n```\n<https://example.com>", "let a = b\nhttps://example.com")]
    [InlineData("**a**\nb &amp; c", "a\nb &amp; c")]
    [InlineData("**退款** 已完成", "退款 已完成")]
    [InlineData("# 4711 is 5*3, file_name_here", "# 4711 is 5*3, file_name_here")]
    [InlineData("[r]: https://example.com", "[r]: https://example.com")]
    [InlineData("", "")]
    public void Words_are_left_where_marks_are_taken_away(string text, string words) => FormattedWords.Of(text).ShouldBe(words);

    [Fact]
    public void Random_marks_give_only_known_elements_and_never_fail()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] pieces = ["**", "_", "`", "```", "\n", "\n\n", "- ", "1. ", "> ", "[", "](", ")", "https://e.com", "javascript:", "<b>", "<!--", "&#60;", "\"", "'", " ", "слово", "退款", "\t", "\\", "~~~", "|", "#", "![", "😀"];
        var parser = new AngleSharp.Html.Parser.HtmlParser();
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (FormattedText.ToHtml(text) is not { } html)
                continue;
            parser.ParseDocument(html).Body!.QuerySelectorAll("*").Select(element => element.LocalName)
                .Except(["p", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "blockquote", "a"]).ShouldBeEmpty($"seed {seed}: {text}");
        }
    }

    [Fact]
    public void Very_deep_and_very_long_texts_are_shown_in_time()
    {
        foreach (var text in new[] { new string('>', 20_000), string.Concat(Enumerable.Repeat("- ", 10_000)), string.Concat(Enumerable.Repeat("[", 20_000)), string.Concat(Enumerable.Repeat("**a", 6_000)), string.Concat(Enumerable.Repeat("_a ", 6_000)) })
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            FormattedText.ToHtml(text);
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), text[..10]);
        }
    }
}
