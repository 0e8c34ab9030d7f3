using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.HandOver;
using SiteDesk.Assistant.Phrases;
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

    /// <summary>What the words alone say, without the articles.</summary>
    public required IntentPrediction Words { get; init; }
}

/// <summary>What the assistant knows at one site: what was learnt, the articles there are, which answer what, and how sure it may be. Immutable.</summary>
internal sealed class SiteKnowledge
{
    /// <summary>An article found with this score may be what is meant; what nothing speaks of stays below it.</summary>
    public const double LeastOffered = 0.2;

    private const int ArticlesRead = 10;

    /// <summary>Articles from which on a help centre says what a site is about.</summary>
    private const int WrittenHelpCentre = 10;

    private readonly SiteAnswers _answers;
    private readonly RankingWeights _weights;
    private readonly AnswerCalibration _calibration;

    private SiteKnowledge(
        long siteId, TrainedModel model, HelpSnapshot articles, double precision, SiteAnswers answers, RankingWeights weights,
        AnswerCalibration calibration, AnswerExpectation expectation, double nearEnough) =>
        (SiteId, Model, Articles, Precision, _answers, _weights, _calibration, Expectation, NearEnough) = (siteId, model, articles, precision, answers, weights, calibration, expectation, nearEnough);

    public long SiteId { get; }

    public TrainedModel Model { get; }

    public HelpSnapshot Articles { get; }

    /// <summary>The share of answers that shall be right.</summary>
    public double Precision { get; }

    public AnswerThresholds Thresholds => _calibration.Thresholds;

    /// <summary>An article found with this score is worth asking about although the words are not understood; few strangers' questions find one.</summary>
    public double NearEnough { get; }

    /// <summary>What the owner may expect.</summary>
    public AnswerExpectation Expectation { get; }

    /// <summary>The articles that answer an intent, best first; empty when none does.</summary>
    public IReadOnlyList<long> ArticlesOf(string intent) => _answers.ArticlesOf(intent);

    /// <summary>
    /// Whether this site sends anything. Whoever has written a help centre and not a word in it about parcels sells a service: an order's number is
    /// nothing to ask for there.
    /// </summary>
    public bool SendsParcels => Articles.Shelves.Values.Max(shelf => shelf.ArticlesById.Count) < WrittenHelpCentre
        || ShippedIntent.AboutParcels.Any(intent => ArticlesOf(intent).Count > 0 || AnswerOf(intent).Texts.Count > 0);

    /// <summary>How an intent is answered here, as the owner decided.</summary>
    public IntentAnswer AnswerOf(string intent) => Model.Document.Of(intent).At(SiteId);

    /// <summary>Says what a message is about. Takes a few milliseconds at most.</summary>
    /// <param name="text">The message, or a sentence of it.</param>
    /// <param name="language">What it is written in.</param>
    public Understanding Understand(string text, string language)
    {
        var whole = Read(text, language);
        if (WithdrawnMatter.In(text, language) is not { } withdrawn || Model.TaughtAs(text, language) is not null)
            return whole;
        var rest = Read(withdrawn.Rest, language);
        if (rest.Probability >= Math.Min(Thresholds.Ask, whole.Probability) && !withdrawn.Intents.Contains(rest.First, StringComparer.Ordinal))
            return rest with { Ranked = Without(rest.Ranked, withdrawn.Intents), Urgency = whole.Urgency };
        // What it refuses is not answered however sure the words are: asking which is meant harms nobody.
        return withdrawn.Intents.Contains(whole.First, StringComparer.Ordinal) && !withdrawn.Intents.Contains(rest.First, StringComparer.Ordinal)
            ? whole with { Probability = Math.Min(whole.Probability, Thresholds.Ask) } : whole;
    }

    private static IReadOnlyList<IntentScore> Without(IReadOnlyList<IntentScore> ranked, IReadOnlyList<string> intents) =>
        [.. ranked.Where(candidate => !intents.Contains(candidate.Intent, StringComparer.Ordinal))];

