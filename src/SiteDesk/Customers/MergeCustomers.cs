using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>
/// Makes one record of two that are the same person: everything that points at the one points at the other afterwards. Can be
/// taken back (<see cref="SplitCustomers"/>). Several at once, in whatever order, end in one record.
/// </summary>
public sealed class MergeCustomers(Database database, AuditLog audit, TimeProvider time) : IHandle<MergeSettles>
{
    // Who was about to store a row for the record that goes, when it went, is done by then.
    private static readonly TimeSpan Stragglers = TimeSpan.FromSeconds(15);

    /// <param name="intoId">The record that stays; when it was merged itself, the one it became.</param>
    /// <returns>The key of the record both now are.</returns>
    public async Task<Outcome<long>> RunAsync(long fromId, long intoId, MergeReason reason, Actor by, CancellationToken cancellation)
    {
        const int tries = 5;
        for (var attempt = 1; ; attempt++)
        {
            var (from, into) = (await RootOfAsync(fromId, cancellation), await RootOfAsync(intoId, cancellation));
            if (from is null || into is null)
                return new Problem("with", "merge-customers.unknown");
            if (from == into)
                return fromId == intoId ? new Problem("with", "merge-customers.same") : into.Value;
            try
            {
                if (await database.InTransactionAsync(() => TryAsync(from.Value, into.Value, reason, by, cancellation), cancellation) is { } outcome)
                    return outcome;
            }
            catch (DbUpdateException problem) when (attempt < tries && problem.IsConflict())
            {
                // Somebody corrected one of the two at the same moment: looked at again below.
            }

            database.ChangeTracker.Clear();
            if (attempt == tries)
                return new Problem("", "customer.moved");
        }
    }

    /// <summary>Rows stored for the record that went while it went: they follow.</summary>
    public async Task HandleAsync(MergeSettles domainEvent, EventContext context, CancellationToken cancellation)
    {
        await database.InTransactionAsync(
            async () =>
            {
                await CustomerLock.TakeAsync(database, [domainEvent.FromId], cancellation);
                var stands = await database.Set<CustomerMerge>().AnyAsync(merge => merge.Id == domainEvent.MergeId && merge.UndoneAt == null, cancellation);
                var target = stands ? await RootOfAsync(domainEvent.FromId, cancellation) : null;
                if (target is { } id && id != domainEvent.FromId)
                    await MoveAsync(domainEvent.MergeId, domainEvent.FromId, id, cancellation);
                return true;
            },
            cancellation);
    }

    /// <returns>Null when one of the two was merged meanwhile: look again.</returns>
    private async Task<Outcome<long>?> TryAsync(long fromId, long intoId, MergeReason reason, Actor by, CancellationToken cancellation)
    {
        await CustomerLock.TakeAsync(database, [fromId, intoId], cancellation);
        var customers = await database.Set<Customer>().Include(customer => customer.Contacts).Where(customer => customer.Id == fromId || customer.Id == intoId).ToListAsync(cancellation);
        if (customers.Count < 2 || customers.Exists(customer => customer.MergedIntoId is not null))
            return null;
        var (from, into) = (customers.Find(customer => customer.Id == fromId)!, customers.Find(customer => customer.Id == intoId)!);
        if (from.ExternalId is not null && into.ExternalId is not null)
            return new Problem("with", "merge-customers.two-keys");

        var merge = new CustomerMerge
        {
            FromId = fromId,
            IntoId = intoId,
            Reason = reason,
            At = time.Now(),
            ByName = by.Name,
            Before = CustomerDetails.Of(into),
            Contacts = MoveContacts(from, into),
        };
        into.LearnFrom(from);
        from.MergedIntoId = into.Id;
        database.Add(merge);
        await MoveOwnKeyAsync(from, into, cancellation);
        audit.Write(by, "customer.merged", string.Create(CultureInfo.InvariantCulture, $"customer:{into.Id}"), ("customer", fromId.ToString(CultureInfo.InvariantCulture)), ("reason", reason.ToString()));
        await database.SaveChangesAsync(cancellation);
        await MoveAsync(merge.Id, fromId, intoId, cancellation);
        database.Publish(() => new CustomersMerged(merge.Id, fromId, intoId));
        database.Publish(() => new MergeSettles(merge.Id, fromId), merge.At + Stragglers);
        return intoId;
    }

    /// <summary>The owner's own key is unique: it leaves the one record before the other takes it.</summary>
    private async Task MoveOwnKeyAsync(Customer from, Customer into, CancellationToken cancellation)
    {
        if (from.ExternalId is not { } key)
            return;
        from.ExternalId = null;
        await database.SaveChangesAsync(cancellation);
        into.ExternalId = key;
    }

    private List<MovedContact> MoveContacts(Customer from, Customer into)
    {
        var moved = new List<MovedContact>();
        foreach (var contact in from.Contacts.ToList())
        {
            var known = into.Contacts.Find(other => other.Kind == contact.Kind && other.Value == contact.Value);
            var bringsProof = known is { ProvenAt: null } && contact.ProvenAt is not null;
            moved.Add(new(known is null ? contact.Id : null, contact.Kind, contact.Value, contact.Shown, contact.AddedAt, contact.ProvenAt, contact.ProvenBy, bringsProof));
            if (bringsProof)
                known!.MarkProven(contact.ProvenBy ?? ContactProof.StaffDecision, contact.ProvenAt!.Value);
            from.Contacts.Remove(contact);
            if (known is null)
                into.Contacts.Add(contact);
            else
                database.Remove(contact);
        }

        return moved;
    }

    private async Task MoveAsync(long mergeId, long fromId, long intoId, CancellationToken cancellation)
    {
        foreach (var reference in CustomerReference.AllIn(database.Model))
            await reference.MoveAsync(database, mergeId, fromId, intoId, cancellation);
    }

    private async Task<long?> RootOfAsync(long id, CancellationToken cancellation)
    {
        while (true)
        {
            var row = await database.Set<Customer>().Where(customer => customer.Id == id).Select(customer => new { customer.MergedIntoId }).FirstOrDefaultAsync(cancellation);
            if (row is null)
                return null;
            if (row.MergedIntoId is not { } next)
                return id;
            id = next;
        }
    }
}
