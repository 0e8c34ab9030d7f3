using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>Keeps what somebody is writing, so that neither a closed lid nor a lost network takes it away.</summary>
public sealed class KeepDraft(Database database, TimeProvider time)
{
    /// <param name="fileTokens">The files that are attached so far; null leaves those that are kept.</param>
    /// <returns>False when there is no such ticket, or none this person may see.</returns>
    public Task<bool> RunAsync(long ticketId, MessageKind kind, string text, IReadOnlyList<string>? fileTokens, Staff staff, CancellationToken cancellation)
    {
        const int tries = 3;
        // The page that goes stores what it has while the one before is still on its way.
        return database.AgainOnConflictAsync(tries, () => TryAsync(ticketId, kind, text, fileTokens, staff, cancellation), cancellation);
    }

    private async Task<bool> TryAsync(long ticketId, MessageKind kind, string text, IReadOnlyList<string>? fileTokens, Staff staff, CancellationToken cancellation)
    {
        if (!await database.Set<Ticket>().VisibleTo(staff).AnyAsync(ticket => ticket.Id == ticketId, cancellation))
            return false;
        var draft = await database.Set<Draft>().FirstOrDefaultAsync(row => row.StaffId == staff.Id && row.TicketId == ticketId && row.Kind == kind, cancellation);
        var kept = text.Length > Message.LongestText ? text[..Message.LongestText] : text;
        var files = (fileTokens ?? draft?.FileTokens ?? []).Distinct(StringComparer.Ordinal).Take(MessageComposer.MostFiles).ToList();
        if (string.IsNullOrWhiteSpace(kept) && files.Count == 0)
        {
            if (draft is not null)
                database.Remove(draft);
        }
        else if (draft is null)
        {
            database.Add(new Draft { StaffId = staff.Id, TicketId = ticketId, Kind = kind, Text = kept, FileTokens = files, UpdatedAt = time.Now() });
        }
        else
        {
            draft.Text = kept;
            draft.FileTokens = files;
            draft.UpdatedAt = time.Now();
        }

        await database.SaveChangesAsync(cancellation);
        return true;
    }
}
