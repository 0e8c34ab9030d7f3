using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Keeps what somebody is writing, so that neither a closed lid nor a lost network takes it away. A page that has not seen all of the
/// draft (another tab wrote on, an answer by mail was held in it) does not overwrite it: it is given what there is, and puts both together.
/// </summary>
public sealed class KeepDraft(Database database, TimeProvider time)
{
    /// <param name="FileTokens">The files that are attached so far; null leaves those that are kept.</param>
    /// <param name="Revision">Of the draft that the page knows, 0 for none; null overwrites.</param>
    /// <param name="IsLast">The page goes away and can put nothing together any more: both texts are kept, one behind the other.</param>
    public sealed record Request(long TicketId, MessageKind Kind, string Text, IReadOnlyList<string>? FileTokens = null, long? Revision = null, bool IsLast = false);

    /// <param name="Revision">Of what is kept now; 0 when nothing is.</param>
    /// <param name="Newer">What the page has not seen; nothing was kept then.</param>
    public sealed record Result(long Revision, Draft? Newer = null);

    /// <returns>Null when there is no such ticket, or none this person may see.</returns>
    public Task<Result?> RunAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        const int tries = 3;
        // The page that goes stores what it has while the one before is still on its way.
        return database.AgainOnConflictAsync(tries, () => TryAsync(request, staff, cancellation), cancellation);
    }

    private async Task<Result?> TryAsync(Request request, Staff staff, CancellationToken cancellation)
    {
        if (!await database.Set<Ticket>().VisibleTo(staff).AnyAsync(ticket => ticket.Id == request.TicketId, cancellation))
            return null;
        var draft = await database.Set<Draft>().FirstOrDefaultAsync(row => row.StaffId == staff.Id && row.TicketId == request.TicketId && row.Kind == request.Kind, cancellation);
        var text = request.Text.UpTo(Message.LongestText);
        var files = (request.FileTokens ?? draft?.FileTokens ?? []).Distinct(StringComparer.Ordinal).Take(MessageComposer.MostFiles).ToList();
        if (draft is not null && request.Revision is { } known && known != draft.Revision && !IsSame(draft, text, files))
        {
            if (!request.IsLast)
                return new Result(draft.Revision, draft);
            (text, files) = (Both(draft.Text, text), [.. draft.FileTokens.Union(files, StringComparer.Ordinal).Take(MessageComposer.MostFiles)]);
        }

        if (string.IsNullOrWhiteSpace(text) && files.Count == 0)
        {
            if (draft is not null)
                database.Remove(draft);
            await database.SaveChangesAsync(cancellation);
            return new Result(0);
        }

        if (draft is null)
            database.Add(draft = new Draft { StaffId = staff.Id, TicketId = request.TicketId, Kind = request.Kind, Text = "", UpdatedAt = time.Now() });
        draft.Change(text, files, time.Now());
        await database.SaveChangesAsync(cancellation);
        return new Result(draft.Revision);
    }

    private static bool IsSame(Draft draft, string text, List<string> files) => draft.Text == text && draft.FileTokens.ToHashSet(StringComparer.Ordinal).SetEquals(files);

    private static string Both(string kept, string text) =>
        text.Contains(kept, StringComparison.Ordinal) ? text
        : kept.Contains(text, StringComparison.Ordinal) ? kept
        : $"{kept}\n\n{text}".UpTo(Message.LongestText);
}
