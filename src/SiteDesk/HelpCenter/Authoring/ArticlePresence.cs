using System.Collections.Concurrent;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Who works on a text now. In the memory of every node, told by signals: true for seconds, not worth a row.</summary>
public sealed class ArticlePresence(LiveHub hub, TimeProvider time, ILogger<ArticlePresence> log) : LiveBoard<ArticlePresence.Told>(Board, hub, log)
{
    /// <summary>How long somebody counts as present without saying so again.</summary>
    public static TimeSpan Remembered { get; } = TimeSpan.FromSeconds(45);

    private const string Board = "help-presence";
    private const int MostEntries = 10_000;
    private readonly ConcurrentDictionary<(long Text, long Staff), (string Name, long At)> _seen = new();

    /// <summary>Says on every node that somebody works on a text, or has gone.</summary>
    public static async Task TellAsync(Database database, long textId, Staff staff, bool isThere, CancellationToken cancellation)
    {
        Tell(database, Board, new Told(textId, staff.Id, staff.Name, isThere));
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>The names of the others.</summary>
    public IReadOnlyList<string> Others(long textId, long exceptStaffId) =>
        [.. _seen.Where(entry => entry.Key.Text == textId && entry.Key.Staff != exceptStaffId && time.GetElapsedTime(entry.Value.At) < Remembered).Select(entry => entry.Value.Name).Order(StringComparer.CurrentCulture)];

    protected override void Note(Told told)
    {
        if (!told.IsThere)
            _seen.TryRemove((told.Text, told.Staff), out _);
        else if (_seen.Count < MostEntries || _seen.ContainsKey((told.Text, told.Staff)))
            _seen[(told.Text, told.Staff)] = (told.Name, time.GetTimestamp());
    }

    protected override void Forget()
    {
        foreach (var (key, seen) in _seen)
        {
            if (time.GetElapsedTime(seen.At) > Remembered)
                _seen.TryRemove(key, out _);
        }
    }

    public sealed record Told(long Text, long Staff, string Name, bool IsThere);
}
