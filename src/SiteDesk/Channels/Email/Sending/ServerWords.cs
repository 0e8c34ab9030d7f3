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
    private const int MostTogether = 500;

    /// <param name="Attempt">Which try it was: an older one's words say nothing of a newer one.</param>
    public sealed record Heard(int Attempt, OutgoingState State, DateTime? SentAt, DateTime NotBefore, string? LastAnswer, List<MailRecipient> Recipients);

    /// <summary>Notes how a try ended.</summary>
    public void Note(OutgoingMail mail) => Write(mail, new Heard(mail.Attempts, mail.State, mail.SentAt, mail.NotBefore, mail.LastAnswer, mail.Recipients));

    /// <summary>Notes which receivers the server takes, before it is given the mail.</summary>
    public void NoteTaken(OutgoingMail mail, List<MailRecipient> recipients) => Write(mail, new Heard(mail.Attempts, OutgoingState.Sending, null, mail.NotBefore, null, recipients));

    private void Write(OutgoingMail mail, Heard heard)
    {
        try
        {
            var path = PathOf(mail.Id);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(heard, DatabaseJson.Options));
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
        if (HeardOf(mail) is not { } heard || heard.State == OutgoingState.Sending)
            return false;
        (mail.State, mail.SentAt, mail.NotBefore, mail.LastAnswer, mail.Recipients) = (heard.State, heard.SentAt, heard.NotBefore, heard.LastAnswer, heard.Recipients);
        return true;
    }

    /// <returns>The receivers as the server spoke to them in the try that did not end; null when that was not noted here.</returns>
    public List<MailRecipient>? RecallTaken(OutgoingMail mail) => HeardOf(mail)?.Recipients;

    /// <summary>Removes the notes of mails that are not in doubt. To be called before the first mail of this process is sent.</summary>
    /// <param name="inDoubt">Of some mails those whose try has not ended.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> TidyAsync(Func<IReadOnlyCollection<long>, Task<IReadOnlySet<long>>> inDoubt)
    {
        var notes = new DirectoryInfo(folder.Path("outgoing"));
        if (!notes.Exists)
            return 0;
        var removed = 0;
        foreach (var some in notes.EnumerateFiles().Chunk(MostTogether))
        {
            var named = some.Select(note => (Note: note, Id: long.TryParse(note.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null)).Where(row => row.Id is not null).ToList();
            var kept = await inDoubt(named.ConvertAll(row => row.Id!.Value));
            foreach (var (note, _) in named.Where(row => !kept.Contains(row.Id!.Value)))
            {
                note.Delete();
                removed++;
            }
        }

        return removed;
    }

    private Heard? HeardOf(OutgoingMail mail) => PathOf(mail.Id) is var path && File.Exists(path) && Read(path) is { } heard && heard.Attempt == mail.Attempts ? heard : null;

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
