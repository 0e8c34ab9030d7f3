using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Sites;

/// <summary>Gives a site's help centre a host of its own, or takes it back below the public address.</summary>
public sealed class ChangeHelpHost(Database database, ChangeSite change)
{
    private const string Field = "helpAddress";

    /// <param name="typed">A host, with or without scheme and port; empty for none. Scheme and port that are not typed are the desk's.</param>
    /// <param name="desk">The public address.</param>
    public async Task<Outcome<Site>> RunAsync(Site site, string typed, Uri desk, Staff by, CancellationToken cancellation)
    {
        string? origin = null;
        if (typed.Trim().Length > 0)
        {
            if (Read(typed, desk) is not { } address)
                return new Problem(Field, "site-help.host-wrong");
            if (await RefusalAsync(site, address, desk, cancellation) is { } refusal)
                return new Problem(Field, refusal);
            origin = OriginOf(address);
        }

        site.HelpOrigin = origin;
        try
        {
            return await change.SaveAsync(site, "site.help-host-changed", by, cancellation, ("host", origin ?? ""));
        }
        catch (DbUpdateException problem) when (problem.IsConflict())
        {
            // Another site was given it in the same moment.
            return new Problem(Field, "site-help.host-taken");
        }
    }

    /// <summary>The address as people read it: names in their own script.</summary>
    public static string Shown(string? origin)
    {
        if (origin is null)
            return "";
        var address = new Uri(origin);
        return $"{address.Scheme}://{Readable(address.IdnHost)}{(address.IsDefaultPort ? "" : $":{address.Port.ToString(CultureInfo.InvariantCulture)}")}";
    }

    private static Uri? Read(string typed, Uri desk)
    {
        var trimmed = typed.Trim().TrimEnd('/');
        var whole = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed
            : trimmed.Contains(':', StringComparison.Ordinal) || desk.IsDefaultPort ? $"{desk.Scheme}://{trimmed}"
            : string.Create(CultureInfo.InvariantCulture, $"{desk.Scheme}://{trimmed}:{desk.Port}");
        if (trimmed.Length > 255 || !Uri.TryCreate(whole, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return null;
        return address is { PathAndQuery: "/", Fragment: "", UserInfo: "", HostNameType: UriHostNameType.Dns } && IsName(address) ? address : null;
    }

    // A name of at least two labels, of letters, digits and hyphens once it is in ASCII form (RFC 5890, section 2.3.2.1).
    private static bool IsName(Uri address)
    {
        try
        {
            var labels = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(Readable(address.IdnHost)).Split('.');
            return labels.Length >= 2 && labels.All(label => label.Length is > 0 and <= 63);
        }
        catch (ArgumentException)
        {
            // How IdnMapping says that it is none.
            return false;
        }
    }

    private async Task<string?> RefusalAsync(Site site, Uri address, Uri desk, CancellationToken cancellation)
    {
        if (HostsEqual(address, desk))
            return "site-help.host-is-desk";
        var others = await database.Set<Site>().AsNoTracking().Select(row => new { row.Id, row.Address, row.HelpOrigin }).ToListAsync(cancellation);
        if (others.Exists(row => row.Id != site.Id && row.HelpOrigin is { } origin && HostsEqual(address, new Uri(origin))))
            return "site-help.host-taken";
        return others.Exists(row => Uri.TryCreate(row.Address, UriKind.Absolute, out var website) && HostsEqual(address, website)) ? "site-help.host-is-site" : null;
    }

    private static bool HostsEqual(Uri one, Uri other) => string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static string OriginOf(Uri address) =>
        $"{address.Scheme}://{address.IdnHost.ToLowerInvariant()}{(address.IsDefaultPort ? "" : $":{address.Port.ToString(CultureInfo.InvariantCulture)}")}";

    private static string Readable(string host)
    {
        try
        {
            return new IdnMapping().GetUnicode(host);
        }
        catch (ArgumentException)
        {
            return host; // what cannot be read is shown as it is
        }
    }
}
