using System.Text.Json;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.HelpCenter.Trails;

/// <summary>
/// Somebody goes from the help centre to the contact form: what they looked for and read in that tab goes with the ticket. Their own browser
/// keeps it until they send the form, so nothing is known of those who never do.
/// </summary>
public sealed class ToldTrail(Database database, HelpSnapshots snapshots)
{
    /// <summary>Characters that are read.</summary>
    public const int Longest = 16_000;

    private static readonly JsonSerializerOptions Names = new() { PropertyNameCaseInsensitive = true, MaxDepth = 4 };

    /// <param name="ticket">As it was opened, with its key.</param>
    /// <param name="firstMessage">A search that was written as well is told there.</param>
    /// <param name="told">A JSON array of steps: <c>l</c> the language, <c>a</c> the article's last part of the address, <c>q</c> what was searched,
    /// <c>n</c> whether the reader said that it did not help. What cannot be read tells of nothing.</param>
    public async Task TakeAsync(Site site, Ticket ticket, string firstMessage, string told, CancellationToken cancellation)
    {
        // Pages of the help centre are pages: where those are recorded after consent alone, and a form asks for none, they are not known.
        if (site.Privacy.TracksPages || Read(told) is not { Count: > 0 } steps)
            return;
        var snapshot = await snapshots.ReadAsync(site.Id, cancellation);
        var entries = TakeTrail.WithoutRepeats(steps.TakeLast(TicketTrail.MostSteps).Select(step => EntryOf(snapshot, step)).OfType<TrailEntry>())
            .Where(entry => entry.ArticleId is not null || !firstMessage.Contains(entry.Words, StringComparison.OrdinalIgnoreCase)).TakeLast(TicketTrail.MostSteps).ToList();
        if (entries.Count == 0)
            return;
        database.Add(new TicketTrail { TicketId = ticket.Id, Steps = entries });
        await database.SaveChangesAsync(cancellation);
    }

    private static TrailEntry? EntryOf(HelpSnapshot snapshot, Step step)
    {
        if (step.L is not { } language || !snapshot.Shelves.TryGetValue(language, out var shelf))
            return null;
        var words = SearchWords.Of(step.Q ?? "");
        var article = step.A is { } slug && shelf.ArticlesBySlug.TryGetValue(slug, out var found) && found.IsFor(ReaderLevel.SignedIn) ? found : null;
        return article is null && (step.A is not null || words.Length == 0) ? null
            : new TrailEntry(words, article?.Id, language, FoundNothing: article is null && shelf.Search(words, ReaderLevel.Everybody, 1, isTyping: false).Hits.Count == 0, NotHelped: article is not null && step.N == true);
    }

    private static List<Step>? Read(string told)
    {
        if (told.Length is 0 or > Longest)
            return null;
        try
        {
            return JsonSerializer.Deserialize<List<Step?>>(told, Names)?.OfType<Step>().ToList();
        }
        catch (JsonException)
        {
            return null; // made by no page of ours; the request itself is none the worse
        }
    }

    private sealed record Step(string? L, string? A, string? Q, bool? N);
}
