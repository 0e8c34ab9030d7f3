using System.Text.Json;
using System.Text.RegularExpressions;

namespace SiteDesk.Language.Tests.Search;

/// <summary>
/// The ranking beside the plain method, over help centres of very different make: with and without example questions, without titles,
/// of one sentence an article, of questions only, and over the assistant's phrases as if each question were an article.
/// </summary>
public sealed partial class PlainRankingTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Search", "Gold");
    private static readonly string[] NoSubject = ["out-of-scope", "yes", "no", "greeting", "thanks", "goodbye"];

    private sealed record Article(string Key, string Title, string Body, List<string> Questions);

    private sealed record Query(string Text, string Id);

    private sealed record HelpCenter(string Name, List<Article> Articles, List<Query> Queries);

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh")]
    public void Is_nowhere_behind_the_plain_method_and_clearly_before_it_on_the_whole(string language)
    {
        var results = HelpCenters(language).ConvertAll(center => (center.Name, Ours: Measure(Ours(language, center), center), Plain: Measure(Plain(language, center), center)));

        foreach (var (name, ours, plain) in results)
            output.WriteLine($"{language} {name}: R@1 {ours.First:F3}, R@3 {ours.Three:F3}; plain {plain.First:F3}, {plain.Three:F3}");
        results.Where(result => result.Ours.First < result.Plain.First || result.Ours.Three < result.Plain.Three).Select(result => result.Name).ShouldBeEmpty();
        (results.Average(result => result.Ours.First) - results.Average(result => result.Plain.First)).ShouldBeGreaterThan(0.05);
        (results.Average(result => result.Ours.Three) - results.Average(result => result.Plain.Three)).ShouldBeGreaterThan(0.04);
    }

    private static List<HelpCenter> HelpCenters(string language)
    {
        var articles = Read<List<Article>>($"articles.{(language == "zh" ? "zh-Hans" : language)}.json");
        var gold = File.ReadLines(Path.Combine(Folder, $"queries.{language}.jsonl")).Select(line => JsonSerializer.Deserialize<Query>(line, JsonSerializerOptions.Web)!).ToList();
        var examples = articles.SelectMany(article => article.Questions.Select(question => new Query(question, article.Key))).ToList();
        var all = gold.Concat(examples).ToList();
        return
        [
            new("whole articles", articles, gold),
            new("articles without questions", [.. articles.Select(article => article with { Questions = [] })], all),
            new("texts alone", [.. articles.Select(article => article with { Title = "", Questions = [] })], all),
            new("titles alone", [.. articles.Select(article => article with { Body = "", Questions = [] })], all),
            new("a sentence an article", [.. articles.SelectMany(article => Sentences(article.Body).Select(sentence => new Article(article.Key, "", $"{article.Title}。{sentence}", [])))], all),
            new("a sentence an article, with its title", [.. articles.SelectMany(article => Sentences(article.Body).Select(sentence => article with { Body = sentence, Questions = [] }))], all),
            new("a question an article", [.. articles.SelectMany(article => article.Questions.Select(question => new Article(article.Key, question, "", [])))], gold),
            .. Phrases(language),
        ];
    }

    /// <summary>Half of the phrases make the articles, in three ways; the other half asks.</summary>
    private static List<HelpCenter> Phrases(string language)
    {
        var intents = Directory.GetFiles(Path.Combine(Folder, "Phrases", language == "zh" ? "zh-Hans" : language), "*.txt").Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Phrases: File.ReadLines(file).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).ToList()))
            .Where(intent => !NoSubject.Contains(intent.Name, StringComparer.Ordinal))
            .Select(intent => (intent.Name, Known: intent.Phrases.Where((_, place) => place % 2 == 0).ToList(), Asked: intent.Phrases.Where((_, place) => place % 2 == 1)))
            .ToList();
        intents.Count.ShouldBeGreaterThan(35);
        var queries = intents.SelectMany(intent => intent.Asked.Select(phrase => new Query(phrase, intent.Name))).ToList();
        return
        [
            new("phrases as example questions", [.. intents.Select(intent => new Article(intent.Name, intent.Known[0], "", intent.Known[1..]))], queries),
            new("phrases as text with a title", [.. intents.Select(intent => new Article(intent.Name, intent.Known[0], string.Join('\n', intent.Known[1..]), []))], queries),
            new("phrases as text", [.. intents.Select(intent => new Article(intent.Name, "", string.Join('\n', intent.Known), []))], queries),
        ];
    }

    private static (double First, double Three) Measure(Func<string, IEnumerable<string>> search, HelpCenter center)
    {
        // Three different ones: where every sentence is an article, one subject would fill all places.
        var places = center.Queries.ConvertAll(query => search(query.Text).Distinct(StringComparer.Ordinal).Take(3).ToList().IndexOf(query.Id));
        return (places.Count(place => place == 0) / (double)places.Count, places.Count(place => place >= 0) / (double)places.Count);
    }

    private static Func<string, IEnumerable<string>> Ours(string language, HelpCenter center)
    {
        var index = SearchIndex.Build(
            center.Articles.Select((article, number) => new SearchDocument(number, article.Title, article.Body) { Questions = article.Questions }),
            new SynonymSet(SupportSynonyms.For(language)));
        return query => index.Search(query, new SearchOptions { Count = 30 }).Hits.Select(hit => center.Articles[(int)hit.Id].Key);
    }

    private static Func<string, IEnumerable<string>> Plain(string language, HelpCenter center)
    {
        var ranking = new PlainRanking(language, center.Articles.Select(article => $"{article.Title}\n{string.Join('\n', article.Questions)}\n{article.Body}"));
        return query => ranking.Search(query).Select(number => center.Articles[number].Key);
    }

    private static IEnumerable<string> Sentences(string body) => AfterSentence().Split(body).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 6);

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Folder, file)), JsonSerializerOptions.Web)!;

    [GeneratedRegex(@"(?<=[。.!?！？])\s*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AfterSentence();
}
