using System.Linq.Expressions;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Something said in a ticket. What was said never changes; their keys give the order. A withdrawn message is in no query
/// unless the query asks for it (<c>IgnoreQueryFilters</c>).
/// </summary>
public sealed class Message
{
    public long Id { get; init; }

    public long TicketId { get; init; }

    /// <summary>Set when the message is new; a message read back has it only when the query includes it.</summary>
    public Ticket? Ticket { get; init; }

    public required MessageKind Kind { get; init; }

    public required ActorKind AuthorKind { get; init; }

    public long? AuthorId { get; init; }

    /// <summary>The author's name at that time.</summary>
    public required string AuthorName { get; init; }

    public required string Text { get; init; }

    /// <summary>
    /// What a formatted text looks like, as <see cref="FormattedText"/> made it when the message was stored; the text is then Markdown.
    /// Null for plain text, which all that customers write is shown as.
    /// </summary>
    public string? Html { get; init; }

    /// <summary>Whether it is shown as <see cref="Html"/>.</summary>
    public bool IsFormatted => Html is not null && AuthorKind != ActorKind.Customer;

    /// <summary>The words without marks of formatting, for wherever the message is shown shortened.</summary>
    public string Words => IsFormatted ? FormattedWords.Of(Text) : Text;

    public required DateTime CreatedAt { get; init; }

    /// <summary>How it came or goes.</summary>
    public required string Channel { get; init; }

    /// <summary>Made by the sender, so that a repeat is recognised; unique within the ticket.</summary>
    public required string ClientId { get; init; }

    /// <summary>What "report a problem" collected, as JSON; null for an ordinary message.</summary>
    public ProblemReport? Report { get; init; }

    /// <summary>What it offers beside its words; null for most.</summary>
    public MessageOffer? Offer { get; init; }

    /// <summary>What its author took of an earlier offer; null for words of their own.</summary>
    public MessageChoice? Choice { get; init; }

    public List<MessageFile> Files { get; } = [];

    /// <summary>When its author took it back (<see cref="WithdrawReply"/>), before anybody read it; null for all others.</summary>
    public DateTime? WithdrawnAt { get; set; }

    /// <summary>Holds in every query: what was taken back is nowhere to be read.</summary>
    internal static readonly Expression<Func<Message, bool>> Stands = message => message.WithdrawnAt == null;

    /// <summary>Staff mentioned in a note.</summary>
    public List<long> MentionedIds { get; init; } = [];

    public MessageTokens? Tokens { get; set; }

    /// <summary>Longest text accepted, in characters.</summary>
    public const int LongestText = 20_000;
}

public enum MessageKind
{
    /// <summary>The customer reads it.</summary>
    Public,

    /// <summary>For the staff only.</summary>
    Note,
}

public sealed class MessageFile
{
    public long MessageId { get; init; }

    public long FileId { get; init; }

    public required StoredFile File { get; init; }
}

/// <summary>What the visitor's page knew when something did not work; shown to the visitor before it is sent.</summary>
public sealed record ProblemReport
{
    public string? Page { get; init; }

    public string? Browser { get; init; }

    public string? Screen { get; init; }

    public string? Language { get; init; }

    public string? Time { get; init; }

    public List<string> Errors { get; init; } = [];

    public List<string> FailedRequests { get; init; } = [];
}
