using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.Accounts;

/// <summary>The audit log as a table for spreadsheets (RFC 4180), in the reader's language and zone, with the same confinement as the page.</summary>
public sealed class AuditExport(AuditReader reader, Database database, SiteDirectory sites, AuditLog audit)
{
    /// <summary>Lines of one export; who needs more asks for a shorter time.</summary>
    public const int Most = 50_000;

    public async Task WriteAsync(Stream target, Staff staff, AuditFilter filter, Texts texts, CancellationToken cancellation)
    {
        var names = await AuditNames.ReadAsync(database, sites, staff, texts, cancellation);
        // Known to spreadsheets as UTF-8 by its mark.
        await using var writer = new StreamWriter(target, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(CsvRow.Of(texts["audit-log.when"], texts["audit-log.who"], texts["audit-log.what"], texts["audit-log.subject"], texts["audit-log.details"], texts["audit-log.from"]));
        await foreach (var line in reader.Query(staff, filter, texts.TimeZone).OrderByDescending(line => line.Id).Take(Most).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            await writer.WriteAsync(CsvRow.Of(
                texts.Local(line.At).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), line.ActorName, AuditWords.ActionOf(line, texts), AuditWords.SubjectOf(line, texts, names),
                staff.MasksContacts ? "" : string.Join("; ", AuditWords.DetailsOf(line, texts, names)), staff.MasksContacts ? "" : line.Address));
        }
    }

    /// <summary>That somebody took a copy is itself worth a line.</summary>
    public async Task NoteAsync(Staff staff, CancellationToken cancellation)
    {
        audit.Write(staff.AsActor(), "audit.exported", "audit");
        await database.SaveChangesAsync(cancellation);
    }
}
