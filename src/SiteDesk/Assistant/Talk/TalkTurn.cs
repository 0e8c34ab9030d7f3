namespace SiteDesk.Assistant.Talk;

/// <summary>One answer in the making: the situation, the language it is answered in, and what will be remembered.</summary>
internal sealed class TalkTurn(TalkSituation situation, TalkWords words, string language)
{
    public TalkSituation Situation { get; } = situation;

    public TalkWords Words { get; } = words;

    public string Language { get; } = language;

    public TalkMemory Memory { get; set; } = situation.Memory;

    /// <summary>What the customer said of the answer before; null for nothing.</summary>
    public bool? Helped { get; set; }

    /// <summary>The beginnings of a reply: nothing said, everything remembered.</summary>
    public TalkReply Reply(TurnKind kind) => new() { Kind = kind, Language = Language, Memory = Memory, Helped = Helped };
}
