using SiteDesk.Assistant.Answers;

namespace SiteDesk.Tests.Assistant.Answers;

public sealed class PassageTests
{
    [Fact]
    public void An_article_is_divided_at_its_headings_and_what_leads_into_a_list_stays_with_it()
    {
        var passages = Passage.Of(
            $"<p>{new string('a', 380)}</p><p>No mail?</p><ul><li><p>Look in junk.</p></li><li><p>Try another address.</p></li></ul><h2>By phone</h2><p>Call us.</p>");

        passages.Select(passage => (passage.Place, passage.Heading, passage.Text)).ShouldBe([
            (0, "", new string('a', 380)),
            (1, "", "No mail?\n\n- Look in junk.\n- Try another address."),
            (2, "By phone", "Call us."),
        ]);
    }

    [Fact]
    public void What_ends_in_a_question_is_not_lost()
    {
        Passage.Of("<p>Is it yours?</p>").ShouldHaveSingleItem().Text.ShouldBe("Is it yours?");
    }

    [Fact]
    public void Tables_become_lines_pictures_go_and_links_within_the_help_centre_are_words()
    {
        var passage = Passage.Of(
            "<table><thead><tr><th>Where</th><th>Price</th></tr></thead><tbody><tr><td>Norway</td><td>€9</td></tr></tbody></table><p>See <a href=\"/help/x/en/articles/y\">returns</a> or <a href=\"https://example.com/z\">the carrier</a>, <strong>today</strong>.</p>")
            .ShouldHaveSingleItem();

        passage.Text.ShouldBe("- Norway — €9\n\nSee returns or [the carrier](https://example.com/z), **today**.");
    }

    [Fact]
    public void Bold_words_alone_stay_with_the_list_they_stand_above()
    {
        var passages = Passage.Of($"<p>{new string('a', 410)}</p><p><strong>We cannot take back</strong></p><ul><li><p>gas cartridges</p></li></ul>");

        passages.Select(passage => passage.Text).ShouldBe([new string('a', 410), "**We cannot take back**\n\n- gas cartridges"]);
    }

    [Fact]
    public void Rows_of_figures_have_the_heads_of_their_columns()
    {
        Passage.Of("<table><thead><tr><th>Foot, cm</th><th>Size</th></tr></thead><tbody><tr><td>24.5</td><td>39</td></tr></tbody></table>")
            .ShouldHaveSingleItem().Text.ShouldBe("Foot, cm — Size\n\n- 24.5 — 39");
    }

    [Fact]
    public void The_passage_with_the_rare_words_of_the_question_fits_best()
    {
        var passages = Passage.Of("<p>Print the label and bring the parcel.</p><h2>No printer</h2><p>Show the code on your phone and bring the parcel.</p>");
        var weights = Passage.Weigh("can I bring the parcel and show my phone?", passages);

        passages.MaxBy(passage => passage.FitTo(weights))!.Heading.ShouldBe("No printer");
    }

    [Fact]
    public void Long_blocks_are_cut_at_a_sentence()
    {
        var text = Passage.Of($"<p>{string.Concat(Enumerable.Repeat("A sentence of some length. ", 80))}</p>").ShouldHaveSingleItem().Text;

        text.Length.ShouldBeLessThan(910);
        text.ShouldEndWith(". …");
    }
}
