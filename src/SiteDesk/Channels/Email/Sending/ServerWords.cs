using System.Globalization;
using System.Text.Json;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// What a server said to a mail, noted in the data folder the moment it is heard and until it is stored. Storing waits for its turn among
/// all writers; a program that is killed meanwhile would not know that the mail was taken, and would send it again. A note is one
/// write: a process that dies does not take it along. (A machine that loses its power may.)
/// </summary>
public sealed class ServerWords(DataFolder folder, ILogger<ServerWords> log)
{
    /// <param name="Attempt">Which try it was: an older one's words say nothing of a newer one.</param>
    public sealed record Heard(int Attempt, OutgoingState State, DateTime? SentAt, DateTime NotBefore, string? LastAnswer, List<MailRecipient> Recipients);

    /// <summary>Notes how a try ended.</summary>
    public void Note(OutgoingMail mail)
    {
        try
        {
            var path = PathOf(mail.Id);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(new Heard(mail.Attempts, mail.State, mail.SentAt, mail.NotBefore, mail.LastAnswer, mail.Recipients), DatabaseJson.Options));
        }
        catch (IOException problem)
        {
            // A full disk. It is about to be stored in the database, which is what counts.
            log.LogWarning(problem, "What the server said to mail {Mail} could not be noted.", mail.Id);
        }
    }

    /// <summary>It is stored.</summary>
    public void Forget(OutgoingMail mail)
    {
        if (File.Exists(PathOf(mail.Id)))
            File.Delete(PathOf(mail.Id));
    }

    /// <summary>Takes over what was heard of the try that did not end.</summary>
    /// <returns>False when nothing was.</returns>
    public bool Recall(OutgoingMail mail)
    {
        var path = PathOf(mail.Id);
        if (!File.Exists(path) || Read(path) is not { } heard || heard.Attempt != mail.Attempts)
            return false;
        (mail.State, mail.SentAt, mail.NotBefore, mail.LastAnswer, mail.Recipients) = (heard.State, heard.SentAt, heard.NotBefore, heard.LastAnswer, heard.Recipients);
        return true;
    }

    private static Heard? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Heard>(File.ReadAllBytes(path), DatabaseJson.Options);
        }
        catch (JsonException)
        {
            // Cut off while it was written: as good as not heard.
            return null;
        }
    }

    private string PathOf(long mailId) => folder.Path("outgoing", mailId.ToString(CultureInfo.InvariantCulture));
}
