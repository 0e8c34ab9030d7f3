using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>What becomes of an article's body on its page.</summary>
public sealed class MarkupTests
{
    private static readonly Texts Words = new(new TextCatalog(), "en", TimeZoneInfo.Utc);

    [Fact]
    public void Each_element_of_the_closed_set_has_its_form()
    {
        var made = ArticleMarkup.Of(
            "<h2>Costs &amp; time</h2><p>One <strong>two</strong> <a href=\"https://example.com/?a=1&amp;b=2\">three</a>.</p><aside class=\"callout\" data-kind=\"warning\"><p>Mind.</p></aside>"
            + "<pre data-language=\"bash\">ls &lt;here&gt;</pre><table><tbody><tr><th>A</th><td colspan=\"2\">B</td></tr></tbody></table><p><img src=\"/help-files/ab/x.png\" alt=\"An x\" width=\"40\" height=\"30\"></p>",
            Words);
        made.Html.ShouldContain("<h2 id=\"costs-time\">Costs &amp; time</h2>");
        made.Html.ShouldContain("<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"noopener\">three</a>");
        made.Html.ShouldContain("data-kind=\"warning\"><p class=\"callout-title\">Warning</p><p>Mind.</p></div>");
        made.Html.ShouldContain("<code>ls &lt;here&gt;</code></pre>");
        made.Html.ShouldContain("<th>A</th><td colspan=\"2\">B</td>");
        made.Html.ShouldContain("<img src=\"/help-files/ab/x.png\" alt=\"An x\" width=\"40\" height=\"30\" loading=\"lazy\" decoding=\"async\">");
        made.Text.Headings.ShouldHaveSingleItem().Text.ShouldBe("Costs & time");
        made.Text.Plain.ShouldStartWith("One two three.");
    }

    [Theory]
    [InlineData("youtube:dQw4w9WgXcQ", "https://www.youtube-nocookie.com")]
    [InlineData("vimeo:76979871", "https://player.vimeo.com")]
    [InlineData("rutube:c6cc4d620b1d4338901770a44b3e82f4", "https://rutube.ru")]
    [InlineData("vkvideo:-22822305_456241864", "https://vkvideo.ru")]
    [InlineData("bilibili:BV1GJ411x7h7", "https://player.bilibili.com")]
    public void A_video_is_a_link_until_it_is_pressed(string video, string host)
    {
        var made = ArticleMarkup.Of($"<p>See:</p><figure data-video=\"{video}\"></figure><p>After.</p>", Words);
        made.VideoHosts.ShouldBe([host]);
        made.Html.ShouldNotContain("<iframe");
        made.Html.ShouldContain($"data-player=\"{host}/");
        made.Html.ShouldEndWith("<p>After.</p>");
        VideoAddress.IsKnown(video).ShouldBeTrue("the editor lets in what the page shows");
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<p onclick=\"alert(1)\">x</p>")]
    [InlineData("<img src=\"https://tracker.example/x.png\">")]
    [InlineData("<img src=\"/help-files/x\" onerror=\"alert(1)\">")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>")]
    [InlineData("<a href=\"/x\" onclick=\"alert(1)\">x</a>")]
    [InlineData("<figure data-video=\"youtube:x&quot;><script>\"></figure>")]
    [InlineData("<figure data-video=\"evil:dQw4w9WgXcQ\"></figure>")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>")]
    [InlineData("<svg onload=\"alert(1)\"></svg><style>*{display:none}</style>")]
    [InlineData("<table onmouseover=\"alert(1)\"><tr><td style=\"x\">1</td></tr></table>")]
    [InlineData("<p")]
    [InlineData("<p title=\"")]
    [InlineData("</div></div><")]
    public void What_should_never_be_stored_does_no_harm_when_it_is(string body)
    {
        var html = ArticleMarkup.Of(body, Words).Html;
        var parsed = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        parsed.QuerySelectorAll("script,style,iframe,svg,form,object").ShouldBeEmpty(html);
        foreach (var element in parsed.Body!.QuerySelectorAll("*"))
        {
            foreach (var attribute in element.Attributes)
            {
                attribute.Name.ShouldNotStartWith("on");
                attribute.Name.ShouldNotBe("style");
                attribute.Value.ShouldNotStartWith("javascript:");
            }

            if (element.LocalName == "img")
                element.GetAttribute("src")!.ShouldStartWith("/help-files/");
        }
    }

    [Fact]
    public void Marks_never_break_the_text_they_stand_in()
    {
        var made = ArticleMarkup.Of("<p>Refunds &amp; returns: a <strong>refund</strong> takes &lt;5 days.</p>", Words, SearchHighlighter.For("refund days"));
        made.Html.ShouldBe("<p><mark>Refunds</mark> &amp; returns: a <strong><mark>refund</mark></strong> takes &lt;5 <mark>days</mark>.</p>");
    }

    [Fact]
    public void The_places_of_headings_are_those_the_authors_side_names()
    {
        const string body = "<h2>Оплата картой</h2><p>a</p><h3>退款</h3><p>b</p><h2>Оплата картой</h2><p>c</p><h2>!!!</h2><p>d</p>";
        BodyText.Of(body).Headings.Select(heading => (heading.Level, heading.Text, heading.Anchor))
            .ShouldBe(ArticleBody.Headings(body).Select(heading => (heading.Level, heading.Text, heading.Anchor)));
    }

    [Theory]
    [InlineData("How do I return something?", "how-do-i-return-something")]
    [InlineData("It's  a – test!", "its-a-test")]
    [InlineData("Как вернуть товар?", "как-вернуть-товар")]
    [InlineData("如何退货？", "如何退货")]
    [InlineData("😀", "article")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    public void An_address_is_made_of_the_words_of_a_title(string title, string slug)
    {
        Slugs.Of(title).ShouldBe(slug);
        Slugs.IsValid(slug).ShouldBeTrue();
        Slugs.Free(slug, taken => taken == slug).ShouldBe($"{slug}-2");
    }
}
