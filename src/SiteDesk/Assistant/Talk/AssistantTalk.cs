using SiteDesk.Platform.Data;

namespace SiteDesk.Assistant.Talk;

/// <summary>The assistant's part of a conversation: where it stands, what it knows, and how it ended.</summary>
internal sealed class AssistantTalk : IVersioned
{
    /// <summary>The conversation; one talk each.</summary>
    public required long TicketId { get; init; }

    public required long SiteId { get; init; }

    /// <summary>The language it is conducted in; follows the visitor's.</summary>
    public required string Language { get; set; }

    public TalkState State { get; private set; } = TalkState.Active;

    public required DateTime StartedAt { get; init; }

    /// <summary>The newest message of the customer.</summary>
    public long HeardId { get; private set; }

    public DateTime HeardAt { get; private set; }

    /// <summary>The newest message that was answered, or decided not to be.</summary>
    public long HandledId { get; private set; }

    /// <summary>Whether a message waits for the assistant; stored because the queue goes by it.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Until when a node has it in hand; a node that dies gives it back by this.</summary>
    public DateTime? ClaimedUntil { get; set; }

    public TalkMemory Memory { get; set; } = new();

    /// <summary>Why a person has it; null while none has.</summary>
    public HandOverCause? Cause { get; private set; }

    public DateTime? EndedAt { get; private set; }

    /// <summary>Whether it is solved by the customer's word or by their silence; null for neither.</summary>
    public TalkResolution? Resolution { get; private set; }

    /// <summary>When the assistant answered last, while nobody has said whether it helped: silence from then on counts as solved.</summary>
    public DateTime? AnsweredAt { get; set; }

    public int Version { get; set; }

    /// <summary>The customer has written.</summary>
    public void Hear(long messageId, DateTime at)
    {
        if (messageId <= HeardId || State is TalkState.HandedOver or TalkState.TakenOver)
            return;
        (HeardId, HeardAt, IsWaiting) = (messageId, at, true);
        State = TalkState.Active;
        Resolution = null;
    }

    /// <summary>What was heard up to a message is dealt with.</summary>
    public void Handle(long messageId)
    {
        HandledId = Math.Max(HandledId, messageId);
        IsWaiting = State == TalkState.Active && HeardId > HandledId;
        ClaimedUntil = null;
    }

    public void HandOver(HandOverCause cause, DateTime at) => End(TalkState.HandedOver, cause, at);

    /// <summary>A member of staff has answered or taken the ticket.</summary>
    public void TakeOver(DateTime at)
    {
        if (State is TalkState.HandedOver or TalkState.TakenOver)
            return;
        End(TalkState.TakenOver, Cause, at);
    }

    public void Solve(TalkResolution resolution, DateTime at)
    {
        if (State is TalkState.HandedOver or TalkState.TakenOver)
            return;
        (State, Resolution, EndedAt, AnsweredAt) = (TalkState.Solved, resolution, at, null);
    }

    private void End(TalkState state, HandOverCause? cause, DateTime at)
    {
        (State, Cause, EndedAt, AnsweredAt) = (state, cause, at, null);
        // Solved is what needed no person: whatever was said before, one has it now.
        Resolution = null;
        (IsWaiting, ClaimedUntil) = (false, null);
    }
}

internal enum TalkState
{
    Active,

    /// <summary>The customer is content, or has been silent since an answer. Who writes again begins it anew.</summary>
    Solved,

    /// <summary>The assistant gave it to a person.</summary>
    HandedOver,

    /// <summary>A person took it.</summary>
    TakenOver,
}

internal enum TalkResolution
{
    /// <summary>The customer said so.</summary>
    Confirmed,

    /// <summary>The customer said nothing more after an answer.</summary>
    Assumed,
}

/// <summary>Why a person has a conversation.</summary>
internal enum HandOverCause
{
    Person,
    Anger,
    Threat,
    Fraud,
    Safety,

    /// <summary>Somebody has to look into an order, an account or a workspace.</summary>
    Order,

    /// <summary>A call back was asked for.</summary>
    CallBack,

    /// <summary>Not understood, or not helped.</summary>
    Failed,

    /// <summary>The owner wants this intent to go to a person.</summary>
    Rule,

    /// <summary>The assistant did not answer in time.</summary>
    Silent,
}

/// <summary>What the assistant remembers of a conversation.</summary>
internal sealed record TalkMemory
{
    /// <summary>What was answered, as candidates' keys, in order.</summary>
    public IReadOnlyList<string> Answered { get; init; } = [];

    /// <summary>Articles that were shown.</summary>
    public IReadOnlyList<long> Articles { get; init; } = [];

    /// <summary>Fingerprints of what was said: nothing is said twice.</summary>
    public IReadOnlyList<string> Said { get; init; } = [];

    /// <summary>What questions back have offered.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    public bool HasAskedToRephrase { get; init; }

    /// <summary>How many messages in a row could not be answered.</summary>
    public int Unclear { get; init; }

    /// <summary>How often an answer did not help.</summary>
    public int NotHelped { get; init; }

    /// <summary>The matter it is about: the candidate answered or asked about last.</summary>
    public string? Matter { get; init; }

    /// <summary>What was asked last in the customer's own words: what a button says is only the name of it.</summary>
    public string Question { get; init; } = "";

    /// <summary>What the customer gave: by <see cref="Slot"/>.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The form that is open: its key; null for none.</summary>
    public string? Form { get; init; }

    /// <summary>What was written for an action that has not been confirmed yet; kept with <see cref="Form"/>.</summary>
    public IReadOnlyDictionary<string, string> Draft { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The message that brought <see cref="Draft"/>: however often it is confirmed, it is done once. 0 while there is none.</summary>
    public long DraftId { get; init; }

    /// <summary>Look-ups and actions that did not succeed, in words for the staff.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];
}

/// <summary>Names of what may be asked for.</summary>
internal static class Slot
{
    public const string Order = "order";
    public const string Contact = "contact";
    public const string Phone = "phone";
    public const string Time = "time";
    public const string Name = "name";
    public const string Note = "note";

    public static IReadOnlyList<string> All { get; } = [Order, Contact, Phone, Time, Name, Note];
}
