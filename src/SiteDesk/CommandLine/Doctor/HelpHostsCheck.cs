using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.CommandLine.Doctor;

/// <summary>Whether the help centres that have a host of their own can be found under it.</summary>
internal sealed class HelpHostsCheck(IServiceProvider services, SiteDeskOptions options) : ICheck
{
    private const string Subject = "Help centres";

    public async IAsyncEnumerable<Finding> LookAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        List<(string Name, Uri Address)> sites;
        await using (var scope = services.CreateAsyncScope())
        {
            if (await ReadAsync(scope.ServiceProvider.GetRequiredService<Database>(), cancellation) is not { } read)
                yield break; // DatabaseCheck says what is wrong with it
            sites = read;
        }

        foreach (var (name, address) in sites)
        {
            if (Uri.TryCreate(options.PublicAddress, UriKind.Absolute, out var desk) && string.Equals(desk.IdnHost, address.IdnHost, StringComparison.OrdinalIgnoreCase))
                yield return Finding.Fault(Subject, $"{address.IdnHost} is the help centre of “{name}” and the desk's PublicAddress, so nobody reaches the desk under it", "Give one of them another name.");
            else if (await IsKnownAsync(address.IdnHost, cancellation))
                yield return Finding.Well(Subject, $"{address.IdnHost} of “{name}” is known to DNS");
            else
                yield return Finding.Fault(Subject, $"{address.IdnHost} of “{name}” is not known to DNS, and every reader is sent there", "Add a CNAME, A or AAAA record for it, or clear the address in the site's settings.");
        }
    }

    /// <returns>Null when the database cannot tell: it is not there yet, or not of this version.</returns>
    private static async Task<List<(string, Uri)>?> ReadAsync(Database database, CancellationToken cancellation)
    {
        try
        {
            var rows = await database.Set<Site>().AsNoTracking().Where(site => site.HelpOrigin != null && site.ArchivedAt == null).OrderBy(site => site.Id)
                .Select(site => new { site.Name, site.HelpOrigin }).ToListAsync(cancellation);
            return rows.ConvertAll(row => (row.Name, new Uri(row.HelpOrigin!)));
        }
        catch (System.Data.Common.DbException)
        {
            return null;
        }
    }

    private static async Task<bool> IsKnownAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(host, cancellation)).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
