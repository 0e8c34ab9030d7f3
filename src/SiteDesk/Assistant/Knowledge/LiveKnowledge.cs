using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Live;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>
/// Holds what the assistant knows on this node: trained in the background, at the start for the sites where it answers, and anew when
/// something was published. Whoever asks takes what there is; the next is built beside it and put in its place whole.
/// </summary>
internal sealed class LiveKnowledge(IServiceScopeFactory scopes, HelpSnapshots snapshots, LiveHub hub, TrainModel train, TimeProvider time, ILogger<LiveKnowledge> log) : BackgroundService
{
    /// <summary>All nodes listen here.</summary>
    public const string Topic = "assistant-knowledge";

    /// <summary>Published while nobody listened, it is found within this.</summary>
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<long, Holder> _sites = new();
    private readonly SemaphoreSlim _training = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private volatile TrainedModel? _model;
    private volatile bool _leftGarbage;

    /// <summary>What is known of a site, without waiting; null while it is being trained for the first time.</summary>
    public SiteKnowledge? Find(long siteId) => _sites.GetValueOrDefault(siteId)?.Current;

    /// <summary>
    /// What is known of a site; trained now when nothing is yet, which takes seconds. Whoever waits may stop waiting, and the training goes on:
    /// the next who asks finds it done.
    /// </summary>
    public async ValueTask<SiteKnowledge> ReadAsync(long siteId, CancellationToken cancellation)
    {
        if (Find(siteId) is { } known)
            return known;
        var fresh = Task.Run(() => FreshAsync(siteId, _stopping.Token), _stopping.Token);
        try
        {
            return await fresh.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (!fresh.IsCompleted)
        {
            _ = fresh.ContinueWith(
                failed => log.LogWarning(failed.Exception, "What nobody waited for any more could not be learnt; it is tried again."),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>What is known with all that is published: for those who have just published it.</summary>
    public async Task<SiteKnowledge> FreshAsync(long siteId, CancellationToken cancellation)
    {
        var holder = _sites.GetOrAdd(siteId, _ => new Holder());
        await holder.Turn.WaitAsync(cancellation);
        try
        {
            var articles = await snapshots.FreshAsync(siteId, cancellation);
            var model = await FreshModelAsync(cancellation);
            var precision = await PrecisionAsync(siteId, cancellation);
            if (holder.Current is not { } current || current.Model.Number != model.Number || current.Articles.Stamp != articles.Stamp || current.Precision != precision)
            {
                var documents = await DocumentsAsync(siteId, articles, cancellation);
                holder.Current = await Task.Run(() => SiteKnowledge.Build(siteId, model, articles, documents, precision, cancellation), cancellation);
            }

            return holder.Current;
        }
        finally
        {
            holder.Turn.Release();
        }
    }

    /// <summary>What a site would know with another document: for trying a change before it counts.</summary>
    public async Task<SiteKnowledge> TryAsync(KnowledgeDocument document, long siteId, CancellationToken cancellation)
    {
        const int untold = -1;
        var articles = await snapshots.FreshAsync(siteId, cancellation);
        var (precision, documents) = (await PrecisionAsync(siteId, cancellation), await DocumentsAsync(siteId, articles, cancellation));
        await _training.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => SiteKnowledge.Build(siteId, train(untold, document, cancellation), articles, documents, precision, cancellation), cancellation);
        }
        finally
        {
            _leftGarbage = true;
            _training.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RepeatAsync(
        RoundAsync, LongestAge, "The assistant could not be trained anew; what it knows goes on answering, and it is tried again.", time, log, stoppingToken);

    /// <summary>Listens first: what is published while it looks is heard.</summary>
    private async Task RoundAsync(CancellationToken stopping)
    {
        using var signals = hub.Subscribe([Topic, HelpStamp.Topic]);
        foreach (var siteId in await SitesToKnowAsync(stopping))
            await FreshAsync(siteId, stopping);
        GiveMemoryBack();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pause = Task.Delay(LongestAge, time, either.Token);
        await Task.WhenAny(pause, signals.Signals.WaitToReadAsync(either.Token).AsTask());
        await either.CancelAsync();
    }

    /// <summary>
    /// Training fills hundreds of megabytes with what nobody needs afterwards, and a server that then has little to do would keep them for hours.
    /// Collecting at once stops the program for some tens of milliseconds, once for a training that took seconds.
    /// </summary>
    private void GiveMemoryBack()
    {
        if (!_leftGarbage)
            return;
        _leftGarbage = false;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Those where it answers, and those for which somebody has asked.</summary>
    private async Task<IReadOnlyCollection<long>> SitesToKnowAsync(CancellationToken cancellation)
    {
        // From the rows and not from the directory: it remembers what it was asked, and this asks before anybody has set up a site.
        await using var scope = scopes.CreateAsyncScope();
        var sites = await scope.ServiceProvider.GetRequiredService<Database>().Set<Site>().AsNoTracking().Where(site => site.ArchivedAt == null).ToListAsync(cancellation);
        return [.. sites.Where(site => site.Assistant.Answers || _sites.ContainsKey(site.Id)).Select(site => site.Id)];
    }

    private async Task<Dictionary<string, List<SearchDocument>>> DocumentsAsync(long siteId, HelpSnapshot articles, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var reader = scope.ServiceProvider.GetRequiredService<SnapshotReader>();
        var documents = new Dictionary<string, List<SearchDocument>>(StringComparer.Ordinal);
        foreach (var language in articles.Shelves.Where(shelf => shelf.Value.ArticlesById.Count > 0).Select(shelf => shelf.Key))
            documents[language] = await reader.DocumentsAsync(siteId, language, HeldBackQuestions.MostArticles, cancellation);
        return documents;
    }

    private async Task<double> PrecisionAsync(long siteId, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Database>().Set<Site>().AsNoTracking().FirstOrDefaultAsync(site => site.Id == siteId, cancellation))?.Assistant.Precision ?? new AssistantSettings().Precision;
    }

    private async Task<TrainedModel> FreshModelAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var number = await database.Set<KnowledgeVersion>().Where(version => version.IsLive).Select(version => version.Number).FirstOrDefaultAsync(cancellation);
        if (_model is { } current && current.Number == number)
            return current;
        await _training.WaitAsync(cancellation);
        try
        {
            if (_model is { } trained && trained.Number == number)
                return trained;
            var document = number == 0 ? new KnowledgeDocument() : await database.Set<KnowledgeVersion>().Where(version => version.Number == number).Select(version => version.Document).FirstAsync(cancellation);
            _model = await Task.Run(() => train(number, document, cancellation), cancellation);
            return _model;
        }
        finally
        {
            _leftGarbage = true;
            _training.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        _training.Dispose();
        base.Dispose();
    }

    private sealed class Holder
    {
        public volatile SiteKnowledge? Current;

        public SemaphoreSlim Turn { get; } = new(1, 1);
    }
}
