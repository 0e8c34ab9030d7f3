using SiteDesk.Assistant.Knowledge;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>A message of the customer's that waits for an answer.</summary>
internal sealed record HeardMessage(long Id, string Text, MessageChoice? Choice, bool HasFiles);

/// <summary>What a reply is made from. Nothing in it can be changed by what the customer wrote but <see cref="Heard"/>.</summary>
/// <param name="Language">The conversation's language so far.</param>
/// <param name="Heard">What was written since the last answer, oldest first; at least one.</param>
/// <param name="IsLive">Whether the customer sits before it: then questions back and forms make sense. By mail and form only sure answers do.</param>
/// <param name="IsOpen">Whether somebody of the staff is on duty.</param>
/// <param name="NextOpening">When somebody will be, UTC; null when somebody is or nobody will be.</param>
/// <param name="HasContact">Whether the customer can be reached elsewhere.</param>
/// <param name="Known">What is known of the site; null while it is being trained and nobody needs it.</param>
internal sealed record TalkSituation(
    Site Site, Ticket Ticket, string Language, TalkMemory Memory, IReadOnlyList<HeardMessage> Heard, bool IsLive, bool IsOpen, DateTime? NextOpening,
    bool HasContact, TimeZoneInfo TimeZone, SiteKnowledge? Known)
{
    public HeardMessage Last => Heard[^1];

    /// <summary>What is known of the site.</summary>
    /// <exception cref="InvalidOperationException">It was not asked for: who presses for a person need not wait for it.</exception>
    public SiteKnowledge Knowledge => Known ?? throw new InvalidOperationException("Only a wish for a person is answered without what is known.");

    /// <summary>What was written, as it is read (<see cref="QuestionText"/>).</summary>
    public string Text { get; } = string.Join('\n', Heard.Select(message => QuestionText.Of(message.Text)));
}

/// <summary>What the assistant says and does next.</summary>
internal sealed record TalkReply
{
    public required TurnKind Kind { get; init; }

    /// <summary>The language it is in.</summary>
    public required string Language { get; init; }

    /// <summary>Markdown; empty when nothing is said.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<OfferedSource> Sources { get; init; } = [];

    public IReadOnlyList<OfferedChoice> Choices { get; init; } = [];

    public OfferedForm? Form { get; init; }

    public required TalkMemory Memory { get; init; }

    /// <summary>Why a person goes on; null when the assistant does.</summary>
    public HandOverCause? Cause { get; init; }

    /// <summary>Put on the ticket when a person goes on.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool IsSolved { get; init; }

    public string? Candidate { get; init; }

    public long? ArticleId { get; init; }

    public double Probability { get; init; }

    /// <summary>The team a person of which goes on; null for any.</summary>
    public long? TeamId { get; init; }

    /// <summary>What the customer said of the answer before; null for nothing.</summary>
    public bool? Helped { get; init; }

    /// <summary>The passages an answer rests on, with where they stand; a language model may word them otherwise.</summary>
    public IReadOnlyList<(OfferedSource Source, string Text)> Grounds { get; init; } = [];

    /// <summary>Whether the turn belongs to the teaching desk.</summary>
    public bool IsToTeach { get; init; }

    public MessageOffer? Offer => Sources.Count == 0 && Choices.Count == 0 && Form is null ? null : new MessageOffer { Sources = Sources, Choices = Choices, Form = Form };
}
