using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>
/// What a node remembers of signed-in browsers for a moment, so that not every request reads rows. Who is signed out or changed is
/// forgotten at once: on this node directly, on the others by a signal that travels with the transaction (<see cref="SessionNotices"/>).
/// </summary>
public sealed class SessionMemory(IMemoryCache cache)
{
    /// <summary>How long a node trusts what it read, if no signal reaches it: the connection that listens was lost.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Where nodes tell each other whom to forget.</summary>
    public const string Topic = "accounts:sessions";

    // Two first requests of two browsers would each write a list without the other's.
    private readonly Lock _writing = new();
    private long _forgotten;

    /// <summary>Grows whenever somebody is forgotten: what was read before must not be kept after.</summary>
    public long Generation => Interlocked.Read(ref _forgotten);

    public (Staff Staff, long SessionId)? Find(string hash) => cache.TryGetValue((nameof(SessionMemory), hash), out (Staff, long) known) ? known : null;

    /// <param name="generation">As it was before the rows were read.</param>
    public void Keep(string hash, Staff staff, long sessionId, long generation)
    {
        lock (_writing)
        {
            if (generation != Generation)
                return;
            cache.Set((nameof(SessionMemory), hash), (staff, sessionId), Longest);
            cache.Set((nameof(SessionMemory), staff.Id), HashesOf(staff.Id).Append(hash).Distinct(StringComparer.Ordinal).ToList(), Longest);
        }
    }

    /// <summary>The next request of this person reads the rows.</summary>
    public void Forget(long staffId)
    {
        lock (_writing)
        {
            Interlocked.Increment(ref _forgotten);
            foreach (var hash in HashesOf(staffId))
                cache.Remove((nameof(SessionMemory), hash));
        }
    }

    /// <summary>Tells every node to forget a person.</summary>
    public static LiveSignal ForgetSignal(long staffId) => new(Topic, "forget", staffId.ToString(CultureInfo.InvariantCulture));

    private IReadOnlyList<string> HashesOf(long staffId) =>
        cache.TryGetValue((nameof(SessionMemory), staffId), out List<string>? hashes) ? hashes! : [];
}

/// <summary>Listens for whom to forget.</summary>
internal sealed class SessionNotices(LiveHub hub, SessionMemory memory) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // What a listener that fell behind has missed is forgotten after SessionMemory.Longest by itself.
            await foreach (var signal in hub.FollowAsync(SessionMemory.Topic, stoppingToken))
            {
                if (signal.Topic == SessionMemory.Topic && long.TryParse(signal.Data, NumberStyles.None, CultureInfo.InvariantCulture, out var staffId))
                    memory.Forget(staffId);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }
}
