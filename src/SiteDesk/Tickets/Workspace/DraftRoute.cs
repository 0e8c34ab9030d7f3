using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Where the composer keeps what is typed. A page that has not seen all of the draft is answered with what there is (409).</summary>
internal static class DraftRoute
{
    /// <summary>Names the draft that a page knows from now on.</summary>
    public const string RevisionHeader = "Draft-Revision";

    public static async Task<IResult> KeepAsync(
        HttpContext http, KeepDraft drafts, Database database, long id, [FromForm] string? kind, [FromForm] string? text, [FromForm] string? files, [FromForm] string? revision, [FromForm] string? last,
        CancellationToken cancellation)
    {
        var request = new KeepDraft.Request(
            id, kind == "note" ? MessageKind.Note : MessageKind.Public, text ?? "", files?.Split(',', StringSplitOptions.RemoveEmptyEntries),
            long.TryParse(revision, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : null, last == "true");
        if (await drafts.RunAsync(request, http.Staff(), cancellation) is not { } kept)
            return TypedResults.NotFound();
        if (kept.Newer is { } newer)
            return TypedResults.Conflict(new { revision = newer.Revision, text = newer.Text, files = await FilesAsync(http, database, newer, cancellation) });
        http.Response.Headers[RevisionHeader] = kept.Revision.ToString(CultureInfo.InvariantCulture);
        return TypedResults.NoContent();
    }

    /// <summary>As an upload is answered, so that the page shows them alike.</summary>
    private static async Task<IReadOnlyList<object>> FilesAsync(HttpContext http, Database database, Draft draft, CancellationToken cancellation)
    {
        var files = await database.Set<StoredFile>().AsNoTracking().Where(file => draft.FileTokens.Contains(file.Token)).ToListAsync(cancellation);
        return files.ConvertAll<object>(file => new { id = file.Token, name = file.Name, picture = InlinePictures.KeyOf(file), size = http.Texts().Size(file.Size) });
    }
}
