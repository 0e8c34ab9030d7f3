using System.Diagnostics;
using System.Text.Json;
using SiteDesk.Language;

namespace SiteDesk.Bench.Measurements;

/// <summary>How often the right article comes first, and how fast.</summary>
internal sealed class SearchMeasurement : IMeasurement
{
    private const int ResultCount = 10;

    public string Name => "search";

    public string Usage =>
        "--articles FILE --queries FILE --language en|ru|zh [--no-synonyms]: ranking and speed over the help centre index (JSON lines, or an"
        + " array of articles like the demonstration's), with the synonyms every help centre begins with; or --size N: speed over N invented articles, also while the index is rebuilt";

    public Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        if (options.Has("size"))
            return MeasureSizeAsync(options.Number("size", 20_000));
        var articles = ReadArticles(options.RequiredFile("articles"));
        var queries = ReadLines<QueryLine>(options.RequiredFile("queries"));
        if (options.Text("language") is not ("en" or "ru" or "zh") || options.Text("language") is not { } language)
            throw new UsageException("--language takes en, ru or zh.");
        var synonyms = options.Has("no-synonyms") ? SynonymSet.Empty : new SynonymSet(SupportSynonyms.For(language));
        var documents = articles
            .Select((article, number) => new SearchDocument(number, article.Title, article.Body ?? "") { Questions = article.Phrases ?? article.Questions ?? [] })
            .ToList();

        SearchIndex.Build(documents.Take(50)).Search("warm up");
        var clock = Stopwatch.StartNew();
        var index = SearchIndex.Build(documents, synonyms);
        var build = clock.Elapsed;
        return Task.FromResult(Measure(index, articles, queries).Add("buildMs", build.TotalMilliseconds));
    }

    /// <summary>The speed over many articles, alone and beside a rebuild.</summary>
    private static async Task<MeasurementResult> MeasureSizeAsync(int size)
    {
        var author = new InventedArticles();
        var documents = new List<SearchDocument>();
        var queries = new List<string>();
        for (var id = 0; id < size; id++)
        {
            var (title, body, questions) = author.Write();
            documents.Add(new SearchDocument(id, title, body) { Questions = questions });
            if (queries.Count < 3_000)
                queries.Add(author.Ask($"{title} {questions[0]}"));
        }
        SearchIndex.Build(documents.Take(500));
        var clock = Stopwatch.StartNew();
        var index = SearchIndex.Build(documents);
        var build = clock.Elapsed;
        foreach (var query in queries.Take(500))
            index.Search(query);
        var alone = Time(index, queries);

        var rebuild = Task.Run(() => SearchIndex.Build(documents));
        var beside = new Latencies();
        while (!rebuild.IsCompleted)
            Time(index, queries.Take(200), beside);
        await rebuild;
        return new MeasurementResult()
            .Add("articles", size)
            .Add("p50Ms", alone.Percentile(0.50))
            .Add("p99Ms", alone.Percentile(0.99))
            .Add("p99MsDuringRebuild", beside.Percentile(0.99))
            .Add("buildMs", build.TotalMilliseconds)
            .Add("indexMegabytes", MeasureMemory(documents));
    }

    private static Latencies Time(SearchIndex index, IEnumerable<string> queries, Latencies? times = null)
    {
        times ??= new Latencies();
        foreach (var query in queries)
        {
            var start = Stopwatch.GetTimestamp();
            index.Search(query);
            times.Add(Stopwatch.GetElapsedTime(start));
        }
        return times;
    }

    private static double MeasureMemory(List<SearchDocument> documents)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = SearchIndex.Build(documents);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(index);
        return (after - before) / 1e6;
    }

    private static MeasurementResult Measure(SearchIndex index, List<ArticleLine> articles, List<QueryLine> queries)
    {
        var times = new Latencies();
        var (first, firstThree, reciprocal, zero) = (0, 0, 0.0, 0);
        foreach (var query in queries.Take(200))
            index.Search(query.Text);
        foreach (var query in queries)
        {
            var clock = Stopwatch.GetTimestamp();
            var hits = index.Search(query.Text, new SearchOptions { Count = ResultCount }).Hits;
            times.Add(Stopwatch.GetElapsedTime(clock));
            var rank = hits.TakeWhile(hit => articles[(int)hit.Id].Name != query.Key).Count();
            zero += hits.Count == 0 ? 1 : 0;
            if (rank == hits.Count)
                continue;
            first += rank == 0 ? 1 : 0;
            firstThree += rank < 3 ? 1 : 0;
            reciprocal += 1.0 / (rank + 1);
        }
        double count = Math.Max(1, queries.Count);
        return new MeasurementResult()
            .Add("r1", first / count, "share of queries with the right article first")
            .Add("r3", firstThree / count, "… among the first three")
            .Add("mrr10", reciprocal / count, "mean of 1/rank over the first ten")
            .Add("zero", zero / count, "share of queries that found nothing")
            .Add("p50Ms", times.Percentile(0.50))
            .Add("p99Ms", times.Percentile(0.99));
    }

    private static List<ArticleLine> ReadArticles(string path)
    {
        var articles = File.ReadAllText(path) is var text && text.AsSpan().TrimStart().StartsWith('[')
            ? JsonSerializer.Deserialize<List<ArticleLine>>(text, JsonSerializerOptions.Web)!
            : ReadLines<ArticleLine>(path);
        return articles.Count > 0 ? articles : throw new UsageException($"{path} holds no articles.");
    }

    private static List<T> ReadLines<T>(string path) =>
        [.. File.ReadLines(path)
            .Where(line => !string.IsNullOrWhiteSpace(line))
            .Select(line => JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)
                ?? throw new UsageException($"{path} has a line that is not an object: {line}"))];

    /// <summary>Ids may be numbers or text; the demonstration calls them keys, and the phrases questions.</summary>
    private sealed record ArticleLine(JsonElement? Id, string? Key, string Title, string? Body, List<string>? Phrases, List<string>? Questions)
    {
        public string Name { get; } = Id?.ToString() ?? Key ?? "";
    }

    private sealed record QueryLine(string Text, JsonElement Id)
    {
        public string Key { get; } = Id.ToString();
    }
}
