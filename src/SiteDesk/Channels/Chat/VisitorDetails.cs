using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>What a visitor tells about themselves beside the conversation: how to reach them, what they agree to, which pages they look at.</summary>
public sealed class VisitorDetails(Database database, VisitorRegister register, VisitorConversations conversations, TimeProvider time)
{
    /// <param name="Purpose"><c>messages</c> or <c>pages</c>.</param>
    public sealed record Consent(string? Purpose, int Version, bool Granted);

    public sealed record Page(string? Url, string? Title);

    /// <summary>A way to answer, claimed for the conversation under way.</summary>
    public async Task<Outcome<ConversationView>> GiveContactAsync(WidgetVisit visit, GivenContact given, CancellationToken cancellation)
    {
        var contacts = GivenContact.Understand(given, visit.Language);
        if (!contacts.Succeeded)
            return contacts.Problems.ToList();
        if (contacts.Value.Count == 0)
            return new Problem("", "chat.contact-needed");
        var visitor = await visit.FindVisitorAsync(database, cancellation);
        var tickets = visitor is null ? [] : await conversations.TicketsOfAsync(visitor, cancellation);
        if (visitor is null || tickets.Count == 0)
            return new Problem("", "chat.visitor-unknown");

        var customer = await database.Set<Customer>().Include(customer => customer.Contacts).FirstAsync(customer => customer.Id == visitor.CustomerId, cancellation);
        register.Learn(customer, given, contacts.Value);
        var ticket = await database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == tickets[0], cancellation);
        database.Signal(() => TicketSignals.Moved(ticket, "changed"));
        await database.SaveChangesAsync(cancellation);
        return (await conversations.ViewAsync(tickets, visit.Language, cancellation))!;
    }

    /// <summary>Logs the decision and makes it count at once; withdrawn page tracking also removes what was recorded.</summary>
    public async Task<Outcome<bool>> DecideAsync(WidgetVisit visit, Consent consent, HttpContext http, CancellationToken cancellation)
    {
        if (visit.TokenHash is null)
            return new Problem("", "chat.token-needed");
        if (!Enum.TryParse<ConsentPurpose>(consent.Purpose, ignoreCase: true, out var purpose) || !Enum.IsDefined(purpose))
            return new Problem("purpose", "chat.purpose-unknown");
        var current = await ConsentTexts.CurrentNumberAsync(database, visit.Site.Id, cancellation);
        if (consent.Granted && consent.Version != current)
            return new Problem("version", "chat.consent-outdated");

        var visitor = await register.EnsureAsync(visit, http, cancellation);
        register.Decide(visit, visitor, purpose, consent.Version, consent.Granted);
        await database.SaveChangesAsync(cancellation);
        if (purpose == ConsentPurpose.Pages && !consent.Granted)
            await database.Set<PageVisit>().Where(page => page.VisitorId == visitor.Id).ExecuteDeleteAsync(cancellation);
        return true;
    }

    /// <returns>False when the visitor has not agreed, or the site does not record pages.</returns>
    public async Task<bool> VisitAsync(WidgetVisit visit, Page page, CancellationToken cancellation)
    {
        if (!visit.Site.Privacy.TracksPages || PageAddress.WithoutQuery(page.Url) is not { } address)
            return false;
        var visitor = await visit.FindVisitorAsync(database, cancellation);
        if (visitor?.PagesConsentNumber is null || visitor.PagesConsentNumber != await ConsentTexts.CurrentNumberAsync(database, visit.Site.Id, cancellation))
            return false;
        var title = MessageComposer.Clean(page.Title ?? "").ReplaceLineEndings(" ");
        database.Add(new PageVisit
        {
            VisitorId = visitor.Id,
            CustomerId = visitor.CustomerId,
            Address = address,
            Title = title.UpTo(300),
            At = time.Now(),
        });
        await database.SaveChangesAsync(cancellation);
        return true;
    }
}
