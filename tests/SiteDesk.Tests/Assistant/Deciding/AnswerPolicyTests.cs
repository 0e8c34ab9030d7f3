using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.HandOver;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant.Deciding;

public sealed class AnswerPolicyTests
{
    private static readonly AnswerThresholds Thresholds = new(Ask: 0.3, Answer: 0.8);
    private static readonly IReadOnlyList<IntentScore> Ranked = [new("return", 0.5), new("exchange", 0.3), new("size", 0.1), new("yes", 0.05)];

    [Fact]
    public void What_it_is_sure_of_it_answers()
    {
        Decide(0.9).ShouldBe(new NextStep.Answer("return"));
    }

    [Fact]
    public void What_it_half_understands_it_asks_about_with_three_to_choose_from()
    {
        Decide(0.5).ShouldBeOfType<NextStep.Ask>().Intents.ShouldBe(["return", "exchange", "size"]);
    }

    [Fact]
    public void It_offers_nothing_that_was_answered_already_and_nothing_unlikely()
    {
        IReadOnlyList<IntentScore> ranked = [new("return", 0.6), new("exchange", 0.38), new("size", 0.02)];

        Decide(0.5, TalkSoFar.Nothing.After(new NextStep.Answer("return")), ranked: ranked).ShouldBeOfType<NextStep.Ask>().Intents.ShouldBe(["exchange"]);
    }

    [Fact]
    public void It_asks_then_asks_for_other_words_then_gives_up()
    {
        var talk = TalkSoFar.Nothing;
        var steps = new List<NextStep>();
        for (var turn = 0; turn < 3; turn++)
        {
            steps.Add(Decide(0.5, talk));
            talk = talk.After(steps[^1]);
        }

        steps.Select(step => step.GetType()).ShouldBe([typeof(NextStep.Ask), typeof(NextStep.Rephrase), typeof(NextStep.HandOver)]);
    }

    [Fact]
    public void Who_moves_on_to_another_matter_is_asked_about_that_one_and_then_given_a_person()
    {
        IReadOnlyList<IntentScore> other = [new("opening-hours", 0.6), new("stores", 0.3)];
        var talk = TalkSoFar.Nothing.After(Decide(0.5));

        var second = Decide(0.5, talk, ranked: other);

        second.ShouldBeOfType<NextStep.Ask>().Intents.ShouldBe(["opening-hours", "stores"]);
        Decide(0.5, talk.After(second), ranked: [new("payment", 0.7)]).ShouldBe(new NextStep.HandOver(Reason: null));
    }

    [Fact]
    public void Two_messages_that_it_does_not_understand_at_all_are_enough()
    {
        var first = Decide(0.1);

        first.ShouldBeOfType<NextStep.Rephrase>();
        Decide(0.1, TalkSoFar.Nothing.After(first)).ShouldBe(new NextStep.HandOver(Reason: null));
    }

    [Fact]
    public void The_same_question_again_goes_to_a_person_and_never_gets_the_same_answer()
    {
        Decide(0.95, TalkSoFar.Nothing.After(new NextStep.Answer("return"))).ShouldBe(new NextStep.HandOver(Reason: null));
    }

    [Fact]
    public void An_answer_makes_good_for_what_was_unclear_before()
    {
        var talk = TalkSoFar.Nothing.After(new NextStep.Rephrase()).After(new NextStep.Answer("price"));

        Decide(0.1, talk).ShouldBeOfType<NextStep.Rephrase>();
    }

    [Fact]
    public void Whoever_belongs_to_a_person_gets_one_however_well_the_question_is_understood()
    {
        Decide(0.99, urgency: HandOverReason.Safety).ShouldBe(new NextStep.HandOver(HandOverReason.Safety));
    }

    /// <summary>Whatever the scores: at most two steps without an answer, nothing twice.</summary>
    [Fact]
    public void No_conversation_goes_round_in_circles()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var chance = new Random(seed);
            var (talk, unclear) = (TalkSoFar.Nothing, 0);
            var asked = 0;
            for (var turn = 0; turn < 20; turn++)
            {
                var ranked = Ranked.OrderBy(_ => chance.Next()).ToList();
                var step = Decide(chance.NextDouble(), talk, ranked: ranked);
                if (step is NextStep.HandOver)
                    break;
                if (step is NextStep.Answer answer)
                    talk.Answered.ShouldNotContain(answer.Intent, $"seed {seed}");
                if (step is NextStep.Ask ask)
                    ask.Intents.Intersect(talk.Offered).ShouldBeEmpty($"seed {seed}");
                unclear = step is NextStep.Answer ? 0 : unclear + 1;
                asked = Math.Max(asked, unclear);
                talk = talk.After(step);
            }
            asked.ShouldBeLessThanOrEqualTo(2, $"seed {seed}");
        }
    }

    private static NextStep Decide(
        double probability, TalkSoFar? talk = null, HandOverReason? urgency = null, IReadOnlyList<IntentScore>? ranked = null) =>
        AnswerPolicy.Decide(ranked ?? Ranked, probability, Thresholds, urgency, talk ?? TalkSoFar.Nothing);
}
