using SiteDesk.HelpCenter.Bodies;

namespace SiteDesk.Tests.HelpCenter.Bodies;

/// <summary>Rules that hold for every body; the seed is in the message of a failure.</summary>
public sealed class ArticleBodyPropertyTests
{
    private const int Cases = 4_000;

    [Fact]
    public void What_is_canonical_stays_as_it_is()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var html = new RandomBody(seed).Html();
            var once = ArticleBody.Canonical(html);
            ArticleBody.Canonical(once).ShouldBe(once, $"seed {seed}, from {html}");
        }
    }

    [Fact]
    public void Markdown_gives_the_same_body_back()
    {
        // The shortest fault tells most.
        var fault = Enumerable.Range(0, Cases).Select(seed => (Seed: seed, Body: ArticleBody.Canonical(new RandomBody(seed).Html())))
            .Select(made => (made.Seed, made.Body, Markdown: ArticleMarkdown.Write(made.Body)))
            .Where(made => ArticleMarkdown.Read(made.Markdown).Value != made.Body).OrderBy(made => made.Body.Length).FirstOrDefault();
        if (fault.Body is not null)
            ArticleMarkdown.Read(fault.Markdown).Value.ShouldBe(fault.Body, $"seed {fault.Seed}, as Markdown:\n{fault.Markdown}");
    }

    [Fact]
    public void A_comparison_holds_all_words_of_both()
    {
        for (var seed = 0; seed < Cases / 4; seed++)
        {
            var before = ArticleBody.Canonical(new RandomBody(seed).Html());
            BodyDifference.Html(before, before).ShouldBe("");
            var after = before + "<p>quite new words</p>";
            BodyDifference.Html(before, after).ShouldContain("quite new words", Case.Sensitive, $"seed {seed}");
            BodyDifference.Html(after, before).ShouldContain("<del>", Case.Sensitive, $"seed {seed}");
        }
    }
}
