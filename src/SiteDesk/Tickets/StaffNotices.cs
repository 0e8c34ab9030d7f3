using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Tickets;

/// <summary>Tells staff, for features above, what concerns them and is about no ticket; it stands among their notifications.</summary>
public sealed class StaffNotices(Database database, TextCatalog texts, TimeProvider time)
{
    /// <param name="Key">Unique for what is told, without whom.</param>
    public sealed record Matter(string Kind, string ActorName, string Subject, string Language, string Address, string Key);

    /// <summary>Tells it each of them once. Saved by the caller.</summary>
    public async Task TellAsync(IReadOnlyCollection<StaffMember> members, Matter matter, CancellationToken cancellation)
    {
        var keys = members.Select(KeyFor).ToList();
        var told = await database.Set<StaffNotice>().Where(notice => keys.Contains(notice.Key)).Select(notice => notice.Key).ToListAsync(cancellation);
        foreach (var member in members.Where(member => !told.Contains(KeyFor(member))))
        {
            var notice = new StaffNotice
            {
                StaffId = member.Id, Kind = matter.Kind, ActorName = matter.ActorName.UpTo(200), Subject = matter.Subject.UpTo(StaffNotice.Longest), Language = matter.Language, Address = matter.Address,
                CreatedAt = time.Now(), Key = KeyFor(member),
            };
            database.Add(notice);
            database.Signal(() => new LiveSignal(
                DeskStream.Personal(member.Id), "notification",
                JsonSerializer.Serialize(
                    new { id = $"notice-{notice.Id}", title = texts.Get(member.Language, $"notification.{notice.Kind}", ("name", notice.ActorName)), body = notice.Subject, url = notice.Address },
                    DatabaseJson.Options)));
        }

        string KeyFor(StaffMember member) => FormattableString.Invariant($"{matter.Key}:{member.Id}");
    }

    /// <summary>Who looks at it has read what was told of it.</summary>
    /// <param name="staffId">Null for everybody: it is done.</param>
    public async Task ReadAsync(string address, long? staffId, string? kind, CancellationToken cancellation)
    {
        var unread = database.Set<StaffNotice>().Where(notice => notice.Address == address && notice.ReadAt == null && (staffId == null || notice.StaffId == staffId) && (kind == null || notice.Kind == kind));
        var now = time.Now();
        if (await unread.AnyAsync(cancellation))
            await unread.ExecuteUpdateAsync(set => set.SetProperty(notice => notice.ReadAt, now), cancellation);
    }
}
