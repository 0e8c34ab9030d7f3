using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Retention;

namespace SiteDesk.Tickets.CustomerRecords;

/// <summary>What is kept of one person, in numbers.</summary>
public sealed record CustomerHoldings(int Tickets, int Messages, int Files, int Contacts, int Visits, int Consents);

/// <summary>
/// Removes everything that is kept of one person: tickets with messages and files, contacts, browsers, pages visited. The audit log
/// keeps that it was done and how much it was, never what it was.
/// </summary>
public sealed class EraseCustomer(Database database, RemoveTickets removeTickets, RemoveCustomer removeCustomer, AuditLog audit)
{
    public async Task<CustomerHoldings> CountAsync(long customerId, CancellationToken cancellation)
    {
        var ids = await removeCustomer.RecordsOfAsync(customerId, cancellation);
        var messages = database.Set<Message>().Where(message => ids.Contains(message.Ticket!.CustomerId));
        return new(
            await database.Set<Ticket>().CountAsync(ticket => ids.Contains(ticket.CustomerId), cancellation),
            await messages.CountAsync(cancellation),
            await messages.SelectMany(message => message.Files).CountAsync(cancellation),
            await database.Set<CustomerContact>().CountAsync(contact => ids.Contains(contact.CustomerId), cancellation),
            await database.Set<PageVisit>().CountAsync(visit => ids.Contains(visit.CustomerId), cancellation),
            await database.Set<ConsentRecord>().CountAsync(record => database.Set<Visitor>().Any(visitor => visitor.Id == record.VisitorId && ids.Contains(visitor.CustomerId)), cancellation));
    }

    /// <summary>In bounded steps, so that others can write meanwhile; interrupted, it is simply done again.</summary>
    public async Task<Outcome<CustomerHoldings>> RunAsync(long customerId, Staff by, CancellationToken cancellation)
    {
        if (!await by.SeesAllOfAsync(database, customerId, cancellation))
            return new Problem("", "customer-data.not-all-visible");
        var held = await CountAsync(customerId, cancellation);
        while (!await StepAsync(customerId, held, by, cancellation))
            database.ChangeTracker.Clear();
        return held;
    }

    /// <returns>True when nothing is left.</returns>
    private Task<bool> StepAsync(long customerId, CustomerHoldings held, Staff by, CancellationToken cancellation) => database.InTransactionAsync(
        async () =>
        {
            var ids = await removeCustomer.RecordsOfAsync(customerId, cancellation);
            var tickets = await database.Set<Ticket>().Where(ticket => ids.Contains(ticket.CustomerId)).OrderBy(ticket => ticket.Id).Take(RemoveTickets.Batch).Select(ticket => ticket.Id).ToListAsync(cancellation);
            if (tickets.Count > 0)
            {
                await removeTickets.RunAsync(tickets, cancellation);
                return false;
            }

            if (!await removeCustomer.RunAsync(customerId, cancellation))
                return true;
            audit.Write(
                by.AsActor(), "customer.erased", string.Create(CultureInfo.InvariantCulture, $"customer:{customerId}"),
                ("tickets", Text(held.Tickets)), ("messages", Text(held.Messages)), ("files", Text(held.Files)));
            database.Publish(() => new CustomerErased(customerId));
            await database.SaveChangesAsync(cancellation);
            return true;
        },
        cancellation);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
