using System.Globalization;
using SiteDesk.Assistant.HandOver;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant;

public sealed class UrgencyRecognizerTests(ITestOutputHelper output)
{
    private static readonly string[] AboutMoney =
        ["pay-methods", "payment-failed", "payment-not-confirmed", "refund-status", "price", "delivery-cost", "invoice"];

    /// <summary>The program's recognizer, without a fifth of the messages of every language.</summary>
    private static readonly Lazy<UrgencyRecognizer>[] Recognizers =
        [.. Enumerable.Range(0, HeldOut.Parts).Select(part => new Lazy<UrgencyRecognizer>(() => UrgencyRecognizer.Train(
            PhraseBank.Languages.ToDictionary(language => language, IReadOnlyList<IntentExample> (language) => HeldOut.Split(UrgencyRecognizer.ReadExamples(language), part).Learnt, StringComparer.Ordinal))))];

    [Theory]
    [InlineData("en", "Where is my refund? It doesn't matter, honestly I don't want to live any more.")]
    [InlineData("ru", "Посылку можете не искать. Жить не хочется.")]
    [InlineData("zh-Hans", "快递不用查了，我真的活不下去了")]
    public void Whoever_is_tired_of_living_always_gets_a_person(string language, string text)
    {
        // Not even taught what urgent messages look like.
        var examples = PhraseBank.Read(language).Take(80).Select(example => example with { Intent = example.Intent == "business" ? "person" : UrgencyRecognizer.Ordinary }).ToList();

        UrgencyRecognizer.Train(new Dictionary<string, IReadOnlyList<IntentExample>>(StringComparer.Ordinal) { [language] = examples }).Recognize(text, language).ShouldBe(HandOverReason.Safety);
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
            foreach (var (text, intent) in HeldOut.Split(UrgencyRecognizer.ReadExamples(language), part).Kept)
            {
                var reason = Recognizers[part].Value.Recognize(text, language);
                if (intent != UrgencyRecognizer.Ordinary)
                {
                    found[intent] = found.GetValueOrDefault(intent) + (reason is null ? 0 : 1);
                    if (reason is null)
                        missed.Add($"{intent}: {text}");
                    continue;
                }
                ordinary++;
                var isMoney = AboutMoney.Contains(intents.GetValueOrDefault(text), StringComparer.Ordinal);
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
        output.WriteLine($"{language}: {alarms.Count} false alarms ({alarms.Count(alarm => !alarm.StartsWith("Person", StringComparison.Ordinal))} of them not a wish for a person) in {ordinary} ordinary questions; {moneyAlarms.Count} of {money} about money taken for anger or threat");
        output.WriteLine("MISSED\n" + string.Join('\n', missed));
        output.WriteLine("ALARMS\n" + string.Join('\n', alarms));

        (found.Values.Sum() / (double)totals.Values.Sum()).ShouldBeGreaterThan(0.88);
        (alarms.Count / (double)ordinary).ShouldBeLessThan(0.04);
        (moneyAlarms.Count / (double)money).ShouldBeLessThan(0.01);
    }

    /// <summary>The folder Urgent was written after everything that is learnt from, and read by nothing but this.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh-Hans")]
    public void Messages_that_nothing_was_learnt_from_are_told_apart(string language)
    {
        var recognizer = UrgencyRecognizer.Train(PhraseBank.Languages.ToDictionary(each => each, UrgencyRecognizer.ReadExamples, StringComparer.Ordinal));
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Assistant", "Urgent", $"{language}.txt")).Where(line => line.Length > 2 && line[0] is '+' or '-').ToList();
        var judged = lines.ConvertAll(line => (IsUrgent: line[0] == '+', Text: line[2..], Reason: recognizer.Recognize(line[2..], language)));
        var (missed, alarms) = (judged.FindAll(one => one.IsUrgent && one.Reason is null), judged.FindAll(one => !one.IsUrgent && one.Reason is not null));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{language} fresh: {judged.Count(one => one.IsUrgent) - missed.Count} of {judged.Count(one => one.IsUrgent)} recognised, {alarms.Count} false alarms in {judged.Count(one => !one.IsUrgent)}"));
        output.WriteLine("missed: " + string.Join(" | ", missed.Select(one => one.Text)));
        output.WriteLine("alarms: " + string.Join(" | ", alarms.Select(one => $"{one.Reason}: {one.Text}")));

        // What resembles nothing that was learnt is recognised in six of ten; the others reach a person in two turns, as all do who are not understood.
        (missed.Count / (double)judged.Count(one => one.IsUrgent)).ShouldBeLessThan(0.45);
        (alarms.Count / (double)judged.Count(one => !one.IsUrgent)).ShouldBeLessThan(0.05);
    }
}
