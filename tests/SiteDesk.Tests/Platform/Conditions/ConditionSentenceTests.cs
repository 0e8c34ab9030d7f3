using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Tests.Platform.Conditions;

/// <summary>A condition is read aloud in the reader's language.</summary>
public sealed class ConditionSentenceTests
{
    private static readonly TextCatalog Catalog = new();

    [Theory]
    [InlineData("en", "Status is Open and (Tag includes any of refund, VIP or Price is more than 1,500)")]
    [InlineData("ru", "Status — Open и (Tag — есть хотя бы одно из: refund, VIP или Price — больше 1 500)")]
    [InlineData("zh-Hans", "Status为Open 且 （Tag包含以下任一：refund、VIP 或 Price大于1,500）")]
    public Task GroupsAreSaidInBrackets(string language, string sentence) => ShouldSayAsync(language, sentence,
        """{"all":[{"field":"state","operator":"is","values":["open"]},{"any":[{"field":"tags","operator":"includes-any","values":["refund","vip"]},{"field":"price","operator":"more-than","values":[1500]}]}]}""");

    [Theory]
    [InlineData("en", 1, "Created is more than 1 day ago")]
    [InlineData("en", 2, "Created is more than 2 days ago")]
    [InlineData("ru", 1, "Created — более 1 дня назад")]
    [InlineData("ru", 3, "Created — более 3 дней назад")]
    [InlineData("ru", 21, "Created — более 21 дня назад")]
    [InlineData("zh-Hans", 3, "Created在 3 天以前")]
    public Task LengthsAreCounted(string language, int days, string sentence) => ShouldSayAsync(language, sentence,
        $$"""{"all":[{"field":"created","operator":"longer-ago","values":[{"amount":{{days}},"unit":"days"}]}]}""");

    [Theory]
    [InlineData("en", "Due is at most 2 hours ahead and Customer contains all words of “возврат”")]
    [InlineData("ru", "Due — не позже чем через 2 часа и Customer содержит все слова из «возврат»")]
    [InlineData("zh-Hans", "Due在未来 2 小时内 且 Customer包含“возврат”的所有词")]
    public Task CasesFollowTheirWords(string language, string sentence) => ShouldSayAsync(language, sentence,
        """{"all":[{"field":"due","operator":"within-next","values":[{"amount":2,"unit":"hours"}]},{"field":"customer","operator":"contains-all-words","values":["возврат"]}]}""");

    [Theory]
    [InlineData("en", "not (Created is today or Created is on 4 May 2026 or Assignee is any of me, Anna)")]
    [InlineData("ru", "неверно, что (Created — сегодня или Created — 4 мая 2026 или Assignee — из списка: я, Anna)")]
    [InlineData("zh-Hans", "不符合（Created在今天 或 Created在2026年5月4日 或 Assignee为以下任一：我、Anna）")]
    public Task DaysAndPeopleAreCalledByName(string language, string sentence) => ShouldSayAsync(language, sentence,
        """{"none":[{"field":"created","operator":"on","values":[{"relative":"today"}]},{"field":"created","operator":"on","values":["2026-05-04"]},{"field":"assignee","operator":"one-of","values":[{"relative":"me"},1]}]}""");

    [Theory]
    [InlineData("en", "“colour” (this field no longer exists) and Assignee is 99 (no longer exists) and Weight is …")]
    [InlineData("ru", "«colour» (такого поля больше нет) и Assignee — 99 (больше не существует) и Weight — …")]
    [InlineData("zh-Hans", "“colour”（该字段已不存在） 且 Assignee为99（已不存在） 且 Weight为…")]
    public Task GapsAreSaidToo(string language, string sentence) => ShouldSayAsync(language, sentence,
        """{"all":[{"field":"colour","operator":"is","values":["red"]},{"field":"assignee","operator":"is","values":[99]},{"field":"weight","operator":"is"}]}""");

    [Fact]
    public async Task EveryRandomConditionIsSaidWithoutAMissingWord()
    {
        var random = new RandomParcels(5, new DateTime(2026, 3, 29, 9, 30, 0, DateTimeKind.Utc));
        for (var i = 0; i < 1000; i++)
        {
            var condition = random.NextCondition();
            foreach (var language in Languages.All)
            {
                var sentence = await SayAsync(language, condition);
                sentence.ShouldNotContain("conditions.", Case.Sensitive, condition.ToJson());
                sentence.ShouldNotContain("{", Case.Sensitive, condition.ToJson());
            }
        }
    }

    [Fact]
    public void EveryOperatorRelativeUnitAndProblemHasItsWordsInEveryLanguage()
    {
        var keys = Enum.GetValues<ConditionOperator>().SelectMany(operation => (string[])["conditions.operators." + ConditionOperators.KeyOf(operation), "conditions.sentence." + ConditionOperators.KeyOf(operation)])
            .Concat(Enum.GetValues<ConditionRelative>().Select(relative => "conditions.relative." + ConditionKeys.Of(relative)))
            .Concat(Enum.GetValues<ConditionUnit>().SelectMany(unit => (string[])["conditions.units." + ConditionKeys.Of(unit), "conditions.length." + ConditionKeys.Of(unit), "conditions.ahead." + ConditionKeys.Of(unit)]))
            .ToList();
        foreach (var language in Languages.All)
            keys.Where(key => Catalog.Find(language, key) is null).ShouldBeEmpty(language);
    }

    private static async Task ShouldSayAsync(string language, string sentence, string where) =>
        // Non-breaking spaces group digits; the test is about words.
        (await SayAsync(language, ConditionJson.Parse("{\"version\":1,\"where\":" + where + "}").Condition!)).Replace('\u00A0', ' ').ShouldBe(sentence);

    private static async Task<string> SayAsync(string language, Condition condition)
    {
        var names = await ConditionNames.ReadAsync(ParcelFields.All, condition, NoServices.Instance, TestContext.Current.CancellationToken);
        return new ConditionSentence(ParcelFields.All, names, new Texts(Catalog, language, TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"))).Of(condition);
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
