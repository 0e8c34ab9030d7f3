using System.Collections.Frozen;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.HandOver;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>What a message seems to be about.</summary>
/// <param name="Ranked">Candidates, best first: intents, and articles that belong to none (<see cref="IntentRanking.ArticleOf"/>).</param>
/// <param name="Probability">The probability that answering the first one is right, 0 to 1.</param>
/// <param name="Articles">What the search found in the message's language, best first.</param>
/// <param name="Urgency">Why it belongs to a person at once; null for an ordinary message.</param>
internal sealed record Understanding(
    string Text, string Language, IReadOnlyList<IntentScore> Ranked, double Probability, IReadOnlyList<SearchHit> Articles, HandOverReason? Urgency)
{
    public string First => Ranked[0].Intent;
}

/// <summary>What the assistant knows at one site: what was learnt, the articles there are, which answer what, and how sure it may be. Immutable.</summary>
internal sealed class SiteKnowledge
{
    private const int ArticlesRead = 10;

    private readonly FrozenDictionary<string, IReadOnlyList<long>> _ties;
    private readonly FrozenSet<long> _tied;
    private readonly AnswerCalibration _calibration;

    private SiteKnowledge(
        long siteId, TrainedModel model, HelpSnapshot articles, double precision, FrozenDictionary<string, IReadOnlyList<long>> ties, FrozenSet<long> tied, AnswerCalibration calibration, AnswerExpectation expectation) =>
        (SiteId, Model, Articles, Precision, _ties, _tied, _calibration, Expectation) = (siteId, model, articles, precision, ties, tied, calibration, expectation);

    public long SiteId { get; }

    public TrainedModel Model { get; }

    public HelpSnapshot Articles { get; }

    /// <summary>The share of answers that shall be right.</summary>
    public double Precision { get; }

    public AnswerThresholds Thresholds => _calibration.Thresholds;

    /// <summary>What the owner may expect.</summary>
    public AnswerExpectation Expectation { get; }

    /// <summary>The articles that answer an intent, best first; empty when none does.</summary>
    public IReadOnlyList<long> ArticlesOf(string intent) => _ties.GetValueOrDefault(intent) ?? [];

    /// <summary>How an intent is answered here, as the owner decided.</summary>
    public IntentAnswer AnswerOf(string intent) => Model.Document.Of(intent).At(SiteId);

    /// <summary>Says what a message is about. Takes a few milliseconds at most.</summary>
    /// <param name="text">The message, or a sentence of it.</param>
    /// <param name="language">What it is written in.</param>
    public Understanding Understand(string text, string language)
    {
        var prediction = Model.Classifier.Classify(text, language);
        var (ranked, signals, hits) = Read(text, language, prediction, Articles, _ties, _tied);
        return new Understanding(text, language, ranked, _calibration.Judge(signals), hits, Model.RecognizeUrgency(text, language));
    }

    /// <summary>Brings what was learnt and a site's articles together: ties them, and finds out how sure it may be. Takes seconds with thousands of articles.</summary>
    public static SiteKnowledge Build(long siteId, TrainedModel model, HelpSnapshot articles, double precision, CancellationToken cancellation)
    {
        var ties = ArticleTies.Of(siteId, model.Document, articles, cancellation);
        var tied = ties.Values.SelectMany(ids => ids).ToFrozenSet();
        var judged = new List<JudgedAnswer>(model.Judged.Count);
        foreach (var phrase in model.Judged)
        {
            cancellation.ThrowIfCancellationRequested();
            var (ranked, signals, _) = Read(phrase.Text, phrase.Language, phrase.Prediction, articles, ties, tied);
            judged.Add(new JudgedAnswer(
                signals,
                IsRight(ranked[0].Intent, phrase.Intent, ties),
                ranked.Take(AnswerPolicy.MostOffered).Any(candidate => IsRight(candidate.Intent, phrase.Intent, ties)),
                phrase.Intent == IntentExample.OutOfScope));
        }

        // Fitted on one half and measured on the other, so that what the owner is told is honest; used is what all of them give.
        var halves = judged.Index().ToLookup(pair => pair.Index % 2 == 0, pair => pair.Item);
        var expectation = AnswerCalibration.Fit([.. halves[true]], precision).Expect([.. halves[false]]);
        return new SiteKnowledge(siteId, model, articles, precision, ties, tied, AnswerCalibration.Fit(judged, precision), expectation);
    }

    private static (IReadOnlyList<IntentScore> Ranked, AnswerSignals Signals, IReadOnlyList<SearchHit> Hits) Read(
        string text, string language, IntentPrediction prediction, HelpSnapshot articles, FrozenDictionary<string, IReadOnlyList<long>> ties, FrozenSet<long> tied)
    {
        IReadOnlyList<SearchHit> hits = articles.Shelves.TryGetValue(language, out var shelf) ? shelf.Search(text, ReaderLevel.Everybody, ArticlesRead, isTyping: false).Hits : [];
        var combined = IntentRanking.Combine(prediction, hits, Answers, article => !tied.Contains(article));
        return (combined.Ranked, AnswerSignals.Read(combined, hits, Answers), hits);

        bool Answers(string candidate, long article) =>
            IntentRanking.ArticleOf(candidate) == article || ties.TryGetValue(candidate, out var ids) && ids.Contains(article);
    }

    /// <summary>Two intents that the same article answers are not told apart by an answer.</summary>
    private static bool IsRight(string candidate, string intent, FrozenDictionary<string, IReadOnlyList<long>> ties) =>
        candidate == intent || ties.TryGetValue(candidate, out var given) && ties.TryGetValue(intent, out var wanted) && given[0] == wanted[0];
}
