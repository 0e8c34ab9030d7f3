using System.Globalization;
using SiteDesk.Assistant.HandOver;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

public sealed class UrgencyRecognizerTests(ITestOutputHelper output)
{
    private static readonly string[] AboutMoney =
        ["pay-methods", "payment-failed", "payment-not-confirmed", "refund-status", "price", "delivery-cost", "invoice"];

    [Theory]
    [InlineData("en", "Where is my refund? It doesn't matter, honestly I don't want to live any more.")]
    [InlineData("ru", "Посылку можете не искать. Жить не хочется.")]
    [InlineData("zh-Hans", "快递不用查了，我真的活不下去了")]
    public void Whoever_is_tired_of_living_always_gets_a_person(string language, string text)
    {
        // Not even taught what urgent messages look like.
        var examples = PhraseBank.Read(language).Take(80).Select(example => example with { Intent = example.Intent == "business" ? "person" : UrgencyRecognizer.Ordinary }).ToList();

        UrgencyRecognizer.Train(examples, UrgencyRecognizer.ReadMeanings(language)).Recognize(text).ShouldBe(HandOverReason.Safety);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh-Hans")]
    public void Urgent_messages_that_were_kept_back_are_recognised_and_ordinary_ones_let_pass(string language)
    {
        var intents = PhraseBank.Read(language).ToDictionary(example => example.Text, example => example.Intent, StringComparer.Ordinal);
        var (found, missed) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<string>());
        var (ordinary, money, alarms, moneyAlarms) = (0, 0, new List<string>(), new List<string>());
        for (var part = 0; part < HeldOut.Parts; part++)
        {
            var (learnt, kept) = HeldOut.Split(UrgencyRecognizer.ReadExamples(language), part);
            var recognizer = UrgencyRecognizer.Train(learnt, UrgencyRecognizer.ReadMeanings(language));
            foreach (var (text, intent) in kept)
            {
                var reason = recognizer.Recognize(text);
                if (intent != UrgencyRecognizer.Ordinary)
                {
                    found[intent] = found.GetValueOrDefault(intent) + (reason is null ? 0 : 1);
                    if (reason is null)
                        missed.Add($"{intent}: {text}");
                    continue;
                }
                ordinary++;
                var isMoney = AboutMoney.Contains(intents[text], StringComparer.Ordinal);
                money += isMoney ? 1 : 0;
                if (reason is null)
                    continue;
                alarms.Add($"{reason}: {text}");
                if (isMoney && reason is (HandOverReason.Anger or HandOverReason.Threat))
                    moneyAlarms.Add(text);
            }
        }

        var totals = UrgencyRecognizer.ReadExamples(language).CountBy(example => example.Intent).ToDictionary();
        totals.Remove(UrgencyRecognizer.Ordinary);
        foreach (var (reason, count) in totals)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{language} {reason}: {found[reason]} of {count} recognised"));
        output.WriteLine($"{language}: {alarms.Count} false alarms in {ordinary} ordinary questions; {moneyAlarms.Count} of {money} about money taken for anger or threat");
        output.WriteLine("MISSED\n" + string.Join('\n', missed));
        output.WriteLine("ALARMS\n" + string.Join('\n', alarms));

        (found.Values.Sum() / (double)totals.Values.Sum()).ShouldBeGreaterThan(0.78);
        (alarms.Count / (double)ordinary).ShouldBeLessThan(0.035);
        (moneyAlarms.Count / (double)money).ShouldBeLessThan(0.01);
    }
}
