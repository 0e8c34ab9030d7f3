using SiteDesk.HelpCenter.Bodies;

namespace SiteDesk.Tests.HelpCenter.Bodies;

/// <summary>What word processors and browsers really put on the clipboard, shortened.</summary>
public sealed class WordPasteTests
{
    private const string Word = """
        <html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15">
        <style><!-- @list l0:level1 {mso-level-number-format:bullet;} p.MsoNormal {margin:0cm;} --></style></head><body lang=EN-GB style='word-wrap:break-word'>
        <!--StartFragment-->
        <p class=MsoTitle><span lang=EN-US>Returns<o:p></o:p></span></p>
        <h1>How it works<o:p></o:p></h1>
        <p class=MsoNormal><span style='font-size:11.0pt;font-family:"Calibri",sans-serif'>You have <b>14&nbsp;days</b>.<o:p></o:p></span></p>
        <p class=MsoNormal><o:p>&nbsp;</o:p></p>
        <p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Pack it<o:p></o:p></p>
        <p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>o<span>&nbsp; </span></span><![endif]>with paper</p>
        <p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·</span><![endif]>Send it</p>
        <p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>First</p>
        <p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.</span><![endif]>Second</p>
        <table class=MsoTableGrid border=1><tr><td width=100><p class=MsoNormal><b>Item</b></p></td><td><p><b>Price</b></p></td></tr><tr><td><p>Lamp</p></td><td><p>10</p></td></tr></table>
        <div style='mso-element:comment-list'><p>A comment</p></div>
        <!--EndFragment--></body></html>
        """;

    [Fact]
    public void Marks_of_Words_comments_and_notes_leave_nothing() => ArticleBody.Pasted(
        "<p class=MsoNormal>You have 14 days<span class=MsoCommentReference><span style='font-size:8pt'><a class=msocomanchor id='_anchor_1' href='#_msocom_1'>[AL1]</a></span></span>"
        + "<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'><span class=MsoFootnoteReference>[1]</span></a>.</p>").Value.ShouldBe("<p>You have 14 days.</p>");

    [Theory]
    [InlineData("<aside>\n💡 Keep <b>all</b>.\n\n</aside>", "<aside class=\"callout\" data-kind=\"tip\"><p>Keep <strong>all</strong>.</p></aside>")]
    [InlineData("<aside><div>⚠️</div><div><p>Hot!</p></div></aside>", "<aside class=\"callout\" data-kind=\"warning\"><p>Hot!</p></aside>")]
    [InlineData("<aside>Related: <a href='https://example.org/'>more</a></aside>", "<p>Related: <a href=\"https://example.org/\">more</a></p>")]
    public void Notions_asides_are_callouts_and_those_of_web_pages_are_text(string pasted, string body) => ArticleBody.Pasted(pasted).Value.ShouldBe(body);

    [Fact]
    public void A_link_that_counts_its_readers_is_the_link_behind_it() => ArticleBody.Pasted(
        "<p><a href='https://www.google.com/url?q=https://example.org/a?b%3D1&amp;sa=D&amp;usg=x'>terms</a> <a href='https://www.google.com/url?q=javascript:alert(1)'>bad</a></p>")
        .Value.ShouldBe("<p><a href=\"https://example.org/a?b=1\">terms</a> <a href=\"https://www.google.com/url?q=javascript:alert%281%29\">bad</a></p>");

    [Fact]
    public void Word_gives_headings_lists_and_tables() => ArticleBody.Pasted(Word).Value.ShouldBe(
        "<h2>Returns</h2><h2>How it works</h2><p>You have <strong>14&nbsp;days</strong>.</p>"
        + "<ul><li>Pack it<ul><li>with paper</li></ul></li><li>Send it</li></ul><ol><li>First</li><li>Second</li></ol>"
        + "<table><thead><tr><th>Item</th><th>Price</th></tr></thead><tbody><tr><td>Lamp</td><td>10</td></tr></tbody></table>");

    [Fact]
    public void Google_Docs_gives_its_marks_and_lists() => ArticleBody.Pasted("""
        <meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span style="font-size:16pt;font-weight:400">Срок</span></h2>
        <p dir="ltr"><span style="font-weight:400;font-style:normal">Деньги </span><span style="font-weight:700">вернутся</span></p>
        <ul><li dir="ltr" aria-level="1"><p role="presentation"><span style="font-weight:400">один</span></p></li><ul><li dir="ltr" aria-level="2"><p><span>два</span></p></li></ul></ul></b><br class="Apple-interchange-newline">
        """).Value.ShouldBe("<h2>Срок</h2><p>Деньги <strong>вернутся</strong></p><ul><li>один<ul><li>два</li></ul></li></ul>");

    [Fact]
    public void A_web_page_gives_its_text_without_what_is_around() => ArticleBody.Pasted("""
        <html><body><!--StartFragment--><nav><a href="/">Home</a></nav><div class="x"><h3 style="color:red">Title</h3><div>One</div><div>Two<span hidden>secret</span></div><button>Copy</button>
        <img src="https://example.com/x.png" alt="x"><a href="https://example.com/page?utm=1">link</a></div><!--EndFragment--></body></html>
        """).Value.ShouldBe("<h3>Title</h3><p>One</p><p>Two</p><p><a href=\"https://example.com/page?utm=1\">link</a></p>");
}
