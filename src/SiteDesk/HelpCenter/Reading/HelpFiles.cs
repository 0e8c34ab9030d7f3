using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Pictures and files of articles. The digest in the address is the right to read it, and the bytes behind it never change.</summary>
internal static class HelpFiles
{
    public static async Task<IResult> GiveAsync(HttpContext http, Database database, FileStore files, string sha256, CancellationToken cancellation)
    {
        if (sha256.Length != 64 || await FindAsync(database, sha256, cancellation) is not { } file)
            return TypedResults.NotFound();
        var answer = FileAnswer.Of(http, files, file);
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return answer;
    }

    /// <summary>A file with these bytes that belongs to an article; what was sent with a ticket is not given out here.</summary>
    private static Task<StoredFile?> FindAsync(Database database, string sha256, CancellationToken cancellation) =>
        database.Set<StoredFile>().AsNoTracking().Where(file => file.Sha256 == sha256 && database.Set<ArticleFile>().Any(held => held.FileId == file.Id)).OrderBy(file => file.Id).FirstOrDefaultAsync(cancellation);
}
