using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>
/// Counts what is read and searched: in memory first, written down every few seconds, because a page of a help centre is read far
/// more often than a row can be written. What is counted and not yet written is lost when the process is killed, and nothing else.
/// </summary>
internal sealed class ReaderCounts(IServiceScopeFactory scopes, TimeProvider time, ILogger<ReaderCounts> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Different things counted between two writings; a flood of invented searches fills this and no more.</summary>
    private const int MostKept = 5_000;

    private readonly Lock _swapping = new();
    private Counts _counts = new();

    /// <summary>Whether a browser fetches the page before anybody asked for it, or a program looks whether it is there.</summary>
    public static bool IsAhead(HttpContext http) =>
        !HttpMethods.IsGet(http.Request.Method) || http.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);

    /// <param name="words">What was searched before, as it may be kept; empty when the article was found otherwise.</param>
    /// <param name="wasTyping">Whether it was chosen while typing, before the search itself was counted.</param>
    public void Read(long siteId, long articleId, string language, string words, bool wasTyping) => Add(counts =>
    {
        var day = Today();
        ref var reading = ref CollectionsMarshal.GetValueRefOrAddDefault(counts.Readings, new ReadingKey(articleId, language, day), out _);
        reading = new ReadingCount(reading.Times + 1, reading.FromSearch + (words.Length > 0 ? 1 : 0));
        if (words.Length > 0)
            CountSearch(counts, new SearchKey(siteId, language, day, words), new SearchCount(wasTyping ? 1 : 0, 0, 1));
    });

    public void Search(long siteId, string language, string words, int results) => Add(counts =>
    {
        if (words.Length > 0)
            CountSearch(counts, new SearchKey(siteId, language, Today(), words), new SearchCount(1, results == 0 ? 1 : 0, 0));
    });

    /// <summary>Writes down what was counted so far.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        Counts taken;
        lock (_swapping)
            (taken, _counts) = (_counts, new Counts());
        if (taken.Size == 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        await database.AgainOnConflictAsync(5, () => database.InTransactionAsync(async () =>
        {
            await WriteReadingsAsync(database, taken, cancellation);
            await WriteSearchesAsync(database, taken, cancellation);
            return await database.SaveChangesAsync(cancellation);
        }, cancellation), cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryWriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is written on the way out, while the database is still there.
            await TryWriteAsync(CancellationToken.None);
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(cancellation);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            log.LogWarning(problem, "What readers did in the last seconds could not be counted.");
        }
    }

    private void Add(Action<Counts> count)
    {
        lock (_swapping)
        {
            if (_counts.Size < MostKept)
                count(_counts);
        }
    }

    private static void CountSearch(Counts counts, SearchKey key, SearchCount count)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(counts.Searches, key, out _);
        known = new SearchCount(known.Times + count.Times, known.Empty + count.Empty, known.Opened + count.Opened);
    }

    private static async Task WriteReadingsAsync(Database database, Counts taken, CancellationToken cancellation)
    {
        foreach (var (key, count) in taken.Readings)
        {
            var changed = await database.Set<ArticleReading>().Where(row => row.ArticleId == key.ArticleId && row.Language == key.Language && row.Day == key.Day).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Times, row => row.Times + count.Times).SetProperty(row => row.FromSearch, row => row.FromSearch + count.FromSearch), cancellation);
            // An article may have gone for good since it was read.
            if (changed == 0 && await database.Set<Article>().AnyAsync(article => article.Id == key.ArticleId, cancellation))
                database.Add(new ArticleReading { ArticleId = key.ArticleId, Language = key.Language, Day = key.Day, Times = count.Times, FromSearch = count.FromSearch });
        }
    }

    private static async Task WriteSearchesAsync(Database database, Counts taken, CancellationToken cancellation)
    {
        foreach (var (key, count) in taken.Searches)
        {
            var changed = await database.Set<HelpSearch>().Where(row => row.SiteId == key.SiteId && row.Day == key.Day && row.Language == key.Language && row.Words == key.Words).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Times, row => row.Times + count.Times).SetProperty(row => row.Empty, row => row.Empty + count.Empty).SetProperty(row => row.Opened, row => row.Opened + count.Opened),
                cancellation);
            if (changed == 0)
                database.Add(new HelpSearch { SiteId = key.SiteId, Language = key.Language, Day = key.Day, Words = key.Words, Times = count.Times, Empty = count.Empty, Opened = count.Opened });
        }
    }

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    // Touched under the lock alone, until it is taken away to be written.
    private sealed class Counts
    {
        public Dictionary<ReadingKey, ReadingCount> Readings { get; } = new();

        public Dictionary<SearchKey, SearchCount> Searches { get; } = new();

        public int Size => Readings.Count + Searches.Count;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct ReadingKey(long ArticleId, string Language, DateOnly Day);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct ReadingCount(int Times, int FromSearch);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SearchKey(long SiteId, string Language, DateOnly Day, string Words);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct SearchCount(int Times, int Empty, int Opened);
}
