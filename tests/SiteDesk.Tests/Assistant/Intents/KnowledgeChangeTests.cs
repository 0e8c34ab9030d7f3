using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Settings;

namespace SiteDesk.Tests.Assistant.Intents;

public sealed class KnowledgeChangeTests
{
    private static readonly string[] Languages = ["en", "ru", "zh-Hans"];
    private static readonly string[] Intents = ["return", "price", "own-1", "own-2"];

    [Fact]
    public void Every_change_is_found_and_taking_them_all_back_one_by_one_gives_what_was_there()
    {
        const int seed = 20;
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var before = KnowledgeAspect.Tidy(Change(new KnowledgeDocument(), random, random.Next(6)));
            var after = KnowledgeAspect.Tidy(Change(before, random, random.Next(8)));
            var changes = KnowledgeChange.Between(before, after);
            var back = after;
            foreach (var change in changes.OrderBy(_ => random.Next()))
                back = KnowledgeAspect.Tidy(change.Aspect.Copy(back, before));
            KnowledgeChange.Between(before, back).ShouldBeEmpty($"seed {seed}, round {round}");
            KnowledgeChange.Between(before, before).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Taking_one_change_back_leaves_the_others()
    {
        var before = new KnowledgeDocument();
        var after = EditIntent.AddPhrases(EditIntent.AddPhrases(before, "return", "en", ["send it back"]), "price", "en", ["how dear is it"]);
        var change = KnowledgeChange.Between(before, after).Single(found => found.Aspect.Intent == "return");
        var left = KnowledgeChange.Between(before, KnowledgeAspect.Tidy(change.Aspect.Copy(after, before)));
        left.Single().Added.ShouldBe(["how dear is it"]);
    }

    [Fact]
    public void Near_duplicates_and_phrases_of_other_intents_are_warned_of()
    {
        var document = EditIntent.AddPhrases(new KnowledgeDocument(), "return", "en", ["Where's my order?", "how do i return something", "May the boots travel home to you again"]);
        var warnings = PhraseWarnings.Of(document, "return", "en");
        warnings.Select(warning => (warning.Phrase, warning.OtherIntent)).ShouldBe([("Where's my order?", "order-status"), ("how do i return something", "return")]);
    }

    [Theory]
    [InlineData("24.50", "EUR", 2450L)]
    [InlineData("24,5", "EUR", 2450L)]
    [InlineData("1800", "JPY", 1800L)]
    [InlineData("1.234", "KWD", 1234L)]
    [InlineData("", "EUR", 0L)]
    [InlineData("-1", "EUR", null)]
    [InlineData("much", "EUR", null)]
    [InlineData("1000001", "EUR", null)]
    public void Money_is_read_in_minor_units(string typed, string currency, long? minor) => Money.Parse(typed, currency).ShouldBe(minor);

    private static KnowledgeDocument Change(KnowledgeDocument document, Random random, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var (intent, language, word) = (Intents[random.Next(Intents.Length)], Languages[random.Next(Languages.Length)], $"word {random.Next(4)}");
            document = random.Next(8) switch
            {
                0 => EditIntent.AddPhrases(document, intent, language, [word]),
                1 => document.With(intent, known => known with { IsOff = !known.IsOff }),
                2 => document.With(intent, known => known.WithSite(1, answer => answer with { ArticleIds = random.Next(2) == 0 ? null : [random.Next(3)] })),
                3 => document.With(intent, known => known.WithSite(random.Next(1, 3), answer => answer with { Texts = new Dictionary<string, string>(StringComparer.Ordinal) { [language] = word } })),
                4 => document.With(intent, known => known.WithSite(1, answer => answer with { HandOver = (HandOverWhen)random.Next(4), TeamId = random.Next(2) == 0 ? null : 7 })),
                5 => EditIntent.AddOutOfScope(document, language, [word]),
                6 => KnowledgeAspect.Without(document, intent),
                _ => document.With(intent, known => known with { Names = new Dictionary<string, string>(StringComparer.Ordinal) { [language] = word } }),
            };
        }
        // Only own intents have names of their own.
        return document with { Intents = document.Intents.ToDictionary(pair => pair.Key, pair => IntentCatalog.IsOwn(pair.Key) ? pair.Value : pair.Value with { Names = new Dictionary<string, string>(StringComparer.Ordinal) }, StringComparer.Ordinal) };
    }
}
