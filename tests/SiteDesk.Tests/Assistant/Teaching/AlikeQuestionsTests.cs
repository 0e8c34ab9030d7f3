using System.Globalization;
using SiteDesk.Assistant.Teaching;
using SiteDesk.Language;

namespace SiteDesk.Tests.Assistant.Teaching;

/// <summary>The file Alike/questions.txt, grouped as the teaching desk does it.</summary>
public sealed class AlikeQuestionsTests(ITestOutputHelper output)
{
    [Fact]
    public void What_one_article_would_answer_mostly_stands_together_and_little_else_with_it()
    {
        var asked = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Assistant", "Alike", "questions.txt")).Where(line => !line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries) is [var language, var matter, var text] ? (Language: language, Matter: matter, Text: text) : throw new FormatException(line)).ToList();

        var groups = QuestionGroups.Find(asked.ConvertAll(one => one.Text), TeachingReader.UsuallySaid.Value, cancellation: TestContext.Current.CancellationToken);

        var groupOf = groups.SelectMany((group, number) => group.Members.Select(member => (member, number))).ToDictionary(pair => pair.member, pair => pair.number);
        var pairs = Enumerable.Range(0, asked.Count).SelectMany(second => Enumerable.Range(0, second).Select(first => (first, second)))
            .Where(pair => (asked[pair.first].Language, asked[pair.first].Matter) == (asked[pair.second].Language, asked[pair.second].Matter)).ToList();
        var together = pairs.Count(pair => groupOf[pair.first] == groupOf[pair.second]) / (double)pairs.Count;
        var purity = groups.Sum(group => group.Members.CountBy(member => asked[member].Matter).Max(matter => matter.Value)) / (double)asked.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{asked.Count} questions about {asked.DistinctBy(one => (one.Language, one.Matter)).Count()} matters in {groups.Count} groups; purity {purity:0.000}; {together:P0} of the pairs of one matter and language together"));
        purity.ShouldBeGreaterThan(0.93);
        together.ShouldBeGreaterThan(0.7);
    }
}
