using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;

namespace SiteDesk.Channels.Form;

/// <summary>Keeps the files of a form, before the message that carries them.</summary>
public sealed class AttachedFiles(Database database, FileStore files)
{
    /// <returns>The files' tokens, in the order of the form.</returns>
    public async Task<Outcome<List<string>>> KeepAsync(IFormFileCollection attachments, CancellationToken cancellation)
    {
        var kept = new List<string>();
        foreach (var attachment in attachments.Where(attachment => attachment.Length > 0))
        {
            await using var content = attachment.OpenReadStream();
            var file = await files.KeepAsync(content, attachment.FileName, attachment.ContentType, cancellation);
            if (!file.Succeeded)
                return file.Problems.ToList();
            kept.Add(file.Value.Token);
        }

        // The composer looks the files up by their tokens, so they are rows first.
        await database.SaveChangesAsync(cancellation);
        return kept;
    }
}
