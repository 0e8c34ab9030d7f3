using System.Diagnostics;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Bodies;

namespace SiteDesk.Tests.HelpCenter.Bodies;

public sealed class ArticleBodyTests
{
    [Theory]
    [InlineData("<script>alert(1)</script><p>Text</p>", "<p>Text</p>")]
    [InlineData("<p onclick=alert(1) style='position:fixed' class=x id=y>Text</p>", "<p>Text</p>")]
    [InlineData("<a href=javascript:alert(1)>x</a>", "<p>x</p>")]
    [InlineData("<a href='java&#10;script:alert(1)'>x</a>", "<p>x</p>")]
    [InlineData("<a href='\u0001javascript:alert(1)'>x</a>", "<p>x</p>")]
    [InlineData("<a href='data:text/html,x'>x</a>", "<p>x</p>")]
    [InlineData("<a href='/\\evil.example'>x</a>", "<p>x</p>")]
    [InlineData("<a href='//evil.example/\"onclick=x'>x</a>", "<p><a href=\"https://evil.example/%22onclick=x\">x</a></p>")]
    [InlineData("<a href='https://user:secret@example.com/'>x</a>", "<p>x</p>")]
    [InlineData("<img src=https://tracker.example/pixel.gif><img src=x onerror=alert(1)>", "")]
    [InlineData("<img src='/help-files/../agent/x'><img src='/help-files/a/b/c'>", "")]
    [InlineData("<svg><style><img src=x></style></svg><math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>", "")]
    [InlineData("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "")]
    [InlineData("<iframe src=https://evil.example></iframe><object data=x></object><form action=/x><input name=a><button>b</button></form>", "")]
    [InlineData("<iframe src='https://www.youtube.com/embed/dQw4w9WgXcQ?x=1'></iframe>", "<figure data-video=\"youtube:dQw4w9WgXcQ\"></figure>")]
    [InlineData("<figure data-video='youtube:\"><script>'></figure>", "")]
    [InlineData("<aside class=callout data-kind='x\"y'>n</aside>", "<aside class=\"callout\" data-kind=\"note\"><p>n</p></aside>")]
    [InlineData("<pre data-language='\"><x'>&lt;b&gt;</pre>", "<pre>&lt;b&gt;</pre>")]
    [InlineData("<template><p>x</p></template><textarea></textarea><img src=x onerror=1>", "")]
    public void Hostile_markup_leaves_nothing_but_its_text(string html, string body) => ArticleBody.Canonical(html).ShouldBe(body);

    [Theory]
    [InlineData("<h1>A</h1><h2>B</h2><h4>C</h4>", "<h2>A</h2><h3>B</h3><h3>C</h3>")]
    [InlineData("one<br>two<br><br>three", "<p>one<br>two</p><p>three</p>")]
    [InlineData("<b style='font-weight:normal'><p>a <span style='font-weight:700'>b</span></p></b>", "<p>a <strong>b</strong></p>")]
    [InlineData("<p>a<b> b </b>c</p>", "<p>a <strong>b</strong> c</p>")]
    [InlineData("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>")]
    [InlineData("<table><tr><th>a<th>b<tr><td colspan=2>c</table>", "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td></td></tr></tbody></table>")]
    [InlineData("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td></td><td>c</td></tr></tbody></table>")]
    [InlineData("<pre><code class='language-CSharp'>a\r\n  b</code></pre>", "<pre data-language=\"csharp\">a\n  b</pre>")]
    [InlineData("<p>&nbsp;</p><p></p><h2> </h2><ul><li></li></ul>", "")]
    [InlineData("<details><summary>More</summary>Text</details>", "<p><strong>More</strong></p><p>Text</p>")]
    public void Every_markup_has_one_form(string html, string body) => ArticleBody.Canonical(html).ShouldBe(body);

    [Fact]
    public void Headings_have_readable_anchors_of_their_own()
    {
        const string body = "<h2>Срок возврата</h2><h3>退款时间</h3><h2>Refund &amp; more</h2><h2>Срок возврата</h2><h2>!?</h2>";
        ArticleBody.Headings(body).Select(heading => heading.Anchor).ShouldBe(["срок-возврата", "退款时间", "refund-more", "срок-возврата-2", "section"]);
        ArticleBody.WithAnchors(body).ShouldStartWith("<h2 id=\"срок-возврата\">Срок возврата</h2><h3 id=\"退款时间\">");
    }

    [Fact]
    public void Text_links_and_pictures_are_found_at_every_depth()
    {
        const string body = "<ul><li>a<ul><li><a href=\"/help/x/en/b\">b</a></li></ul></li></ul><table><tbody><tr><td>c</td><td><img src=\"/help-files/1/d.png\" alt=\"d\"></td></tr></tbody></table><aside class=\"callout\" data-kind=\"tip\"><p><a href=\"https://example.com/\">e</a></p></aside>";
        ArticleBody.PlainText(body).ShouldBe("a\nb\nc | d\ne");
        ArticleBody.Links(body).ShouldBe(["/help/x/en/b", "https://example.com/"]);
        ArticleBody.Pictures(body).ShouldBe(["/help-files/1/d.png"]);
        ArticleBody.Readdress(body, link => link.StartsWith('/') ? "b.md" : null, picture => picture with { Source = "d.png" })
            .ShouldContain("<a href=\"b.md\">b</a>");
    }

    [Fact]
    public void Five_megabytes_are_refused_and_deep_nesting_gives_its_text_at_once()
    {
        var watch = Stopwatch.StartNew();
        ArticleBody.Check(new string('x', 5_000_000)).Problems.ShouldHaveSingleItem().Text.ShouldBe("help.body-too-long");
        ArticleBody.Pasted(string.Concat(Enumerable.Repeat("<p>paragraph</p>", 400_000))).Succeeded.ShouldBeFalse();
        foreach (var tag in new[] { "div", "b", "blockquote", "ul><li", "table><tr><td", "a href=x", "h2", "aside class=callout" })
        {
            var deep = string.Concat(Enumerable.Repeat($"<{tag}>", 10_000)) + "kept";
            ArticleBody.Check(deep).Problems.ShouldHaveSingleItem().Text.ShouldBe("help.body-too-deep", tag);
            ArticleBody.PlainText(ArticleBody.Canonical(deep)).ShouldContain("kept");
        }

        ArticleMarkdown.Read(new string('>', 10_000) + "x").Problems.ShouldHaveSingleItem();
        ArticleMarkdown.Read(string.Concat(Enumerable.Repeat("- ", 10_000)) + "x").Problems.ShouldHaveSingleItem();
        _ = ArticleMarkdown.Read(new string('[', 50_000));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_long_article_of_a_word_processor_is_taken()
    {
        var body = ArticleBody.Check(string.Concat(Enumerable.Range(0, 2_000).Select(number => $"<p class=MsoNormal style='margin:0'>Paragraph {number} <b>bold</b></p>")));
        body.Value.Length.ShouldBeInRange(50_000, ArticleVersion.LongestBody);
    }

    [Fact]
    public void Videos_are_known_by_the_addresses_people_copy()
    {
        VideoAddress.Read("https://youtu.be/dQw4w9WgXcQ?t=3").ShouldBe("youtube:dQw4w9WgXcQ");
        VideoAddress.Read("https://vimeo.com/123456789").ShouldBe("vimeo:123456789");
        VideoAddress.Read("https://rutube.ru/video/0123456789abcdef0123456789abcdef/").ShouldBe("rutube:0123456789abcdef0123456789abcdef");
        VideoAddress.Read("https://vk.com/video-123_456").ShouldBe("vkvideo:-123_456");
        VideoAddress.Read("https://www.bilibili.com/video/BV1xx411c7mD/").ShouldBe("bilibili:BV1xx411c7mD");
        VideoAddress.Read("https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ").ShouldBeNull();
        foreach (var video in new[] { "youtube:dQw4w9WgXcQ", "vimeo:123456789", "rutube:0123456789abcdef0123456789abcdef", "vkvideo:-123_456", "bilibili:BV1xx411c7mD" })
            VideoAddress.Read(VideoAddress.PageOf(video)).ShouldBe(video);
    }

    [Fact]
    public void Markdown_of_strangers_is_read_with_its_tables_and_call_outs()
    {
        ArticleMarkdown.Read("# Title\n\nSee https://example.com/a.\n\n> [!IMPORTANT]\n> Mind *this*.\n\n| a | b |\n|---|---|\n| 1 | `x` |\n\n```js\nlet a\n```\n<script>x</script>\n").Value.ShouldBe(
            "<h2>Title</h2><p>See <a href=\"https://example.com/a\">https://example.com/a</a>.</p><aside class=\"callout\" data-kind=\"note\"><p>Mind <em>this</em>.</p></aside>"
            + "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><code>x</code></td></tr></tbody></table><pre data-language=\"js\">let a</pre>");
    }

    [Fact]
    public void Front_matter_comes_back_as_it_was_written()
    {
        var matter = new FrontMatter();
        matter.Set("title", "Say \"hi\": \\ #1");
        matter.Set("questions", "how, exactly?", "где мой заказ");
        var (read, body) = FrontMatter.Read(matter.Write() + "Text\n");
        read["title"].ShouldBe("Say \"hi\": \\ #1");
        read.List("questions").ShouldBe(["how, exactly?", "где мой заказ"]);
        body.ShouldBe("Text\n");
        FrontMatter.Read("---\ntitle: Plain # remark\ntags: [a, 'b, c', \"d\"]\n---\nx").Matter.List("tags").ShouldBe(["a", "b, c", "d"]);
        FrontMatter.Read("---\nno end").Body.ShouldBe("---\nno end");
    }

    [Fact]
    public void A_comparison_marks_the_words_that_changed()
    {
        BodyDifference.Html("<p>Refunds take five days.</p><p>Same</p>", "<p>Refunds take ten days.</p><p>Same</p><ul><li>New</li></ul>").ShouldBe(
            "<div class=\"difference-line is-changed\" data-frame=\"\">Refunds take <del>five</del><ins>ten</ins> days.</div>"
            + "<div class=\"difference-line\" data-frame=\"\">Same</div><div class=\"difference-line is-new\" data-frame=\"ul\"><ins>New</ins></div>");
        BodyDifference.Html("<p>退款需要五天</p>", "<p>退款需要十天</p>").ShouldContain("退款需要<del>五</del><ins>十</ins>天");
        BodyDifference.Words("a <b>", "a <i>").ShouldBe("a &lt;<del>b</del><ins>i</ins>&gt;");
    }
}
