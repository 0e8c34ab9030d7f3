using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Talk;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Assistant.Actions;

/// <summary>
/// Leaves an address or number, or changes it. While nothing of the customer's is proven it is kept as they claim it; from then on the new one
/// has to be proven as well: a link goes to it, and a number, or a site without a mailbox, is for a person.
/// </summary>
internal sealed class ChangeContact(ClaimedContacts contacts, QueueProof queue, Database database, AuditLog audit, TextCatalog catalog) : IAssistantAction
{
    private const int Tries = 5;

    public string Key => ActionKeys.ChangeContact;

    public IReadOnlyList<ActionInput> Inputs { get; } = [new(Slot.Contact, "contact")];

    public ActionEffect Effect => ActionEffect.Changes;

    public ActionRight Right => ActionRight.Conversation;

    public ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation) => new(Collecting.ProblemsOf(request));

    public async Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation)
    {
        if (ContactAddress.Parse(request.Values.GetValueOrDefault(Slot.Contact), ContactAddress.CountryOf(request.Language)) is not { } address)
            return new ActionResult(catalog.Get(request.Language, "assistant.slot.contact.wrong"), false, []);
        var proven = await database.Set<CustomerContact>().AsNoTracking()
            .Where(contact => contact.CustomerId == request.Ticket.CustomerId && contact.ProvenAt != null).Select(contact => new { contact.Kind, contact.Value }).ToListAsync(cancellation);
        if (proven.Count == 0)
        {
            await contacts.AddAsync(request, address, cancellation);
            return Said(request, "action.change-contact.done", address);
        }

        if (proven.Exists(contact => contact.Kind == address.Kind && contact.Value == address.Value))
            return Said(request, "action.change-contact.known", address);
        return address.Kind == ContactKind.Email && await SendLinkAsync(request, address, cancellation)
            ? Said(request, "action.change-contact.sent", address)
            : Said(request, "action.change-contact.person", address) with { IsDone = false, HandsOver = true, ForStaff = catalog.Get(request.Site.DefaultLanguage, "action.change-contact.staff", [("contact", address.Shown)]) };
    }

    /// <returns>False when no link can be sent from here.</returns>
    private Task<bool> SendLinkAsync(ActionRequest request, ContactAddress address, CancellationToken cancellation) =>
        database.AgainOnConflictAsync(Tries, async () =>
        {
            var wish = await queue.RunAsync(request.Ticket, address, request.Language, cancellation);
            if (wish == ProofWish.Queued)
            {
                audit.Write(request.AsActor(), "assistant.contact-proof-asked", ClaimedContacts.SubjectOf(request), ("contact", address.Kind.ToString()));
                await database.SaveChangesAsync(cancellation);
            }

            return wish != ProofWish.Impossible;
        }, cancellation);

    private ActionResult Said(ActionRequest request, string text, ContactAddress address) =>
        new(catalog.Get(request.Language, text, [("contact", PlainWords.Of(address.Shown))]), true, []);
}
