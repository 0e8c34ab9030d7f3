namespace SiteDesk.Language.Tests.Similarity;

public sealed class QuestionGroupsTests
{
    private static readonly string[] Questions =
    [
        "do you ship to Kazakhstan",
        "can I pay with crypto",
        "shipping to kazakhstan?",
        "доставляете в Казахстан?",
        "pay by crypto possible?",
        "Do you ship to Kazakhstan please",
        "есть доставка в казахстан",
        "is there a gift box",
        "доставка в Казахстан",
    ];

    [Fact]
    public void Questions_about_the_same_thing_stand_together_and_the_most_frequent_first()
    {
        var groups = QuestionGroups.Find(Questions, likeness: 0.24f, cancellation: TestContext.Current.CancellationToken);

        groups[0].Members.ShouldBe([0, 2, 5]);
        groups[1].Members.ShouldBe([3, 6, 8]);
        groups[2].Members.ShouldBe([1, 4]);
        groups[3].Members.ShouldBe([7]);
    }

    [Fact]
    public void Every_question_is_in_one_group_and_speaks_for_none_but_its_own()
    {
        var groups = QuestionGroups.Find([.. Questions, "", "🙂"], cancellation: TestContext.Current.CancellationToken);

        groups.SelectMany(group => group.Members).Order().ShouldBe(Enumerable.Range(0, Questions.Length + 2));
        groups.ShouldAllBe(group => group.Members.Contains(group.Representative));
    }

    [Fact]
    public void No_questions_make_no_groups() =>
        QuestionGroups.Find([], cancellation: TestContext.Current.CancellationToken).ShouldBeEmpty();
}
