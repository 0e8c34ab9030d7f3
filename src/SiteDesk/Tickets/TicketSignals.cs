using System.Text.Json;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>What open streams are told of tickets.</summary>
public static class TicketSignals
{
    /// <summary>All workspaces listen here.</summary>
    public const string Desk = "desk";

    /// <summary>The customer's side of one ticket (widget, tracking page) listens here.</summary>
    public static string Conversation(long ticketId) => $"conversation:{ticketId}";

    /// <summary>Tells the workspaces that a ticket moved; they fetch what they show of it, with their own rights.</summary>
    /// <param name="kind"><c>opened</c>, <c>message</c>, <c>note</c>, <c>changed</c>.</param>
    public static LiveSignal Moved(Ticket ticket, string kind) => new(
        Desk, "ticket",
        JsonSerializer.Serialize(new { ticket = ticket.Id, kind, assignee = ticket.AssigneeId }, DatabaseJson.Options),
        Id: ticket.UpdatedAt.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture),
        SiteId: ticket.SiteId, TeamId: ticket.TeamId, AssigneeId: ticket.AssigneeId);

    /// <summary>Tells the customer's side that somebody writes an answer. True for seconds, so it has no position.</summary>
    public static LiveSignal Typing(long ticketId, string name) => new(
        Conversation(ticketId), "typing", JsonSerializer.Serialize(new { name, on = true }, DatabaseJson.Options));

    /// <summary>Gives the customer's side a message whole; its key is the position to resume from.</summary>
    public static LiveSignal Said(Message message) => new(
        Conversation(message.TicketId), "message",
        JsonSerializer.Serialize(PublicMessage.Of(message), DatabaseJson.Options),
        Id: message.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Tells the customer's side that a message was taken back. No position: it may be told any number of times.</summary>
    public static LiveSignal Withdrawn(Message message) => new(
        Conversation(message.TicketId), "withdrawn", JsonSerializer.Serialize(new { messageId = message.Id }, DatabaseJson.Options));

    /// <summary>Tells the customer's side that more changed than messages can say: it fetches the conversation and listens anew.</summary>
    public static LiveSignal Rearranged(long ticketId) => new(Conversation(ticketId), "resync", "{}");
}

/// <summary>A message as the customer's side sees it.</summary>
public sealed record PublicMessage(
    long Id, string ClientId, string Author, string? Name, string Text, string? Html, DateTime At, List<PublicFile> Files,
    MessageOffer? Offer)
{
    public static PublicMessage Of(Message message) => new(
        message.Id, message.ClientId,
        message.AuthorKind switch { ActorKind.Customer => "customer", ActorKind.Assistant => "assistant", ActorKind.System => "system", _ => "agent" },
        message.AuthorKind == ActorKind.Customer ? null : message.AuthorName,
        message.Text, message.Html, message.CreatedAt,
        message.Files.ConvertAll(file => new PublicFile(file.File.Token, file.File.Name, file.File.Size, file.File.ContentType, file.File.Width, file.File.Height)),
        message.Offer);
}

public sealed record PublicFile(string Token, string Name, long Size, string Type, int? Width, int? Height);