    private Understanding Read(string text, string language)
    {
        var prediction = Model.Classifier.Classify(text, language);
        var hits = Find(Articles, text, language);
        var (ranked, signals) = _answers.Read(prediction, hits, _weights);
        var probability = _calibration.Judge(signals);
        // Somebody has said what these very words mean: there is nothing left to estimate.
        if (Model.TaughtAs(text, language) is { } taught && _answers.IsAnswerable(taught))
            (ranked, probability) = ([new IntentScore(taught, 1), .. ranked.Where(other => other.Intent != taught)], 1);
        return new Understanding(text, language, ranked, probability, hits, Model.RecognizeUrgency(text, language, isUnderstood: probability >= Thresholds.Ask)) { Words = prediction };
    }

    /// <summary>
    /// What a question back may offer. Courtesies and turns of talk are never offered, nor what this site has nothing to do with, nor articles that hardly
    /// anything speaks for: they would only look odd.
    /// </summary>
    public IReadOnlyList<IntentScore> Offerable(Understanding understood) => [.. understood.Ranked.Where(candidate => !ShippedIntent.Of(candidate.Intent).IsCourtesy
        && (SendsParcels || !ShippedIntent.IsAboutParcels(candidate.Intent))
        && (IntentRanking.ArticleOf(candidate.Intent) is not { } article || understood.Articles.Any(hit => hit.Id == article && hit.Score >= LeastOffered)))];

    /// <summary>How sure it is for a question back: an article that was found is worth asking about, although the words are not understood.</summary>
    public double ToAskAbout(Understanding understood) =>
        understood.Articles.Count > 0 && understood.Articles[0].Score >= NearEnough ? Math.Max(understood.Probability, Thresholds.Ask) : understood.Probability;

    /// <summary>The articles for everybody that fit a text, best first.</summary>
    public IReadOnlyList<SearchHit> Search(string text, string language) => Find(Articles, text, language);

    /// <summary>Which article answers a candidate: itself, or of those tied to the intent the one that was found best.</summary>
    /// <returns>Best first; empty when the candidate is answered otherwise, or not at all.</returns>
    public IReadOnlyList<long> ArticlesFor(string candidate, IReadOnlyList<SearchHit> found) => _answers.ArticlesFor(candidate, found);

    /// <summary>Brings what was learnt and a site's articles together: ties them, weighs them, and finds out how sure it may be. Takes seconds with thousands of articles.</summary>
    /// <param name="documents">The articles by language, with their example questions.</param>
    public static SiteKnowledge Build(
        long siteId, TrainedModel model, HelpSnapshot articles, IReadOnlyDictionary<string, List<SearchDocument>> documents, double precision, CancellationToken cancellation)
    {
        var ties = ArticleTies.Of(siteId, model.Document, articles, model.Classifier, documents, cancellation);
        var answers = new SiteAnswers(siteId, model.Document, ties);
        var trial = new KnowledgeTrial(model, answers);
        foreach (var phrase in model.Judged)
        {
            cancellation.ThrowIfCancellationRequested();
            trial.AddPhrase(phrase, Find(articles, phrase.Text, phrase.Language));
        }
        foreach (var question in documents.SelectMany(pair => HeldBackQuestions.Ask(pair.Key, pair.Value, cancellation)))
            trial.AddQuestion(question);

        var weights = trial.ChooseWeights();
        var judged = trial.Judge(weights);
        // What the owner is told is measured on questions that the calibration did not see; used is what all of them give.
        var expectation = AnswerCalibration.ExpectOf(judged, precision);
        var calibration = AnswerCalibration.Fit(judged, precision);
        return new SiteKnowledge(siteId, model, articles, precision, answers, weights, calibration, expectation, calibration.NearEnough(judged));
    }

    private static IReadOnlyList<SearchHit> Find(HelpSnapshot articles, string text, string language) =>
        articles.Shelves.TryGetValue(language, out var shelf) ? shelf.Search(text, ReaderLevel.Everybody, ArticlesRead, isTyping: false).Hits : [];
}
