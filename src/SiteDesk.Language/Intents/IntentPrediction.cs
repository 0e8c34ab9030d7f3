using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>What to do with a question.</summary>
public enum IntentDecision
{
    /// <summary>No intent fits: a person, or a search, has to help.</summary>
    HandOver,

    /// <summary>It may be one of the first few: ask which.</summary>
    Ask,

    /// <summary>It is the first one.</summary>
    Answer,
}

/// <summary>An intent and its share.</summary>
/// <param name="Intent">The name of the intent.</param>
/// <param name="Share">Its share among all intents, 0 to 1. All shares together are 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IntentScore(string Intent, double Share);

/// <summary>What a question is about.</summary>
/// <param name="Ranked">The likeliest intents, best first; at most <see cref="IntentClassifier.RankedCount"/>.</param>
/// <param name="Confidence">The probability that the first intent is right, 0 to 1, judged on questions not trained on.</param>
/// <param name="Decision">What follows from it.</param>
public sealed record IntentPrediction(IReadOnlyList<IntentScore> Ranked, double Confidence, IntentDecision Decision);

/// <summary>From which confidence on the assistant asks, and from which on it answers.</summary>
/// <param name="Ask">Below it, no intent is taken to fit. 0 to 1.</param>
/// <param name="Answer">From it on, the first intent is taken to be right. At least <paramref name="Ask"/>, at most 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IntentThresholds(double Ask, double Answer);

/// <summary>How the assistant may be expected to do, measured on questions it was not trained on.</summary>
/// <param name="Coverage">The share of questions in scope that it answers by itself, 0 to 1.</param>
/// <param name="Precision">The share of its answers that are right, 0 to 1, with the expected share of questions out of scope.</param>
/// <param name="InScope">The share of questions in scope whose intent comes first and is answered or asked about.</param>
/// <param name="OutOfScope">The share of questions out of scope that are handed over; null when none were at hand.</param>
public sealed record IntentExpectation(double Coverage, double Precision, double InScope, double? OutOfScope);
