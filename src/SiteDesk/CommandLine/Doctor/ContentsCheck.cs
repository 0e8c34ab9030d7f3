using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>What is stored: somebody who can sign in as owner, no heap of failed deliveries, no lost files.</summary>
internal sealed class ContentsCheck(IServiceScopeFactory scopes, TimeProvider time) : ICheck
{
    private const string Owner = "Owner", Deliveries = "Deliveries", Files = "Files";
    private const int FilesLookedAt = 1000;
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(15);

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        if (!await IsMigratedAsync(database, cancellation))
            yield break;
        yield return await OwnerAsync(database, cancellation);
        yield return await DeliveriesAsync(database, cancellation);
        yield return await FilesAsync(database, scope.ServiceProvider.GetRequiredService<FileStore>(), cancellation);
    }

    // Without reach or schema the check of the database has said all there is to say.
    private static async Task<bool> IsMigratedAsync(Database database, CancellationToken cancellation)
    {
        if (!await database.Database.CanConnectAsync(cancellation))
            return false;
        try
        {
            return !(await database.Database.GetPendingMigrationsAsync(cancellation)).Any();
        }
        catch (System.Data.Common.DbException)
        {
            return false;
        }
    }

    private static async Task<Finding> OwnerAsync(Database database, CancellationToken cancellation)
    {
        if (!await database.Set<StaffMember>().AnyAsync(cancellation))
            return Finding.Warning(Owner, "nobody is set up yet", "Open the address in a browser, or: sitedesk user add EMAIL --role owner.");
        return await database.Set<StaffMember>().AnyAsync(member => member.Role == Role.Owner && member.DeactivatedAt == null, cancellation)
            ? Finding.Well(Owner, "there is one")
            : Finding.Fault(Owner, "no active owner is left, so nobody can change the settings", "sitedesk user add EMAIL --role owner");
    }

    private async Task<Finding> DeliveriesAsync(Database database, CancellationToken cancellation)
    {
        var late = time.Now() - Overdue;
        var dead = await database.Set<EventDelivery>().CountAsync(delivery => delivery.DueAt == null, cancellation);
        var waiting = await database.Set<EventDelivery>().CountAsync(delivery => delivery.DueAt < late, cancellation);
        if (dead > 0)
            return Finding.Warning(Deliveries, $"{dead} were given up after many tries", "Look at them in the settings under Deliveries, mend the cause, and run them again.");
        return waiting > 0
            ? Finding.Warning(Deliveries, $"{waiting} are overdue by more than {Overdue.TotalMinutes:0} minutes", "Is the program running? Its log says why they fail.")
            : Finding.Well(Deliveries, "none is overdue or given up");
    }

    private static async Task<Finding> FilesAsync(Database database, FileStore files, CancellationToken cancellation)
    {
        var digests = await database.Set<StoredFile>().OrderByDescending(file => file.Id).Take(FilesLookedAt).Select(file => file.Sha256).ToListAsync(cancellation);
        var lost = digests.Count(digest => !File.Exists(files.PathOf(digest)));
        return lost == 0
            ? Finding.Well(Files, $"the newest {digests.Count} are in the data folder")
            : Finding.Fault(Files, $"{lost} of the newest {digests.Count} are not in the data folder", "Is --data the right folder? Else bring them back: a backup has them under files/, and sitedesk restore FILE --force puts them and its rows back.");
    }
}
