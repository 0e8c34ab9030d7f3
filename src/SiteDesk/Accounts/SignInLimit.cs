using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SiteDesk.Accounts;

/// <summary>
/// Slows down who tries passwords of many accounts from one address; the lockout of the account itself does not see that.
/// Counts failures only, in memory of this node: a whole office behind one address signs in freely.
/// </summary>
public sealed class SignInLimit(TimeProvider time)
{
    /// <summary>Failures of one address within <see cref="Window"/> after which it waits.</summary>
    public const int MostFailures = 30;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int MostRemembered = 50_000;

    private readonly ConcurrentDictionary<string, Failures> _byAddress = new(StringComparer.Ordinal);

    /// <returns>How long the address has to wait; null when it may try.</returns>
    public TimeSpan? WaitOf(IPAddress? address)
    {
        if (!_byAddress.TryGetValue(NetworkOf(address), out var failures))
            return null;
        var left = Window - time.GetElapsedTime(failures.Since);
        return failures.Count >= MostFailures && left > TimeSpan.Zero ? left : null;
    }

    public void Failed(IPAddress? address)
    {
        if (_byAddress.Count >= MostRemembered)
            ForgetOld();
        var now = time.GetTimestamp();
        _byAddress.AddOrUpdate(
            NetworkOf(address),
            _ => new Failures(1, now),
            (_, known) => time.GetElapsedTime(known.Since, now) >= Window ? new Failures(1, now) : known with { Count = known.Count + 1 });
    }

    private void ForgetOld()
    {
        foreach (var (address, failures) in _byAddress)
        {
            if (time.GetElapsedTime(failures.Since) >= Window)
                _byAddress.TryRemove(address, out _);
        }

        // A flood from more addresses than that within the window: remembering nothing is better than running out of memory.
        if (_byAddress.Count >= MostRemembered)
            _byAddress.Clear();
    }

    /// <summary>The address, or its /64 network under IPv6, of which one household has many addresses.</summary>
    private static string NetworkOf(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        return address is { AddressFamily: AddressFamily.InterNetworkV6 }
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address?.ToString() ?? "";
    }

    private sealed record Failures(int Count, long Since);
}
