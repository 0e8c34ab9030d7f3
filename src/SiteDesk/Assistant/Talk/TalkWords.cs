using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>The assistant's own words in one language. What it answers with is the owner's.</summary>
internal sealed class TalkWords(Texts texts)
{
    public const string HelpedKey = "helped:yes";
    public const string NotHelpedKey = "helped:no";
    public const string ElseKey = "else";
    private const string CandidatePrefix = "c:";
    private const string ConfirmPrefix = "confirm:";

    public string this[string key] => texts[$"assistant.say.{key}"];

    public string this[string key, params ReadOnlySpan<(string Name, object Value)> arguments] => texts[$"assistant.say.{key}", arguments];

    public Texts Texts => texts;

    public static IReadOnlyList<string> CandidateOf(string choice) => choice.StartsWith(CandidatePrefix, StringComparison.Ordinal) ? [choice[CandidatePrefix.Length..]] : [];

    public static string? ConfirmedOf(string choice) => choice.StartsWith(ConfirmPrefix, StringComparison.Ordinal) ? choice[ConfirmPrefix.Length..] : null;

    /// <summary>What is asked after an answer.</summary>
    public IReadOnlyList<OfferedChoice> DidItHelp => [new(HelpedKey, this["helped.yes"]), new(NotHelpedKey, this["helped.no"])];

    public OfferedChoice SomethingElse => new(ElseKey, this["else"]);

    public OfferedChoice Confirm(string action) => new(ConfirmPrefix + action, this["confirm"]);

    public OfferedChoice Back => new(OfferedForm.BackKey, this["back"]);

    /// <summary>What a candidate is called on a button; null when it has no name in this language.</summary>
    public OfferedChoice? ChoiceOf(string candidate, SiteKnowledge knowledge)
    {
        string? name = null;
        if (IntentRanking.ArticleOf(candidate) is { } article)
            name = knowledge.Articles.LanguagesOf(article, [texts.Language]).Select(found => found.Article).FirstOrDefault(found => found.IsFor(ReaderLevel.Everybody))?.Title;
        else if (knowledge.Model.Document.Of(candidate).Names.TryGetValue(texts.Language, out var own))
            name = own;
        else if (texts.Has($"assistant.intent.{candidate}"))
            name = texts[$"assistant.intent.{candidate}"];
        return name is null ? null : new OfferedChoice(CandidatePrefix + candidate, name);
    }

    /// <summary>A field that asks for a fact.</summary>
    public OfferedField Field(string slot, string kind, bool isRequired, string? value, string? problem) =>
        new(slot, texts[$"assistant.slot.{slot}"], kind, isRequired, value, problem is null ? null : texts[problem]);
}
