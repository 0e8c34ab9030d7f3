using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>
/// What a channel shows below a message of its own: how it was delivered, what came with it. Rendered with the ticket, so that a long
/// conversation is one request.
/// </summary>
/// <param name="Component">A component with the parameters <c>Content</c>, <c>Message</c> and <c>Staff</c>.</param>
/// <param name="Content">What the component shows.</param>
public sealed record MessageAddition(Type Component, object Content)
{
    internal Dictionary<string, object?> ParametersFor(Message message, Staff staff) =>
        new(StringComparer.Ordinal) { ["Content"] = Content, ["Message"] = message, ["Staff"] = staff };
}

/// <summary>A channel that has something to show with messages.</summary>
public interface IAddToMessages
{
    /// <returns>By the message's key; only for messages it knows something of.</returns>
    Task<IReadOnlyDictionary<long, MessageAddition>> ReadAsync(long ticketId, IReadOnlyList<Message> messages, CancellationToken cancellation);
}

/// <summary>A line above the answer's field that a channel brings, loaded as the frame <c>composer-{Key}</c>: who receives the answer.</summary>
/// <param name="Key">Stable name: letters and hyphens.</param>
/// <param name="Address">From the ticket's number to the frame's address.</param>
/// <param name="Permission">Who sees it.</param>
public sealed record ComposerPart(string Key, Func<long, string> Address, Permission Permission);
