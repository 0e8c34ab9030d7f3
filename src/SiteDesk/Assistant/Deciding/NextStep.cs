using SiteDesk.Assistant.HandOver;

namespace SiteDesk.Assistant.Deciding;

/// <summary>What the assistant does next.</summary>
internal abstract record NextStep
{
    private NextStep()
    {
    }

    /// <summary>Answers an intent, citing its source.</summary>
    public sealed record Answer(string Intent) : NextStep;

    /// <summary>Asks which of these is meant; "something else" is always offered besides.</summary>
    public sealed record Ask(IReadOnlyList<string> Intents) : NextStep;

    /// <summary>Asks to say it in other words.</summary>
    public sealed record Rephrase : NextStep;

    /// <summary>Gives the conversation to a person.</summary>
    /// <param name="Reason">Why at once; null when the assistant did not understand or could not help.</param>
    public sealed record HandOver(HandOverReason? Reason) : NextStep;
}

/// <summary>What the assistant has done in a conversation so far, as far as it matters for what it does next. Immutable.</summary>
/// <param name="Answered">Intents that were answered.</param>
/// <param name="Offered">Intents that were offered in questions back.</param>
/// <param name="HasAskedToRephrase">Whether it asked to say it in other words.</param>
/// <param name="Unclear">How many messages in a row it could not answer.</param>
internal sealed record TalkSoFar(IReadOnlyList<string> Answered, IReadOnlyList<string> Offered, bool HasAskedToRephrase, int Unclear)
{
    /// <summary>Nothing was said yet.</summary>
    public static TalkSoFar Nothing { get; } = new([], [], HasAskedToRephrase: false, Unclear: 0);

    /// <summary>The same conversation after a step.</summary>
    public TalkSoFar After(NextStep step) => step switch
    {
        NextStep.Answer answer => this with { Answered = [.. Answered, answer.Intent], Offered = [], HasAskedToRephrase = false, Unclear = 0 },
        NextStep.Ask ask => this with { Offered = [.. Offered, .. ask.Intents], Unclear = Unclear + 1 },
        NextStep.Rephrase => this with { HasAskedToRephrase = true, Unclear = Unclear + 1 },
        _ => this,
    };
}
