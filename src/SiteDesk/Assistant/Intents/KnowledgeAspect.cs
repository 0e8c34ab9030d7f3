using System.Globalization;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;

namespace SiteDesk.Assistant.Intents;

/// <summary>What of an intent may differ between two documents.</summary>
internal enum AspectKind
{
    /// <summary>Whether an own intent is there, and its names.</summary>
    Names,
    State,
    Phrases,
    TakenOut,
    Articles,
    Words,
    AsksFor,
    Action,
    HandOver,

    /// <summary>Phrases that are about nothing here; of no intent.</summary>
    OutOfScope,
}

/// <summary>
/// One place of a document that is changed, compared, shown and taken back by itself. Each knows how to read its place as lines, and how
/// to bring it into another document.
/// </summary>
/// <param name="Intent">Empty for <see cref="AspectKind.OutOfScope"/>.</param>
/// <param name="Language">Of phrases; empty for the others.</param>
/// <param name="SiteId">Of answers; null for the others.</param>
internal sealed record KnowledgeAspect(AspectKind Kind, string Intent, string Language = "", long? SiteId = null)
{
    private const char Stroke = '/';

    /// <summary>The aspect as a form names it.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Kind}{Stroke}{Intent}{Stroke}{Language}{Stroke}{SiteId}");

