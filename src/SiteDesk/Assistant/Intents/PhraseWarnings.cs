using System.Collections.Frozen;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;

namespace SiteDesk.Assistant.Intents;

/// <summary>Says of own phrases what speaks against them: another intent has the phrase already, or it repeats another one.</summary>
internal static class PhraseWarnings
{
    /// <summary>From this share of common words on two phrases of an intent teach the same.</summary>
    private const double NearlySame = 0.8;

    private static readonly Lazy<FrozenDictionary<string, IReadOnlyList<Known>>> Shipped = new(() =>
        PhraseBank.Languages.ToFrozenDictionary(language => language, IReadOnlyList<Known> (language) => [.. PhraseBank.Read(language).Select(Known.Of)], StringComparer.Ordinal));

    /// <param name="Phrase">The own phrase.</param>
    /// <param name="Other">The phrase it is like.</param>
    /// <param name="OtherIntent">Whose that is; the same intent's when it repeats itself.</param>
    public sealed record Warning(string Phrase, string Other, string OtherIntent);

    /// <summary>Warnings on an intent's own phrases of a language, in their order; one for each phrase at most.</summary>
    public static IReadOnlyList<Warning> Of(KnowledgeDocument document, string intent, string language)
    {
        if (document.Of(intent).Added.GetValueOrDefault(language) is not { Count: > 0 } own)
            return [];
        var used = TrainedModel.PhrasesOf(document, language).ToHashSet();
        var known = Shipped.Value[language].Where(phrase => used.Contains(phrase.Example))
            .Concat(document.Intents.SelectMany(pair => (pair.Value.Added.GetValueOrDefault(language) ?? []).Select(phrase => Known.Of(new IntentExample(phrase, pair.Key)))))
            .Concat((document.OutOfScope.GetValueOrDefault(language) ?? []).Select(phrase => Known.Of(new IntentExample(phrase, IntentExample.OutOfScope)))).ToList();
        var warnings = new List<Warning>();
        foreach (var phrase in own)
        {
            var mine = Known.Of(new IntentExample(phrase, intent));
            var alike = known.Where(other => other.Example != mine.Example)
                .Select(other => (Other: other, Likeness: other.Folded == mine.Folded ? 1 : other.Fingerprint.LikenessTo(mine.Fingerprint)))
                .Where(pair => pair.Likeness >= NearlySame)
                .OrderByDescending(pair => pair.Other.Example.Intent != intent).ThenByDescending(pair => pair.Likeness).FirstOrDefault();
            if (alike.Other is { } found)
                warnings.Add(new Warning(phrase, found.Example.Text, found.Example.Intent));
        }
        return warnings;
    }

    /// <summary>Of phrases, those that are not nearly the same as one before; in their order.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string> phrases, int most)
    {
        var kept = new List<Known>();
        foreach (var phrase in phrases.Select(phrase => Known.Of(new IntentExample(phrase, ""))))
        {
            if (kept.Count == most)
                break;
            if (!kept.Exists(other => other.Folded == phrase.Folded || other.Fingerprint.LikenessTo(phrase.Fingerprint) >= NearlySame))
                kept.Add(phrase);
        }
        return [.. kept.Select(phrase => phrase.Example.Text)];
    }

    private sealed record Known(IntentExample Example, string Folded, TextFingerprint Fingerprint)
    {
        public static Known Of(IntentExample example) =>
            new(example, string.Concat(example.Text.Where(char.IsLetterOrDigit)).ToUpperInvariant(), TextFingerprint.Of(example.Text));
    }
}
