using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Bench.Desk;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Bench.Measurements;

/// <summary>
/// The help centre's article page against a static component of the same bytes, its search among many articles, and the time in which
/// the node's snapshot is read and built anew, with readers meanwhile.
/// </summary>
internal sealed class HelpMeasurement : IMeasurement
{
    /// <summary>Articles that the clients read in turn.</summary>
    private const int Read = 200;

    private const int SearchTimes = 5_000;
    private const int Batch = 1_000;
    private const string Language = "en";

    public string Name => "help";

    public string Usage => "[--articles 20000] [--clients 32] [--seconds 8]   article page, search, rebuild; the database is made anew in the temporary folder";

    public async Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var articles = Math.Max(Read, options.Number("articles", 20_000));
        var clients = options.Number("clients", 32);
        var time = TimeSpan.FromSeconds(options.Number("seconds", 8));
        var data = Directory.CreateTempSubdirectory("sitedesk-bench-").FullName;
        var pages = Directory.CreateDirectory(Path.Combine(data, "pages")).FullName;
        try
        {
            await using (var empty = await ChildServer.StartDeskAsync(data))
                await DeskBrowser.SetUpAsync(empty.Address);
            var queries = new List<string>();
            var key = await FillAsync(data, articles, queries);
            var result = new MeasurementResult();
            await MeasureSearchAsync(data, queries, result);
            await MeasurePagesAsync(data, pages, key, clients, time, result);
            return result;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<string> FillAsync(string data, int articles, List<string> queries)
    {
        await using var services = new DeskServices(data);
        return await services.UseAsync<Database, string>(async database =>
        {
            var site = await database.Set<Site>().FirstAsync();
            var section = new Section { SiteId = site.Id };
            section.Call(Language, "All", "all", "");
            database.Add(section);
            await database.SaveChangesAsync();
            var invented = new InventedArticles();
            var now = TimeProvider.System.Now();
            for (var begin = 0; begin < articles; begin += Batch)
                await AddAsync(database, section, invented, queries, begin, Math.Min(Batch, articles - begin), now);
            database.Add(new HelpVersion { SiteId = site.Id, ChangedAt = now });
            await database.SaveChangesAsync();
            return site.Key;
        });
    }

    private static async Task AddAsync(Database database, Section section, InventedArticles invented, List<string> queries, int begin, int count, DateTime now)
    {
        var made = new List<(ArticleText Text, string Title, string Body)>();
        for (var number = begin; number < begin + count; number++)
        {
            var (title, body, questions) = invented.Write();
            queries.Add(invented.Ask(title + " " + body));
            var text = new ArticleText
            {
                SiteId = section.SiteId, Language = Language, Slug = string.Create(CultureInfo.InvariantCulture, $"article-{number}"),
                Questions = [.. questions.Select((question, index) => new ArticleQuestion { Text = question, Position = index })],
            };
            database.Add(new Article { SiteId = section.SiteId, SectionId = section.Id, Position = number, SourceLanguage = Language, CreatedAt = now, Texts = [text] });
            made.Add((text, title, body));
        }

        await database.SaveChangesAsync();
        var versions = made.ConvertAll(one => new ArticleVersion { ArticleTextId = one.Text.Id, Number = one.Text.TakeNumber(), Title = one.Title, Summary = "", Body = MarkUp(one.Body), AuthorId = 1, CreatedAt = now });
        database.AddRange(versions);
        await database.SaveChangesAsync();
        foreach (var (one, version) in made.Zip(versions))
            one.Text.Publish(version.Id, now);
        await database.SaveChangesAsync();
        database.ChangeTracker.Clear();
    }

    /// <summary>About what an article has: headings, paragraphs, a list, a table.</summary>
    private static string MarkUp(string text)
    {
        var words = text.Split(' ').Chunk(40).Select(chunk => string.Join(' ', chunk)).ToList();
        return $"<p>{words[0]}</p><h2>{words[1][..20]}</h2><p>{words[1]} <strong>{words[2]}</strong></p><ul><li>{words[3]}</li></ul><h2>How?</h2><table><tbody><tr><th>a</th><td>{words[^1]}</td></tr></tbody></table>";
    }

    private static async Task MeasureSearchAsync(string data, List<string> queries, MeasurementResult result)
    {
        await using var services = new DeskServices(data);
        HelpSnapshot snapshot = null!;
        var best = TimeSpan.MaxValue;
        for (var again = 0; again < 3; again++)
        {
            var begin = Stopwatch.GetTimestamp();
            snapshot = await services.UseAsync<SnapshotReader, HelpSnapshot>(async reader => await reader.ReadAsync(1, CancellationToken.None));
            var took = Stopwatch.GetElapsedTime(begin);
            best = took < best ? took : best;
        }

        var shelf = snapshot.Shelves[Language];
        var latencies = new Latencies();
        for (var number = -500; number < SearchTimes; number++)
        {
            var begin = Stopwatch.GetTimestamp();
            shelf.Search(queries[(number + queries.Count) % queries.Count], ReaderLevel.Everybody, 10);
            if (number >= 0)
                latencies.Add(Stopwatch.GetElapsedTime(begin));
        }

        result.Add("articles", shelf.Index.Count).Add("rebuildMs", best.TotalMilliseconds, "rows read and index built, best of three; goal under 5,000")
            .Add("searchP50Ms", latencies.Percentile(0.5)).Add("searchP99Ms", latencies.Percentile(0.99), "one thread; goal under 5");
    }

    private static async Task MeasurePagesAsync(string data, string pages, string key, int clients, TimeSpan time, MeasurementResult result)
    {
        await using var desk = await ChildServer.StartDeskAsync(data);
        using var client = new HttpClient { BaseAddress = desk.Address, DefaultRequestHeaders = { { "Accept", "text/html" } } };
        string PathOf(int number) => string.Create(CultureInfo.InvariantCulture, $"/help/{key}/{Language}/articles/article-{number % Read}");
        await File.WriteAllBytesAsync(Path.Combine(pages, "article.html"), await client.GetByteArrayAsync(new Uri(PathOf(0), UriKind.Relative)));
        await using var bare = await ChildServer.StartBareAsync(pages);
        using var bareClient = new HttpClient { BaseAddress = bare.Address, DefaultRequestHeaders = { { "Accept", "text/html" } } };
        var article = await LoadAsync(client, PathOf, clients, time);
        var bareArticle = await LoadAsync(bareClient, _ => "/pages/article", clients, time);
        var search = await LoadAsync(client, number => $"/help/{key}/{Language}/search?q=bare+ti{(char)('a' + number % 20)}", clients, time);
        var typing = await LoadAsync(client, number => $"/help/{key}/{Language}/suggestions?q=bare+ti{(char)('a' + number % 20)}", clients, time);

        // The row moves as another node would move it; within seconds the server builds its snapshot anew, under the eyes of the readers.
        await MoveStampAsync(data);
        var rebuilding = await Load.RunAsync(clients, TimeSpan.FromSeconds(Math.Max(12, time.TotalSeconds)), number => GetAsync(client, PathOf(number)));
        using var packed = new HttpRequestMessage(HttpMethod.Get, new Uri(PathOf(0), UriKind.Relative));
        packed.Headers.Add("Accept-Encoding", "br");
        using var answer = await client.SendAsync(packed);
        result
            .Add("articlePerSecond", article.Rate, $"{clients} clients").Add("articleP50Ms", article.P50).Add("articleP99Ms", article.P99, "goal under 20")
            .Add("articleBarePerSecond", bareArticle.Rate, "static component of the same bytes").Add("articleBareP99Ms", bareArticle.P99)
            .Add("articleToBare", article.Rate / bareArticle.Rate, "goal at least 0.4")
            .Add("articleSentBytes", (await answer.Content.ReadAsByteArrayAsync()).Length, "the page alone, with Brotli")
            .Add("searchPagePerSecond", search.Rate).Add("searchPageP99Ms", search.P99, $"{clients} clients, one query of twenty, over HTTP")
            .Add("suggestionsPerSecond", typing.Rate).Add("suggestionsP99Ms", typing.P99)
            .Add("articleP99WhileRebuildingMs", rebuilding.P99, "twelve seconds with one rebuild in them")
            .Add("articleSlowestWhileRebuildingMs", rebuilding.Latencies.Percentile(1))
            .Add("serverMb", desk.Megabytes, "resident, afterwards");
    }

    private static async Task MoveStampAsync(string data)
    {
        await using var services = new DeskServices(data);
        await services.UseAsync<Database, int>(async database =>
        {
            (await database.Set<HelpVersion>().FirstAsync()).ChangedAt = TimeProvider.System.Now();
            return await database.SaveChangesAsync();
        });
    }

    private static async Task<Load> LoadAsync(HttpClient client, Func<int, string> path, int clients, TimeSpan time)
    {
        await Load.RunAsync(clients, TimeSpan.FromSeconds(5), number => GetAsync(client, path(number)));
        return await Load.RunAsync(clients, time, number => GetAsync(client, path(number)));
    }

    private static async Task<bool> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode}");
        await answer.Content.ReadAsByteArrayAsync();
        return true;
    }
}