    /// <summary>Every place in which a document may differ from the one before it. An own intent that was removed is one place: it comes back whole.</summary>
    public static IEnumerable<KnowledgeAspect> All(KnowledgeDocument before, KnowledgeDocument after)
    {
        foreach (var intent in before.Intents.Keys.Union(after.Intents.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            yield return new KnowledgeAspect(AspectKind.Names, intent);
            if (IntentCatalog.IsOwn(intent) && !after.Intents.ContainsKey(intent))
                continue;
            yield return new KnowledgeAspect(AspectKind.State, intent);
            foreach (var language in PhraseBank.Languages)
            {
                yield return new KnowledgeAspect(AspectKind.Phrases, intent, language);
                yield return new KnowledgeAspect(AspectKind.TakenOut, intent, language);
            }
            foreach (var site in before.Of(intent).Sites.Keys.Union(after.Of(intent).Sites.Keys).Order())
            {
                foreach (var kind in new[] { AspectKind.Articles, AspectKind.Words, AspectKind.AsksFor, AspectKind.Action, AspectKind.HandOver })
                    yield return new KnowledgeAspect(kind, intent, SiteId: site);
            }
        }
        foreach (var language in PhraseBank.Languages)
            yield return new KnowledgeAspect(AspectKind.OutOfScope, "", language);
    }

    /// <summary>What stands in this place; empty when nothing was decided.</summary>
    public IReadOnlyList<string> Lines(KnowledgeDocument document)
    {
        var intent = document.Of(Intent);
        var answer = SiteId is { } site ? intent.At(site) : IntentAnswer.Undecided;
        return Kind switch
        {
            AspectKind.Names => IntentCatalog.IsOwn(Intent) && document.Intents.ContainsKey(Intent) ? [.. Labelled(intent.Names).DefaultIfEmpty(Intent)] : [],
            AspectKind.State => intent.IsOff ? ["off"] : [],
            AspectKind.Phrases => intent.Added.GetValueOrDefault(Language) ?? [],
            AspectKind.TakenOut => intent.Removed.GetValueOrDefault(Language) ?? [],
            AspectKind.Articles => answer.ArticleIds is not { } ids ? [] : ids.Count == 0 ? ["none"] : [.. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))],
            AspectKind.Words => [.. Labelled(answer.Texts)],
            AspectKind.AsksFor => answer.AsksFor is not { } slots ? [] : slots.Count == 0 ? ["none"] : slots,
            AspectKind.Action => answer.Action is not { } action ? [] : [action.Length == 0 ? "none" : action],
            AspectKind.HandOver => HandOverLines(answer),
            _ => document.OutOfScope.GetValueOrDefault(Language) ?? [],
        };
    }

    /// <summary>A document with what stands in this place of another.</summary>
    public KnowledgeDocument Copy(KnowledgeDocument into, KnowledgeDocument from)
    {
        var source = from.Of(Intent);
        switch (Kind)
        {
            case AspectKind.OutOfScope:
                return into with { OutOfScope = With(into.OutOfScope, Language, from.OutOfScope.GetValueOrDefault(Language)) };
            // An own intent that is not there in the source goes with all that was written for it; one that was removed comes back whole.
            case AspectKind.Names when IntentCatalog.IsOwn(Intent) && from.Intents.ContainsKey(Intent) != into.Intents.ContainsKey(Intent):
                return from.Intents.ContainsKey(Intent) ? into.With(Intent, _ => source) : Without(into, Intent);
            // Its other places went with it.
            case not AspectKind.Names when IntentCatalog.IsOwn(Intent) && !into.Intents.ContainsKey(Intent):
                return into;
            default:
                return into.With(Intent, target => Kind switch
                {
                    AspectKind.Names => target with { Names = source.Names },
                    AspectKind.State => target with { IsOff = source.IsOff },
                    AspectKind.Phrases => target with { Added = With(target.Added, Language, source.Added.GetValueOrDefault(Language)) },
                    AspectKind.TakenOut => target with { Removed = With(target.Removed, Language, source.Removed.GetValueOrDefault(Language)) },
                    _ => target.WithSite(SiteId ?? 0, answer => CopyAnswer(answer, source.At(SiteId ?? 0))),
                });
        }
    }

    /// <summary>A document without an own intent, or with a shipped one as it ships.</summary>
    public static KnowledgeDocument Without(KnowledgeDocument document, string intent) =>
        document with { Intents = document.Intents.Where(pair => pair.Key != intent).ToDictionary(StringComparer.Ordinal) };

    /// <summary>A document without empty places, so that one in which everything was taken back is like one in which nothing was done.</summary>
    public static KnowledgeDocument Tidy(KnowledgeDocument document) => document with
    {
        OutOfScope = document.OutOfScope.Where(pair => pair.Value.Count > 0).ToDictionary(StringComparer.Ordinal),
        Intents = document.Intents.Select(pair => KeyValuePair.Create(pair.Key, TidyIntent(pair.Key, pair.Value)))
            .Where(pair => IntentCatalog.IsOwn(pair.Key) || !IsUnchanged(pair.Value)).ToDictionary(StringComparer.Ordinal),
    };

    private static IntentKnowledge TidyIntent(string key, IntentKnowledge intent) => intent with
    {
        Added = intent.Added.Where(pair => pair.Value.Count > 0).ToDictionary(StringComparer.Ordinal),
        Removed = intent.Removed.Where(pair => pair.Value.Count > 0).ToDictionary(StringComparer.Ordinal),
        Sites = intent.Sites.Where(pair => AnswerKinds.Any(kind => new KnowledgeAspect(kind, key, SiteId: pair.Key).Lines(new KnowledgeDocument().With(key, _ => intent)).Count > 0)).ToDictionary(),
    };

    private static readonly AspectKind[] AnswerKinds = [AspectKind.Articles, AspectKind.Words, AspectKind.AsksFor, AspectKind.Action, AspectKind.HandOver];

    private static bool IsUnchanged(IntentKnowledge intent) =>
        !intent.IsOff && intent.Names.Count == 0 && intent.Added.Count == 0 && intent.Removed.Count == 0 && intent.Sites.Count == 0;

    private IntentAnswer CopyAnswer(IntentAnswer target, IntentAnswer source) => Kind switch
    {
        AspectKind.Articles => target with { ArticleIds = source.ArticleIds },
        AspectKind.Words => target with { Texts = source.Texts },
        AspectKind.AsksFor => target with { AsksFor = source.AsksFor },
        AspectKind.Action => target with { Action = source.Action },
        _ => target with { HandOver = source.HandOver, TeamId = source.TeamId, Segment = source.Segment },
    };

    private static IReadOnlyList<string> HandOverLines(IntentAnswer answer)
    {
        if (answer.HandOver == HandOverWhen.NotHelped && answer.TeamId is null && answer.Segment is null)
            return [];
        List<string> lines = [$"when:{answer.HandOver}"];
        if (answer.TeamId is { } team)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"team:{team}"));
        if (answer.Segment is { } segment)
            lines.Add($"segment:{segment}");
        return lines;
    }

    private static IEnumerable<string> Labelled(IReadOnlyDictionary<string, string> texts) =>
        texts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}");

    private static Dictionary<string, IReadOnlyList<string>> With(IReadOnlyDictionary<string, IReadOnlyList<string>> lists, string key, IReadOnlyList<string>? list) =>
        new(lists, StringComparer.Ordinal) { [key] = list ?? [] };
}

/// <summary>A place in which two documents differ, and the lines that were added and taken out there.</summary>
internal sealed record KnowledgeChange(KnowledgeAspect Aspect, IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    /// <summary>All differences, the intents' keys in order.</summary>
    public static IReadOnlyList<KnowledgeChange> Between(KnowledgeDocument before, KnowledgeDocument after) =>
        [.. KnowledgeAspect.All(before, after).Select(aspect => Of(aspect, before, after)).OfType<KnowledgeChange>()];

    private static KnowledgeChange? Of(KnowledgeAspect aspect, KnowledgeDocument before, KnowledgeDocument after)
    {
        var (old, now) = (aspect.Lines(before), aspect.Lines(after));
        if (old.SequenceEqual(now, StringComparer.Ordinal))
            return null;
        List<string> added = [.. now.Except(old, StringComparer.Ordinal)], removed = [.. old.Except(now, StringComparer.Ordinal)];
        // The same lines in another order: which article comes first decides.
        return added.Count + removed.Count == 0 ? new KnowledgeChange(aspect, now, old) : new KnowledgeChange(aspect, added, removed);
    }
}
