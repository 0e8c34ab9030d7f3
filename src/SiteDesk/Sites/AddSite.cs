using System.Globalization;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>Adds one more website to the installation.</summary>
public sealed class AddSite(Database database, CreateSite createSite, SiteDirectory directory, AuditLog audit)
{
    public async Task<Outcome<Site>> RunAsync(CreateSite.Request request, Staff by, CancellationToken cancellation)
    {
        // Who is confined to sites would make one they cannot see.
        if (by.SiteIds is not null)
            return new Problem("", "site.confined");
        var outcome = createSite.Run(request);
        if (!outcome.Succeeded)
            return outcome;
        await database.InTransactionAsync(async () =>
        {
            await database.SaveChangesAsync(cancellation);
            audit.Write(by.AsActor(), "site.added", string.Create(CultureInfo.InvariantCulture, $"site:{outcome.Value.Id}"), ("name", outcome.Value.Name), ("address", outcome.Value.Address));
            return await database.SaveChangesAsync(cancellation);
        }, cancellation);
        directory.Forget();
        return outcome;
    }
}
