using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace SiteDesk.Mail.Tests.Html;

public sealed class HtmlSanitizerTests
{
    private static readonly HtmlPolicy Policy = HtmlPolicy.Mail with
    {
        RewriteRemoteImage = url => "/proxy?u=" + Uri.EscapeDataString(url),
        ResolveContentId = id => id == "pic@x" ? "/files/7" : null,
    };

    [Theory]
    [InlineData("<p>Hello <b>you</b> &amp; me</p>", "<p>Hello <b>you</b> &amp; me</p>")]
    [InlineData("<p onclick=alert(1)>x</p>", "<p>x</p>")]
    [InlineData("a<script>alert(1)</script>b", "ab")]
    [InlineData("<form action=x><p>in</p><input></form>", "<p>in</p>")]
    [InlineData("<a href='https://b.example/?a=1&b=2'>x</a>", "<a href=\"https://b.example/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">x</a>")]
    [InlineData("<a href='javascript:alert(1)'>x</a>", "<a rel=\"noopener noreferrer nofollow\" target=\"_blank\">x</a>")]
    [InlineData("<img src=cid:pic@x alt=a>", "<img src=\"/files/7\" alt=\"a\">")]
    [InlineData("<img src=https://b.example/i.png width=10>", "<img src=\"/proxy?u=https%3A%2F%2Fb.example%2Fi.png\" width=\"10\">")]
    [InlineData("<img src=//b.example/i.png>", "<img src=\"/proxy?u=https%3A%2F%2Fb.example%2Fi.png\">")]
    [InlineData("<p style='color:red;position:fixed;background:url(x)'>x</p>", "<p style=\"color:red\">x</p>")]
    [InlineData("<td>cell</td>", "cell")]
    [InlineData("<table><tr><td bgcolor=#fff colspan=2>c</td></tr></table>", "<table><tbody><tr><td bgcolor=\"#fff\" colspan=\"2\">c</td></tr></tbody></table>")]
    [InlineData("<pre>\n\nx</pre>", "<pre>\n\nx</pre>")]
    [InlineData("<!-- c --><p>x", "<p>x</p>")]
    public void What_is_meant_stays_and_what_is_not_goes(string html, string safe) => new HtmlSanitizer(Policy).Sanitize(html).Html.ShouldBe(safe);

    [Fact]
    public void Remote_images_are_counted_and_left_empty_without_consent()
    {
        var result = new HtmlSanitizer(HtmlPolicy.Mail).Sanitize("<img src=http://b.example/a.gif alt=a><img src=cid:x><img srcset='http://b.example/b 2x'>");
        result.RemoteImages.ShouldBe(1);
        result.Html.ShouldBe("<img alt=\"a\"><img><img>");
    }

    [Theory]
    [InlineData("color: red", "color:red")]
    [InlineData("COLOR:Red !important", "color:Red !important")]
    [InlineData("font-family: 'A B', \"C\"", "font-family:'A B', \"C\"")]
    [InlineData("color: rgb(1, 2, 3)", "color:rgb(1, 2, 3)")]
    [InlineData("width: expression(alert(1))", "")]
    [InlineData("background: url('javascript:x')", "")]
    [InlineData("background-image: url(http://b.example/x)", "")]
    [InlineData("background: image-set('x' 1x)", "")]
    [InlineData("color: red; } body { display:none", "color:red")]
    [InlineData("co\\6cor: red", "")]
    [InlineData("color: \\72 ed", "")]
    [InlineData("color: red; -moz-binding: url(x)", "color:red")]
    [InlineData("behavior: url(x.htc)", "")]
    [InlineData("position: absolute; top: 0; z-index: 9", "")]
    [InlineData("margin: -100px", "")]
    [InlineData("margin-left:10px;margin-top: -5em", "margin-left:10px")]
    [InlineData("color/**/:/* x */red", "color:red")]
    [InlineData("color: r/* ", "color:r")]
    [InlineData("display: flex", "")]
    [InlineData("display: none", "display:none")]
    [InlineData("width: calc(100vw)", "")]
    [InlineData("color: var(--x)", "")]
    [InlineData("font-family: 'x;color:red", "")]
    [InlineData("color: rgb(rgb(1))", "")]
    public void Styles_are_kept_as_far_as_they_are_understood(string style, string kept) => StyleFilter.Filter(style, HtmlPolicy.Mail.StyleProperties).ShouldBe(kept);

    /// <summary>The public collections of vectors, restated by what they try.</summary>
    public static TheoryData<string> Vectors() =>
    [
        // Scripts by element.
        "<script>alert(1)</script>", "<ScRiPt >alert(1)</sCrIpT>", "<script/src=//e.example/x.js></script>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<<script>alert(1);//<</script>", "<script\n>alert(1)</script\n>",
        "<script>alert(1)", "</title><script>alert(1)</script>", "<svg><script>alert(1)</script></svg>", "<svg/onload=alert(1)>", "<math><mtext><script>alert(1)</script></mtext></math>", "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'>",
        "<object data=javascript:alert(1)></object>", "<embed src=javascript:alert(1)>", "<applet code=x></applet>", "<base href=javascript:/alert(1)//>", "<link rel=stylesheet href=//e.example/x.css>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<frameset onload=alert(1)>",
        "<portal src=//e.example>", "<template><script>alert(1)</script></template>", "<isindex type=image src=1 onerror=alert(1)>", "<xml id=x><a><b>&lt;script&gt;</b></a></xml>", "<bgsound src=javascript:alert(1)>", "<layer src=//e.example/x></layer>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        // Handlers.
        "<img src=x onerror=alert(1)>", "<img/src='x'/onerror=alert(1)>", "<img src=x:x onerror\n=alert(1)>", "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">", "<img src='x' ONERROR='alert(1)'>", "<body onload=alert(1)>", "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>x</details>", "<video><source onerror=alert(1)></video>",
        "<audio src=x onerror=alert(1)>", "<marquee onstart=alert(1)>x</marquee>", "<select autofocus onfocus=alert(1)>", "<textarea autofocus onfocus=alert(1)>", "<p onmouseover=alert(1)>x", "<div onpointerover=alert(1)>x", "<a onclick=alert(1) href=#>x</a>", "<b/onclick=alert(1)>x</b>", "<x onclick=alert(1)>x</x>", "<img src=x `onerror=alert(1)>", "<p style=animation-name:x onanimationstart=alert(1)>x",
        // Addresses.
        "<a href=javascript:alert(1)>x</a>", "<a href='JaVaScRiPt:alert(1)'>x</a>", "<a href=' javascript:alert(1)'>x</a>", "<a href='java\tscript:alert(1)'>x</a>", "<a href='java&#10;script:alert(1)'>x</a>", "<a href='&#106;avascript:alert(1)'>x</a>", "<a href='&#x6A&#x61vascript:alert(1)'>x</a>", "<a href='\u0001javascript:alert(1)'>x</a>",
        "<a href='vbscript:msgbox(1)'>x</a>", "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href='javascript&colon;alert(1)'>x</a>", "<a href='feed:javascript:alert(1)'>x</a>", "<a href='view-source:javascript:alert(1)'>x</a>", "<a href='blob:x'>x</a>", "<a href='file:///etc/passwd'>x</a>", "<img src='data:image/svg+xml,<svg onload=alert(1)>'>", "<img src='data:text/html;base64,PHNjcmlwdD4='>",
        "<img src=javascript:alert(1)>", "<img src='livescript:x'>", "<img dynsrc=javascript:alert(1)>", "<img lowsrc=javascript:alert(1)>", "<table background=javascript:alert(1)><tr><td>x</table>", "<a href='java\0script:alert(1)'>x</a>", "<a xlink:href=javascript:alert(1)>x</a>", "<form action=javascript:alert(1)><button>x</button></form>", "<button formaction=javascript:alert(1)>x</button>", "<a ping=//e.example href=https://b.example>x</a>",
        "<q cite=javascript:alert(1)>x</q>", "<img src=x usemap=#m><map name=m><area href=javascript:alert(1)></map>", "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>", "<math href=javascript:alert(1)>x</math>", "<a href=\"//e.example\">x</a>", "<a href='\\\\e.example'>x</a>",
        // Styles.
        "<style>@import '//e.example/x.css'</style>", "<style>body{background:url(//e.example)}</style>", "<p style=\"width:expression(alert(1))\">x", "<p style='background:url(javascript:alert(1))'>x", "<p style='-moz-binding:url(//e.example)'>x", "<p style='xss:\\65xpression(alert(1))'>x", "<p style='behavior:url(x)'>x", "<p style=\"list-style-image:url('javascript:alert(1)')\">x", "<p style='position:fixed;inset:0'>x", "<p style='color:red&#59;position:fixed'>x",
        "<p style='background:&#117;rl(//e.example)'>x", "<p style='background:u/**/rl(//e.example)'>x", "<p style='content:\"</style><script>alert(1)</script>\"'>x", "<link rel=import href=//e.example>", "<p style='font-family:\"<img src=x onerror=alert(1)>\"'>x</p>", "<p style='cursor:url(//e.example),auto'>x",
        // What changes when it is parsed a second time.
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>", "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>", "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<noscript><style></noscript><img src=x onerror=alert(1)></style>", "<svg><title><![CDATA[</title><img src=x onerror=alert(1)>]]></svg>", "<table><td><svg><desc><td><img src=x onerror=alert(1)>",
        "<!--><img src=x onerror=alert(1)>-->", "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->", "<![CDATA[<script>alert(1)</script>]]>", "<?xml version='1.0'?><script>alert(1)</script>", "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>", "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>", "<textarea>&lt;/textarea&gt;<img src=x onerror=alert(1)></textarea>", "<plaintext><img src=x onerror=alert(1)>", "<select><template><script>alert(1)</script></template></select>", "<p title='`onmouseover=alert(1)`'>x</p>", "<img alt=\"``onerror=alert(1)\" src=x>",
        "<a title='\"><script>alert(1)</script>'>x</a>", "<p title=\"&quot;><img src=x onerror=alert(1)>\">x", "&lt;script&gt;alert(1)&lt;/script&gt;", "<font face='x\"><script>alert(1)</script>'>x</font>", "<p lang='\"><script>'>x", "<td width='1\" onmouseover=\"alert(1)'>x", "<a id=location name=cookie href=https://b.example>x</a>", "<img name=getElementById>", "<p class='x' id='y'>z</p>", "<a target=_top href=https://b.example>x</a>",
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "<ruby><rt><style><!--</rt></ruby><img src=x onerror=alert(1)>--></style>", "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>", "<svg><foreignObject><body onload=alert(1)></foreignObject></svg>", "<svg><animate onbegin=alert(1)></svg>", "<svg><set attributeName=href to=javascript:alert(1)></svg>", "<b><p></b><script>alert(1)</script>", "<a href=https://b.example><a onclick=alert(1)>x", "<dialog open onclose=alert(1)><form method=dialog><button>x",
    ];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void No_vector_survives(string vector)
    {
        foreach (var policy in (HtmlPolicy[])[Policy, HtmlPolicy.RichText])
        {
            foreach (var html in (string[])[vector, $"<div><table><tr><td>{vector}</td></tr></table></div>", $"<p>before {vector} after"])
            {
                var safe = new HtmlSanitizer(policy).Sanitize(html).Html;
                ShouldBeHarmless(safe, policy);
                // Read again it is the same: nothing hides in how it is written. (Image addresses are rewritten only once.)
                var again = new HtmlSanitizer(policy with { RewriteRemoteImage = url => url, AllowRelativeUrls = true }).Sanitize(safe).Html;
                again.ShouldBe(safe);
            }
        }
    }

    [Fact]
    public void The_collection_of_vectors_is_not_empty() => Vectors().Count.ShouldBeGreaterThan(120);

    [Fact]
    public void Depth_size_and_number_of_tags_are_bounded()
    {
        var began = Fuzz.ThreadTime.Now;
        new HtmlSanitizer(HtmlPolicy.Mail).Sanitize(string.Concat(Enumerable.Repeat("<div>", 100_000))).IsReduced.ShouldBeTrue();
        new HtmlSanitizer(HtmlPolicy.Mail).Sanitize(string.Concat(Enumerable.Repeat("<b><i>", 50_000)) + "x").Html.ShouldContain("x");
        new HtmlSanitizer(HtmlPolicy.Mail).Sanitize("<p>" + new string('x', 3_000_000)).IsReduced.ShouldBeTrue();
        new HtmlSanitizer(HtmlPolicy.Mail).Sanitize(string.Concat(Enumerable.Repeat("<p>x", 20_000))).IsReduced.ShouldBeFalse();
        (Fuzz.ThreadTime.Now - began).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static void ShouldBeHarmless(string html, HtmlPolicy policy)
    {
        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(html);
        document.Head!.ChildNodes.Length.ShouldBe(0, html);
        foreach (var node in document.Body!.GetDescendants())
        {
            (node is IElement or IText).ShouldBeTrue($"a node of another kind in {html}");
            if (node is not IElement element) continue;
            policy.Elements.Contains(element.LocalName).ShouldBeTrue($"<{element.LocalName}> in {html}");
            foreach (var attribute in element.Attributes)
            {
                attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase).ShouldBeFalse(html);
                (attribute.Name is "id" or "name" or "class" or "srcset" or "background" or "formaction").ShouldBeFalse(html);
                var value = attribute.Value.ToLowerInvariant();
                if (attribute.Name is "href") (value.StartsWith("https://", StringComparison.Ordinal) || value.StartsWith('#') || value.StartsWith('/') && !value.StartsWith("//", StringComparison.Ordinal)).ShouldBeTrue(html);
                if (attribute.Name is "src") (value.StartsWith("/proxy", StringComparison.Ordinal) || value.StartsWith("/files", StringComparison.Ordinal)).ShouldBeTrue(html);
                if (attribute.Name is not "style") continue;
                foreach (var word in (string[])["url", "expression", "import", "position", "binding", "behavior", "\\", "javascript"]) value.ShouldNotContain(word);
            }
        }
    }
}
