using System.Text.Json;

namespace SiteDesk.Language.Tests.Search;

/// <summary>
/// Three queries for each of the demonstration's articles in each language, written as particular people would type them, before their results
/// were looked at: short, wrong, slangy, in the wrong keyboard layout. Whoever changes the ranking may not change them.
/// </summary>
public sealed class GoldSetTests(ITestOutputHelper output)
{
    private const double LeastAmongThree = 0.90;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Search", "Gold");

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh")]
    public void Nine_of_ten_questions_find_their_article_among_the_first_three(string language)
    {
        var articles = ReadArticles(language);
        var queries = ReadQueries(language);
        var index = SearchIndex.Build(articles.Select((article, number) => new SearchDocument(number, article.Title, article.Body) { Questions = article.Questions }), new SynonymSet(SupportSynonyms.For(language)));

        var (first, three) = (0, 0);
        foreach (var query in queries)
        {
            var found = index.Search(query.Text, new SearchOptions { Count = 3 }).Hits.Select(hit => articles[(int)hit.Id].Key).ToList();
            first += found.FirstOrDefault() == query.Id ? 1 : 0;
            three += found.Contains(query.Id) ? 1 : 0;
            if (!found.Contains(query.Id))
                output.WriteLine($"missed: {query.Text} -> {query.Id}, found {string.Join(", ", found)}");
        }

        output.WriteLine($"{language}: R@1 {(double)first / queries.Count:F3}, R@3 {(double)three / queries.Count:F3}");
        ((double)three / queries.Count).ShouldBeGreaterThanOrEqualTo(LeastAmongThree);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh")]
    public void The_questions_are_their_own_and_ask_for_every_article(string language)
    {
        var articles = ReadArticles(language);
        var queries = ReadQueries(language);

        articles.Count.ShouldBe(53);
        queries.Count.ShouldBe(3 * articles.Count);
        queries.Select(query => query.Text).ShouldBeUnique();
        queries.Select(query => query.Id).Distinct().Order().ShouldBe(articles.Select(article => article.Key).Order());
        var examples = articles.SelectMany(article => article.Questions).ToHashSet(StringComparer.OrdinalIgnoreCase);
        queries.Where(query => examples.Contains(query.Text)).ShouldBeEmpty();
    }

    private static List<Article> ReadArticles(string language) =>
        JsonSerializer.Deserialize<List<Article>>(File.ReadAllText(Path.Combine(Folder, $"articles.{(language == "zh" ? "zh-Hans" : language)}.json")), JsonSerializerOptions.Web)!;

    private static List<Query> ReadQueries(string language) =>
        [.. File.ReadLines(Path.Combine(Folder, $"queries.{language}.jsonl")).Select(line => JsonSerializer.Deserialize<Query>(line, JsonSerializerOptions.Web)!)];

    private sealed record Article(string Key, string Title, string Body, List<string> Questions);

    private sealed record Query(string Text, string Id);
}
