using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Actions;

/// <summary>
/// Something the assistant can do for a customer: a typed function with its inputs, its right and its effect declared. A feature adds one by
/// registering it. What changes anything is confirmed by the customer first, done once however often it is called, and written into the audit log.
/// </summary>
public interface IAssistantAction
{
    /// <summary>Stable name: letters and hyphens. Its name in the texts is <c>action.KEY</c>.</summary>
    string Key { get; }

    /// <summary>What has to be given, in the order it is asked for.</summary>
    IReadOnlyList<ActionInput> Inputs { get; }

    /// <summary>What it does to the world.</summary>
    ActionEffect Effect { get; }

    /// <summary>Who may have it done.</summary>
    ActionRight Right { get; }

    /// <summary>Checks what was written, before anything is confirmed or done.</summary>
    /// <returns>Keys of texts by the input's name; empty when all is well.</returns>
    ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation);

    /// <summary>Does it. A repeat with the same <see cref="ActionRequest.IdempotencyKey"/> does nothing again and says the same.</summary>
    Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation);
}

/// <param name="Name">Name of the value; the label's text is <c>assistant.slot.NAME</c>.</param>
/// <param name="Kind">As <see cref="OfferedField.Kind"/>.</param>
/// <param name="TakesQuestion">What the customer wrote to have it done stands in it from the start, so that nobody writes the same twice.</param>
public sealed record ActionInput(string Name, string Kind, bool IsRequired = true, bool TakesQuestion = false);

public enum ActionEffect
{
    /// <summary>Only reads: done without asking.</summary>
    Reads,

    /// <summary>Changes something: the customer confirms it first.</summary>
    Changes,
}

public enum ActionRight
{
    /// <summary>Anybody who writes.</summary>
    Anybody,

    /// <summary>Whoever has the conversation, and only for it and the tickets of the same browser or tracking link.</summary>
    Conversation,

    /// <summary>A customer whose address or number is proven.</summary>
    ProvenContact,
}

/// <summary>For whom and with what an action is done. Nothing in it comes from what was written but <see cref="Values"/>.</summary>
/// <param name="Language">To answer in.</param>
/// <param name="TimeZone">The customer's, or the site's.</param>
/// <param name="Values">What was written, by the input's name; trimmed and bounded, not trusted.</param>
/// <param name="IdempotencyKey">The same for a repeat.</param>
public sealed record ActionRequest(Site Site, Ticket Ticket, string Language, TimeZoneInfo TimeZone, IReadOnlyDictionary<string, string> Values, string IdempotencyKey)
{
    /// <summary>Who does it, as the audit log writes it.</summary>
    public Actor AsActor() => new(ActorKind.Assistant, null, Site.Assistant.Name.GetValueOrDefault(Site.DefaultLanguage) is { Length: > 0 } own ? own : "Assistant");
}

/// <param name="Text">What is said to the customer, Markdown.</param>
/// <param name="IsDone">Whether it was done; if not, the text says why and what else can be done.</param>
/// <param name="Sources">Where it can be seen.</param>
/// <param name="ForStaff">A line for whoever takes over; null for none.</param>
/// <param name="HandsOver">Whether a person has to go on.</param>
public sealed record ActionResult(string Text, bool IsDone, IReadOnlyList<OfferedSource> Sources, string? ForStaff = null, bool HandsOver = false)
{
    /// <summary>Put on the conversation when it is handed over: lists and rules go by them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>The actions that come with the program.</summary>
public static class ActionKeys
{
    public const string MyTickets = "my-tickets";
    public const string AddToTicket = "add-to-ticket";
    public const string Report = "report-problem";
    public const string ChangeContact = "change-contact";
    public const string OpeningHours = "opening-hours";
    public const string CallBack = "call-back";
}
