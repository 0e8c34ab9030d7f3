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
        var draft = await database.Set<Draft>().FirstOrDefaultAsync(row => row.StaffId == staff.Id && row.TicketId == ticketId && row.Kind == MessageKind.Public, cancellation);
        var now = time.Now();
        if (draft is null)
        {
            draft = new Draft { StaffId = staff.Id, TicketId = ticketId, Kind = MessageKind.Public, Text = "", UpdatedAt = now };
            database.Add(draft);
        }

        draft.Text = Joined(MessageComposer.Clean(text), draft.Text);
        draft.FileTokens = [.. fileTokens.Concat(draft.FileTokens).Distinct(StringComparer.Ordinal).Take(MessageComposer.MostFiles)];
        draft.UpdatedAt = now;
        database.Publish(() => new ReplyHeld(ticketId, newest.Id, staff.Id, newest.AuthorName));
    }

    /// <summary>In front of what its author has begun in the workspace. That is nowhere else, the answer is also where it was written: it gives way where both are too long.</summary>
    private static string Joined(string text, string begun)
    {
        if (begun.Length == 0)
            return text;
        var room = Message.LongestText - begun.Length - 2;
        return room < 1 ? begun : text.Length <= room ? $"{text}\n\n{begun}" : $"{text.UpTo(room - 1)}…\n\n{begun}";
    }
}
