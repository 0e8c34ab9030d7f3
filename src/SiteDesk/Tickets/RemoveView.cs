using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Takes a view away, and puts it back for who took it away. What is needed for that is sealed and given to their page: the view comes back as
/// the one it was, so that addresses that were kept and orders that were chosen mean it again.
/// </summary>
public sealed class RemoveView(Database database, IDataProtectionProvider protection)
{
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(nameof(RemoveView)).ToTimeLimitedDataProtector();

    /// <param name="Name">What it was called.</param>
    /// <param name="Sealed">Puts it back.</param>
    public sealed record Result(string Name, string Sealed);

    public async Task<Outcome<Result>> RunAsync(long id, Staff staff, CancellationToken cancellation)
    {
        if (await database.Set<TicketView>().ChangeableBy(staff).FirstOrDefaultAsync(view => view.Id == id, cancellation) is not { } view)
            return new Problem("", "views.not-found");
        database.Remove(view);
        await database.SaveChangesAsync(cancellation);
        var kept = new Kept(view.Id, view.Name, view.StaffId, view.Condition, view.Order, view.Position, staff.Id);
        return new Result(view.Name, _protector.Protect(JsonSerializer.Serialize(kept, DatabaseJson.Options), UndoChanges.Longest));
    }

    /// <param name="text">As <see cref="RunAsync"/> sealed it.</param>
    /// <returns>The view's key.</returns>
    public async Task<Outcome<long>> UndoAsync(string text, Staff staff, CancellationToken cancellation)
    {
        if (Open(text) is not { } kept || kept.ById != staff.Id || kept.StaffId is null && !staff.May(TicketPermissions.ShareViews))
            return new Problem("", "undo.too-late");
        if (await database.Set<TicketView>().AnyAsync(view => view.Id == kept.Id, cancellation))
            return kept.Id;
        database.Add(new TicketView { Id = kept.Id, Name = kept.Name, StaffId = kept.StaffId, Condition = kept.Condition, Order = kept.Order, Position = kept.Position });
        await database.SaveChangesAsync(cancellation);
        return kept.Id;
    }

    private Kept? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Kept>(_protector.Unprotect(text), DatabaseJson.Options);
        }
        catch (CryptographicException)
        {
            // Too old, or not our seal: it cannot be taken back.
            return null;
        }
    }

    private sealed record Kept(long Id, string Name, long? StaffId, string Condition, string Order, int Position, long ById);
}

/// <summary>Which views somebody may change.</summary>
public static class ViewScope
{
    /// <summary>Their own, and shared ones if they may share.</summary>
    public static IQueryable<TicketView> ChangeableBy(this IQueryable<TicketView> views, Staff staff)
    {
        var mayShare = staff.May(TicketPermissions.ShareViews);
        return views.Where(view => view.StaffId == staff.Id || mayShare && view.StaffId == null);
    }
}
