using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;

namespace SiteDesk.Assistant.Intents;

/// <summary>What counts now and what is in work.</summary>
/// <param name="LiveNumber">0 while nothing was published.</param>
/// <param name="DraftVersion">Changes with every change of what is in work; null when nothing is.</param>
internal sealed record KnowledgeInWork(int LiveNumber, KnowledgeDocument Live, KnowledgeDocument Draft, string? DraftVersion, string? ChangedBy)
{
    public IReadOnlyList<KnowledgeChange> Changes { get; } = DraftVersion is null ? [] : KnowledgeChange.Between(Live, Draft);
}

/// <summary>
/// Changes what is taught: every edit goes into the one document in work, which counts only when it is published. A publication can be taken
/// back by publishing an earlier one again.
/// </summary>
internal sealed class KnowledgeDraft(Database database, AuditLog audit, TimeProvider time)
{
    /// <summary>Longest remark on a publication, in characters.</summary>
    public const int LongestNote = 1000;

    // All who teach write the same row: half a dozen at once is a busy morning, and each save is short.
    private const int Tries = 12;
    private const string Subject = "assistant";

    public async Task<KnowledgeInWork> ReadAsync(CancellationToken cancellation)
    {
        var rows = await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.IsLive || version.Number == 0).OrderBy(version => version.Number).Take(2).ToListAsync(cancellation);
        var live = rows.Find(row => row.IsLive);
        var draft = rows.Find(row => row.Number == 0);
        var document = live?.Document ?? new KnowledgeDocument();
        return new KnowledgeInWork(live?.Number ?? 0, document, draft?.Document ?? document, draft is null ? null : StateOf(draft), draft?.ByName);
    }

    /// <summary>Changes the document in work, in a unit of work of its own; begun again when somebody else changed it in the same moment.</summary>
    /// <param name="change">From the document in work to the next; pure.</param>
    /// <param name="also">What else belongs to the same unit of work; called before each try to save.</param>
    public Task<Outcome<KnowledgeDocument>> ChangeAsync(
        Func<KnowledgeDocument, Outcome<KnowledgeDocument>> change, Staff by, string what, CancellationToken cancellation, Func<Task>? also = null) =>
        database.AgainOnConflictAsync(Tries, async () =>
        {
            var draft = await database.Set<KnowledgeVersion>().FirstOrDefaultAsync(version => version.Number == 0, cancellation);
            var live = await LiveAsync(cancellation);
            var outcome = change(draft?.Document ?? live);
            if (!outcome.Succeeded)
                return outcome;
            var document = KnowledgeAspect.Tidy(outcome.Value);
            if (also is not null)
                await also();
            Keep(draft, document, live, by);
            audit.Write(by.AsActor(), "assistant.taught", Subject, ("name", what));
            await database.SaveChangesAsync(cancellation);
            return document;
        }, cancellation);

    /// <summary>Puts one place of the document in work back to what counts.</summary>
    public Task<Outcome<KnowledgeDocument>> UndoAsync(string aspect, Staff by, CancellationToken cancellation) =>
        database.AgainOnConflictAsync<Outcome<KnowledgeDocument>>(Tries, async () =>
        {
            var draft = await database.Set<KnowledgeVersion>().FirstOrDefaultAsync(version => version.Number == 0, cancellation);
            var live = await LiveAsync(cancellation);
            if (draft is null || KnowledgeChange.Between(live, draft.Document).FirstOrDefault(change => change.Aspect.Key == aspect) is not { } found
                || found.Aspect.SiteId is { } site && !by.SeesSite(site))
                return new Problem("", "assist-draft.change-gone");
            var document = KnowledgeAspect.Tidy(found.Aspect.Copy(draft.Document, live));
            Keep(draft, document, live, by);
            audit.Write(by.AsActor(), "assistant.change-undone", Subject, ("name", found.Aspect.Intent));
            await database.SaveChangesAsync(cancellation);
            return document;
        }, cancellation);

    /// <summary>Puts all that is not published away.</summary>
    /// <param name="also">What follows from it, stored together with it; gets what counts.</param>
    public async Task<Outcome<bool>> DiscardAsync(Staff by, Func<KnowledgeDocument, Task> also, CancellationToken cancellation)
    {
        if (!MayDecideForAll(by))
            return new Problem("", "assist-draft.confined");
        return await database.AgainOnConflictAsync<Outcome<bool>>(Tries, async () =>
        {
            if (await database.Set<KnowledgeVersion>().FirstOrDefaultAsync(version => version.Number == 0, cancellation) is not { } draft)
                return true;
            database.Remove(draft);
            await also(await LiveAsync(cancellation));
            audit.Write(by.AsActor(), "assistant.draft-discarded", Subject);
            await database.SaveChangesAsync(cancellation);
            return true;
        }, cancellation);
    }

    /// <summary>Lets what is in work count.</summary>
    /// <param name="draftVersion">What the publisher has seen: not published when somebody changed it since.</param>
    public async Task<Outcome<int>> PublishAsync(string draftVersion, string note, Staff by, CancellationToken cancellation)
    {
        if (Check(note, by) is { } problem)
            return problem;
        try
        {
            if (await database.Set<KnowledgeVersion>().FirstOrDefaultAsync(version => version.Number == 0, cancellation) is not { } draft || StateOf(draft) != draftVersion)
                return new Problem("", "assist-draft.moved");
            database.Remove(draft);
            var number = await GoLiveAsync(draft.Document, note, by, cancellation);
            audit.Write(by.AsActor(), "assistant.published", Subject, ("number", number.ToString(CultureInfo.InvariantCulture)), ("reason", note.Trim()));
            await database.SaveChangesAsync(cancellation);
            return number;
        }
        catch (DbUpdateException conflict) when (conflict.IsConflict())
        {
            // Published or changed by somebody else in the same moment: this one has not seen what they did.
            return new Problem("", "assist-draft.moved");
        }
    }

    /// <summary>Publishes an earlier version again; 0 is what ships. What is in work stays in work.</summary>
    /// <param name="also">What follows from it, stored together with it; gets what counts then and what is in work, if anything.</param>
    public async Task<Outcome<int>> ReturnToAsync(int earlier, string note, Staff by, Func<KnowledgeDocument, KnowledgeDocument?, Task> also, CancellationToken cancellation)
    {
        if (Check(note, by) is { } problem)
            return problem;
        try
        {
            var document = earlier == 0 ? new KnowledgeDocument()
                : await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.Number == earlier).Select(version => version.Document).FirstOrDefaultAsync(cancellation);
            if (document is null)
                return new Problem("", "assist-draft.version-unknown");
            var number = await GoLiveAsync(document, note, by, cancellation);
            await also(document, await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.Number == 0).Select(version => version.Document).FirstOrDefaultAsync(cancellation));
            audit.Write(by.AsActor(), "assistant.returned", Subject, ("number", number.ToString(CultureInfo.InvariantCulture)), ("before", earlier.ToString(CultureInfo.InvariantCulture)), ("reason", note.Trim()));
            await database.SaveChangesAsync(cancellation);
            return number;
        }
        catch (DbUpdateException conflict) when (conflict.IsConflict())
        {
            return new Problem("", "assist-draft.moved");
        }
    }

    /// <summary>What is published counts at every site: who is confined to some may prepare it, and not decide it.</summary>
    public static bool MayDecideForAll(Staff staff) => staff.SiteIds is null && staff.May(AssistantPermissions.Teach);

    private static string StateOf(KnowledgeVersion draft) => string.Create(CultureInfo.InvariantCulture, $"{draft.Id}.{draft.Version}");

    private static Problem? Check(string note, Staff by) =>
        !MayDecideForAll(by) ? new Problem("", "assist-draft.confined")
        : note.Trim().Length is 0 or > LongestNote ? new Problem("Note", "assist-draft.note-needed", ("count", LongestNote))
        : null;

    private async Task<KnowledgeDocument> LiveAsync(CancellationToken cancellation) =>
        await database.Set<KnowledgeVersion>().AsNoTracking().Where(version => version.IsLive).Select(version => version.Document).FirstOrDefaultAsync(cancellation) ?? new KnowledgeDocument();

    private void Keep(KnowledgeVersion? draft, KnowledgeDocument document, KnowledgeDocument live, Staff by)
    {
        if (KnowledgeChange.Between(live, document).Count == 0)
        {
            if (draft is not null)
                database.Remove(draft);
            return;
        }
        if (draft is null)
        {
            database.Add(new KnowledgeVersion { Number = 0, Document = document, CreatedAt = time.Now(), ById = by.Id, ByName = by.Name });
            return;
        }
        (draft.Document, draft.ById, draft.ByName) = (document, by.Id, by.Name);
    }

    private async Task<int> GoLiveAsync(KnowledgeDocument document, string note, Staff by, CancellationToken cancellation)
    {
        foreach (var before in await database.Set<KnowledgeVersion>().Where(version => version.IsLive).ToListAsync(cancellation))
            before.IsLive = false;
        var number = await database.Set<KnowledgeVersion>().MaxAsync(version => (int?)version.Number, cancellation) + 1 ?? 1;
        database.Add(new KnowledgeVersion
        {
            Number = number, Document = document, IsLive = true, CreatedAt = time.Now(), ById = by.Id, ByName = by.Name, Note = note.Trim(),
        });
        database.Signal(() => new LiveSignal(LiveKnowledge.Topic, "published", number.ToString(CultureInfo.InvariantCulture)));
        return number;
    }
}
