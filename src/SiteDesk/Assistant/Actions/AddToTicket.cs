using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Actions;

/// <summary>Adds a message to an earlier conversation of the customer's.</summary>
internal sealed class AddToTicket(OwnConversations conversations, AddCustomerMessage add, Database database, AuditLog audit, TextCatalog catalog) : IAssistantAction
{
    public const string Number = "ticket";
    public const string Addition = "addition";
    private const string Unknown = "action.add-to-ticket.unknown";

    public string Key => ActionKeys.AddToTicket;

    public IReadOnlyList<ActionInput> Inputs { get; } = [new(Number, "text"), new(Addition, "long")];

    public ActionEffect Effect => ActionEffect.Changes;

    public ActionRight Right => ActionRight.Conversation;

    public async ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        if (request.Values.GetValueOrDefault(Number) is not { Length: > 0 } written)
            return problems;
        var number = NumberIn(written);
        if (number == request.Ticket.Id)
            problems[Number] = "action.add-to-ticket.here";
        else if (number is not { } other || await conversations.FindAsync(request.Ticket, other, cancellation) is null)
            problems[Number] = Unknown;
        return problems;
    }

    public async Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation)
    {
        var (number, addition) = (NumberIn(request.Values.GetValueOrDefault(Number, "")), request.Values.GetValueOrDefault(Addition, ""));
        // Looked for again: between the question and the yes the staff may have given it to somebody else.
        if (number is not { } other || other == request.Ticket.Id || await conversations.FindAsync(request.Ticket, other, cancellation) is not { } own)
            return new ActionResult(catalog.Get(request.Language, Unknown), false, []);

        var outcome = await add.RunAsync(new AddCustomerMessage.Request(own.Id, addition, request.IdempotencyKey, request.Ticket.Channel), cancellation);
        var shown = await conversations.ShownAsync(outcome.Succeeded && own.MergedIntoId is null ? outcome.Value.Ticket : own, request.Language, cancellation);
        (string, object)[] words = [("number", Shown(own.Id)), ("state", PlainWords.Of(shown.State))];
        if (!outcome.Succeeded)
        {
            // It has ended for good. The addition stands in this conversation, and a person goes on from here.
            return new ActionResult(
                catalog.Get(request.Language, "action.add-to-ticket.closed", words), false, [], catalog.Get(request.Site.DefaultLanguage, "action.add-to-ticket.staff", [("number", Shown(own.Id)), ("addition", addition)]),
                HandsOver: true);
        }

        await NoteAsync(request, outcome.Value.Message, cancellation);
        return new ActionResult(catalog.Get(request.Language, "action.add-to-ticket.done", words), true, [MyTickets.SourceOf(shown)]);
    }

    /// <summary>Once, also where the program ended between the message and this.</summary>
    private async Task NoteAsync(ActionRequest request, Message message, CancellationToken cancellation)
    {
        const string action = "assistant.added-to-ticket";
        var subject = string.Create(CultureInfo.InvariantCulture, $"message:{message.Id}");
        if (await database.Set<AuditEntry>().AnyAsync(entry => entry.Action == action && entry.Subject == subject, cancellation))
            return;
        audit.Write(request.AsActor(), action, subject, ("ticket", Shown(message.TicketId)), ("asked-in", Shown(request.Ticket.Id)));
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>"#12", "№ 12", "12".</summary>
    private static long? NumberIn(string written) =>
        long.TryParse(written.Trim().TrimStart('#', '№', '＃').Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Shown(long number) => string.Create(CultureInfo.InvariantCulture, $"#{number}");
}
