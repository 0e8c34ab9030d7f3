using System.Net;
using System.Net.Sockets;
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
        if (IsTooWide(text))
            return new Problem("pattern", "block.too-wide", ("four", WidestIPv4), ("six", WidestIPv6));
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

    /// <summary>A network address in the one writing in which it is compared: a socket that hears both protocols writes IPv4 as IPv6.</summary>
    public static IPAddress? NetworkAddress(string? text) =>
        !IPAddress.TryParse(text, out var address) ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The network that an address stands in, as providers give them out: /24 of IPv4, /64 of IPv6.</summary>
    public static string? RangeOf(IPAddress address) =>
        Normalise($"{address}/{(address.AddressFamily == AddressFamily.InterNetwork ? 24 : 64)}");

    private static bool IsTooWide(string text) => text.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(text.Trim(), out var network) && !IsNarrow(network);

    private static bool IsNarrow(IPNetwork network) => network.PrefixLength >= (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6);

    /// <summary>The one writing of an e-mail address, <c>@domain</c>, phone number, network address or range.</summary>
    /// <returns>Null when it is none of them.</returns>
    public static string? Normalise(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith('@'))
            return ContactAddress.ParseEmail("someone" + trimmed) is { } address ? address.Value["someone".Length..] : null;
        if (trimmed.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(trimmed, out var network) && IsNarrow(network) ? network.ToString() : null;
        if (IPAddress.TryParse(trimmed, out _) && (trimmed.Contains(':', StringComparison.Ordinal) || trimmed.Count(letter => letter == '.') == 3))
            return NetworkAddress(trimmed)!.ToString();
        return ContactAddress.Parse(trimmed)?.Value;
    }
}
