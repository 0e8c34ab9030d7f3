using System.Collections.Concurrent;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// How many mails a server gets in a minute: providers put off, or lock out, whoever sends more. Mailboxes on one server share its
/// places. Counted on each node by itself.
/// </summary>
public sealed class ServerPace(MailIntakeLimits limits, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, LinkedList<DateTime>> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a place for one mail.</summary>
    /// <returns>Null when it is taken; else when the next one is free.</returns>
    public DateTime? Take(string host)
    {
        var most = limits.MailsPerMinuteOf.GetValueOrDefault(host, limits.MailsPerMinute);
        if (most <= 0)
            return null;
        var taken = _taken.GetOrAdd(host, _ => new LinkedList<DateTime>());
        var now = time.Now();
        lock (taken)
        {
            while (taken.First is { } eldest && eldest.Value <= now - Window)
                taken.RemoveFirst();
            if (taken.Count >= most)
                return taken.First!.Value + Window;
            taken.AddLast(now);
            return null;
        }
    }

    /// <summary>There was no mail for the place.</summary>
    public void GiveBack(string host)
    {
        if (!_taken.TryGetValue(host, out var taken))
            return;
        lock (taken)
        {
            if (taken.Count > 0)
                taken.RemoveLast();
        }
    }
}
