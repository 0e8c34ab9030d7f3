using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>Blocks a sender: what they send from now on goes to junk, where it is kept and seen.</summary>
public sealed class BlockSender(Database database, AuditLog audit, TimeProvider time)
{
    /// <summary>The widest ranges that may be blocked: /8 of IPv4, /32 of IPv6; wider ones are a slip of the key.</summary>
    private const int WidestIPv4 = 8, WidestIPv6 = 32;

    public async Task<Outcome<BlockedSender>> RunAsync(string text, string reason, Staff staff, CancellationToken cancellation)
    {
        if (Normalise(text) is not { } pattern)
            return new Problem("pattern", "block.not-understood");
        if (await database.Set<BlockedSender>().FirstOrDefaultAsync(row => row.Pattern == pattern, cancellation) is { } known)
            return known;
        var blocked = new BlockedSender { Pattern = pattern, Reason = reason.Trim().UpTo(200), CreatedAt = time.Now(), CreatedById = staff.Id };
        database.Add(blocked);
        SignalChange();
        audit.Write(staff.AsActor(), "sender.blocked", "blocked-sender", ("pattern", pattern));
        await database.SaveChangesAsync(cancellation);
        return blocked;
    }

    /// <summary>Lets a sender write again.</summary>
    public async Task<bool> LiftAsync(long id, Staff staff, CancellationToken cancellation)
    {
        if (await database.Set<BlockedSender>().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } blocked)
            return false;
        database.Remove(blocked);
        SignalChange();
        audit.Write(staff.AsActor(), "sender.unblocked", "blocked-sender", ("pattern", blocked.Pattern));
        await database.SaveChangesAsync(cancellation);
        return true;
    }

    private void SignalChange() => database.Signal(() => new LiveSignal(BlockedSenders.Topic, "changed", "{}"));

    /// <summary>The one writing of an e-mail address, <c>@domain</c>, phone number, network address or range.</summary>
    /// <returns>Null when it is none of them.</returns>
    public static string? Normalise(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith('@'))
            return ContactAddress.ParseEmail("someone" + trimmed) is { } address ? address.Value["someone".Length..] : null;
        if (trimmed.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(trimmed, out var network) && network.PrefixLength >= (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6) ? network.ToString() : null;
        if (IPAddress.TryParse(trimmed, out var single) && (trimmed.Contains(':', StringComparison.Ordinal) || trimmed.Count(letter => letter == '.') == 3))
            return single.ToString();
        return ContactAddress.Parse(trimmed)?.Value;
    }
}
