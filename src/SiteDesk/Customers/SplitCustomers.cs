using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>
/// Takes a merge back: the record that went has its tickets, visits and contacts again. What came after the merge stays where it
/// came to, and so does what somebody has changed by hand since.
/// </summary>
public sealed class SplitCustomers(Database database, AuditLog audit, TimeProvider time)
{
    /// <returns>The key of the record that stands by itself again.</returns>
    public async Task<Outcome<long>> RunAsync(long mergeId, Actor by, CancellationToken cancellation)
    {
        if (await database.Set<CustomerMerge>().AsNoTracking().FirstOrDefaultAsync(merge => merge.Id == mergeId, cancellation) is not { } known)
            return new Problem("", "merge-customers.unknown");
        return await database.InTransactionAsync(() => SplitAsync(known.Id, known.FromId, known.IntoId, by, cancellation), cancellation);
    }

    private async Task<Outcome<long>> SplitAsync(long mergeId, long fromId, long intoId, Actor by, CancellationToken cancellation)
    {
        await CustomerLock.TakeAsync(database, [fromId, intoId], cancellation);
        var merge = await database.Set<CustomerMerge>().FirstAsync(row => row.Id == mergeId, cancellation);
        var from = await database.Set<Customer>().Include(customer => customer.Contacts).FirstOrDefaultAsync(customer => customer.Id == fromId, cancellation);
        var into = await database.Set<Customer>().Include(customer => customer.Contacts).FirstOrDefaultAsync(customer => customer.Id == intoId, cancellation);
        if (from is null || into is null)
            return new Problem("", "merge-customers.unknown");
        if (merge.UndoneAt is not null)
            return fromId;

        // The record that stayed went into another one later: that merge is taken back first.
        if (from.MergedIntoId != intoId)
            return new Problem("", "merge-customers.later-first");

        merge.UndoneAt = time.Now();
        from.MergedIntoId = null;
        GiveBackDetails(merge.Before, from, into);
        foreach (var contact in merge.Contacts)
            GiveBack(contact, from, into);
        await GiveBackKeyAsync(merge.Before, from, into, cancellation);
        audit.Write(by, "customer.split", string.Create(CultureInfo.InvariantCulture, $"customer:{intoId}"), ("customer", fromId.ToString(CultureInfo.InvariantCulture)));
        await database.SaveChangesAsync(cancellation);
        foreach (var reference in CustomerReference.AllIn(database.Model))
            await reference.MoveBackAsync(database, mergeId, fromId, intoId, cancellation);
        await database.Set<MovedRow>().Where(row => row.MergeId == mergeId).ExecuteDeleteAsync(cancellation);
        database.Publish(() => new CustomersSplit(mergeId, fromId, intoId));
        return fromId;
    }

    /// <summary>What the merge has filled in goes, unless it was changed since.</summary>
    private static void GiveBackDetails(CustomerDetails before, Customer from, Customer into)
    {
        if (before.Name.Length == 0 && into.Name == from.Name)
            into.Name = before.Name;
        if (before.AddressAs.Length == 0 && into.AddressAs == from.AddressAs)
            into.AddressAs = before.AddressAs;
        if (before.Remarks.Length == 0 && into.Remarks == from.Remarks)
            into.Remarks = before.Remarks;
        if (before.Language is null && into.Language == from.Language)
            into.Language = before.Language;
        if (before.TimeZone is null && into.TimeZone == from.TimeZone)
            into.TimeZone = before.TimeZone;
    }

    private static void GiveBack(MovedContact moved, Customer from, Customer into)
    {
        if (moved.Id is { } id)
        {
            // Removed by hand since, or split off already: then it stays so.
            if (into.Contacts.Find(contact => contact.Id == id) is not { } contact)
                return;
            into.Contacts.Remove(contact);
            from.Contacts.Add(contact);
            return;
        }

        var again = new CustomerContact { Kind = moved.Kind, Value = moved.Value, Shown = moved.Shown, AddedAt = moved.AddedAt };
        if (moved.ProvenAt is { } at)
            again.MarkProven(moved.ProvenBy ?? ContactProof.StaffDecision, at);
        from.Contacts.Add(again);
        if (moved.BroughtProof && into.Contacts.Find(contact => contact.Kind == moved.Kind && contact.Value == moved.Value) is { } kept && kept.ProvenAt == moved.ProvenAt)
            kept.UnmarkProven();
    }

    private async Task GiveBackKeyAsync(CustomerDetails before, Customer from, Customer into, CancellationToken cancellation)
    {
        if (before.ExternalId is not null || into.ExternalId is not { } key)
            return;
        into.ExternalId = null;
        await database.SaveChangesAsync(cancellation);
        from.ExternalId = key;
    }
}
