using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Channels.Chat;

/// <summary>Writes down who a visitor is, as far as they say.</summary>
public sealed class VisitorRegister(Database database, TimeProvider time)
{
    /// <summary>A browser that has not been here: a customer of whom nothing is known. Runs in the caller's transaction.</summary>
    public async Task<(Visitor Visitor, Customer Customer)> IntroduceAsync(WidgetVisit visit, HttpContext http, CancellationToken cancellation)
    {
        var now = time.Now();
        var customer = new Customer { CreatedAt = now, Language = visit.Language };
        database.Add(customer);
        await database.SaveChangesAsync(cancellation);
        var agent = http.Request.Headers.UserAgent.ToString();
        var visitor = new Visitor
        {
            SiteId = visit.Site.Id,
            CustomerId = customer.Id,
            TokenHash = visit.TokenHash!,
            CreatedAt = now,
            LastSeenAt = now,
            UserAgent = agent.UpTo(300),
            Address = http.Connection.RemoteIpAddress?.ToString(),
        };
        database.Add(visitor);
        await database.SaveChangesAsync(cancellation);
        return (visitor, customer);
    }

    /// <summary>The visitor, introduced and saved when new.</summary>
    public Task<Visitor> EnsureAsync(WidgetVisit visit, HttpContext http, CancellationToken cancellation)
    {
        const int tries = 2;
        // Another tab introduced the same secret in the same moment: look again.
        return database.AgainOnConflictAsync(
            tries,
            async () => await visit.FindVisitorAsync(database, cancellation)
                ?? (await database.InTransactionAsync(() => IntroduceAsync(visit, http, cancellation), cancellation)).Visitor,
            cancellation);
    }

    /// <summary>Takes over what came with a message. Saved by the caller.</summary>
    public void Learn(WidgetVisit visit, Visitor visitor, Customer customer, SendChatMessage.Request request, IReadOnlyList<ContactAddress> contacts)
    {
        var now = time.Now();
        visitor.LastSeenAt = now;
        customer.Language ??= visit.Language;
        if (customer.TimeZone is null && TimeZones.Exists(request.TimeZone))
            customer.TimeZone = request.TimeZone;
        Learn(customer, request.Contact, contacts);
        if (request.Consent is { } consent && visitor.ConsentNumber != consent.Version)
            Decide(visit, visitor, ConsentPurpose.Messages, consent.Version, granted: true);
    }

    /// <summary>Name and addresses, as claimed.</summary>
    public void Learn(Customer customer, GivenContact? given, IReadOnlyList<ContactAddress> contacts)
    {
        if (customer.Name.Length == 0 && given?.CleanName(customer.Language) is { Length: > 0 } name)
            customer.Name = name;
        foreach (var contact in contacts)
            customer.AddContact(contact, time.Now());
    }

    /// <summary>The same for a conversation under way; saves only when there is something new.</summary>
    public async Task NoteAsync(WidgetVisit visit, Visitor visitor, SendChatMessage.Request request, IReadOnlyList<ContactAddress> contacts, CancellationToken cancellation)
    {
        if (contacts.Count == 0 && request.Consent is null && request.Contact is null)
            return;
        var customer = await database.Set<Customer>().Include(customer => customer.Contacts).FirstAsync(customer => customer.Id == visitor.CustomerId, cancellation);
        Learn(visit, visitor, customer, request, contacts);
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>Writes the visitor's decision into the log and makes it count. Saved by the caller.</summary>
    public void Decide(WidgetVisit visit, Visitor visitor, ConsentPurpose purpose, int number, bool granted)
    {
        int? inForce = granted ? number : null;
        if (purpose == ConsentPurpose.Pages)
            visitor.PagesConsentNumber = inForce;
        else
            visitor.ConsentNumber = inForce;
        database.Add(new ConsentRecord
        {
            SiteId = visit.Site.Id,
            VisitorId = visitor.Id,
            Purpose = purpose,
            Number = number,
            Language = visit.Language,
            Granted = granted,
            At = time.Now(),
        });
    }
}
