using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>
/// Keeps an answer that was written outside of the workspace and overtaken by something newer: a draft of its author, who is told. It
/// becomes durable together with what its channel stores, so it saves nothing by itself.
/// </summary>
public sealed class HoldReply(Database database, TimeProvider time)
{
    /// <param name="newest">What came and the author had not seen.</param>
    public async Task RunAsync(long ticketId, string text, IReadOnlyList<string> fileTokens, Message newest, Staff staff, CancellationToken cancellation)
    {
        var draft = await FindAsync(ticketId, staff, cancellation);
        var now = time.Now();
        if (draft is null)
        {
            draft = new Draft { StaffId = staff.Id, TicketId = ticketId, Kind = MessageKind.Public, Text = "", UpdatedAt = now };
            database.Add(draft);
        }

        var held = Joined(MessageComposer.Clean(text), draft.Text);
        var earlier = draft.Held is { } before && draft.Text.StartsWith(before.Text, StringComparison.Ordinal) ? before : null;
        draft.Held = new HeldWords(
            earlier is null ? held : held.Length == 0 ? earlier.Text : $"{held}\n\n{earlier.Text}", [.. fileTokens, .. draft.Held?.FileTokens ?? []]);
        draft.Change(held.Length == 0 ? draft.Text : draft.Text.Length == 0 ? held : $"{held}\n\n{draft.Text}",
            [.. fileTokens.Concat(draft.FileTokens).Distinct(StringComparer.Ordinal).Take(MessageComposer.MostFiles)], now);
        database.Publish(() => new ReplyHeld(ticketId, newest.Id, staff.Id, newest.AuthorName));
    }

    /// <summary>
    /// Its author has answered the customer after all, outside of the workspace again: what was held is settled. What they began in the
    /// workspace stays, and so does a held answer that they went on writing there.
    /// </summary>
    public async Task SettleAsync(long ticketId, Staff staff, CancellationToken cancellation)
    {
        var now = time.Now();
        await database.Set<StaffNotification>().Where(row => row.StaffId == staff.Id && row.TicketId == ticketId && row.Kind == StaffNotification.ReplyHeld && row.ReadAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadAt, now), cancellation);
        if (await FindAsync(ticketId, staff, cancellation) is not { Held: { } held } draft)
            return;
        draft.Held = null;
        var at = draft.Text.IndexOf(held.Text, StringComparison.Ordinal);
        if (at < 0)
            return;
        var rest = $"{draft.Text[..at].TrimEnd()}\n\n{draft.Text[(at + held.Text.Length)..].TrimStart()}".Trim();
        var files = draft.FileTokens.Except(held.FileTokens, StringComparer.Ordinal).ToList();
        if (rest.Length == 0 && files.Count == 0)
            database.Remove(draft);
        else
            draft.Change(rest, files, now);
    }

    private Task<Draft?> FindAsync(long ticketId, Staff staff, CancellationToken cancellation) =>
        database.Set<Draft>().FirstOrDefaultAsync(row => row.StaffId == staff.Id && row.TicketId == ticketId && row.Kind == MessageKind.Public, cancellation);

    /// <summary>
    /// As much of it as fits in front of what its author has begun in the workspace. That is nowhere else, the answer is also where it was
    /// written: it gives way where both are too long.
    /// </summary>
    private static string Joined(string text, string begun)
    {
        var room = begun.Length == 0 ? Message.LongestText : Message.LongestText - begun.Length - 2;
        return room < 1 ? "" : text.Length <= room ? text : $"{text.UpTo(room - 1)}…";
    }
}
