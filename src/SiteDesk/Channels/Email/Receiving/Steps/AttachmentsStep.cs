using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Keeps attached files and pictures. What may not be kept (a program, too large, too many) is named and stays in the original.</summary>
public sealed class AttachmentsStep(Database database, FileStore files) : IReceivingStep
{
    private const int MostNamed = 50;

    public string Name => "attachments";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        // Files a person attached come before the pictures of a signature.
        foreach (var attachment in mail.Message.Body.Attachments.OrderBy(attachment => attachment.IsInline))
        {
            var name = NameOf(attachment);
            if (mail.FileTokens.Count == MessageComposer.MostFiles)
            {
                Refuse(mail, name);
                continue;
            }

            await using var content = new MemoryStream(attachment.Content.ToArray(), writable: false);
            var kept = await files.KeepAsync(content, name, attachment.ContentType, cancellation);
            if (!kept.Succeeded)
            {
                Refuse(mail, name);
                continue;
            }

            mail.FileTokens.Add(kept.Value.Token);
            if (attachment.ContentId is not null && InlinePictures.KeyOf(kept.Value) is { } key)
                mail.Pictures.Add((attachment, key));
        }

        // The composer looks the files up by their tokens, so they are rows first.
        if (mail.FileTokens.Count > 0)
            await database.SaveChangesAsync(cancellation);
    }

    private static void Refuse(MailUnderWay mail, string name)
    {
        if (mail.RefusedFiles.Count < MostNamed)
            mail.RefusedFiles.Add(name);
    }

    private static string NameOf(MailAttachment attachment)
    {
        if (!string.IsNullOrWhiteSpace(attachment.Name))
            return SafeFileName.Of(attachment.Name);
        return attachment.ContentType switch
        {
            "message/rfc822" => "message.eml",
            "text/calendar" => "invitation.ics",
            "text/html" => "page.html",
            var type when type.StartsWith("image/", StringComparison.Ordinal) => SafeFileName.Of($"image.{type["image/".Length..]}"),
            var type when type.StartsWith("text/", StringComparison.Ordinal) => "text.txt",
            _ => "file",
        };
    }
}
