using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Keeps the pictures of articles.</summary>
public sealed class ArticlePictures(Database database, FileStore files)
{
    /// <summary>Pictures one article may have.</summary>
    public const int Most = 500;

    /// <summary>Stores a picture and ties it to the article. Saved by the caller.</summary>
    /// <returns>The picture as a body shows it, without a description.</returns>
    public async Task<Outcome<Picture>> KeepAsync(Article article, Stream content, string name, string contentType, CancellationToken cancellation)
    {
        if (await database.Set<ArticleFile>().CountAsync(file => file.ArticleId == article.Id, cancellation) >= Most)
            return new Problem("file", "help-desk.too-many-pictures", ("count", Most));
        var kept = await files.KeepAsync(content, name, contentType, cancellation);
        if (!kept.Succeeded)
            return kept.Problems.ToList();
        var file = kept.Value;
        if (!file.IsPicture || file.Width is null || file.Height is null)
        {
            database.Entry(file).State = EntityState.Detached;
            return new Problem("file", "help-desk.picture-needed", ("name", file.Name));
        }

        // The same picture twice is one file.
        var known = await database.Set<ArticleFile>().Where(row => row.ArticleId == article.Id)
            .Join(database.Set<StoredFile>(), row => row.FileId, stored => stored.Id, (_, stored) => stored).FirstOrDefaultAsync(stored => stored.Sha256 == file.Sha256 && stored.Name == file.Name, cancellation);
        if (known is not null)
        {
            database.Entry(file).State = EntityState.Detached;
            file = known;
        }
        else
        {
            await database.SaveChangesAsync(cancellation); // both have their keys from here on
            database.Add(new ArticleFile { ArticleId = article.Id, FileId = file.Id });
        }

        return new Picture(ArticleLink.Source(HelpAddress.File(file.Sha256, file.Name))!, "", file.Width, file.Height, Link: null);
    }
}
