using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;

namespace SiteDesk.Platform.Events;

public static class EventPermissions
{
    /// <summary>See deliveries that were given up, run them again or drop them.</summary>
    public static readonly Permission Manage = Permission.Of("events.manage", Role.Owner, Role.Administrator, Role.Engineer);
}

/// <summary>What waits and what was given up.</summary>
/// <param name="Waiting">Deliveries that are still tried.</param>
public sealed record DeadLetterList(IReadOnlyList<EventDelivery> Letters, int Waiting, bool HasMore);

/// <summary>Deliveries that failed too often: an administrator sees why, and runs them again when the cause is mended.</summary>
public sealed class DeadLetters(Database database, WakeSignal<EventDispatcher> dispatch, AuditLog audit, TimeProvider time)
{
    /// <summary>Letters shown on a page, and run again at once.</summary>
    public const int Most = 100;

    public async Task<DeadLetterList> ReadAsync(CancellationToken cancellation)
    {
        var letters = await database.Set<EventDelivery>().AsNoTracking().Where(delivery => delivery.DueAt == null).OrderByDescending(delivery => delivery.Id).Take(Most + 1).ToListAsync(cancellation);
        var waiting = await database.Set<EventDelivery>().Where(delivery => delivery.DueAt != null).OrderBy(delivery => delivery.DueAt).Take(10_000).CountAsync(cancellation);
        return new(letters.Take(Most).ToList(), waiting, letters.Count > Most);
    }

    /// <param name="id">One letter; null for all that a page shows.</param>
    /// <returns>How many were put back into the queue.</returns>
    public async Task<int> RunAgainAsync(long? id, Staff by, CancellationToken cancellation)
    {
        var letters = await FindAsync(id, cancellation);
        if (letters.Count == 0)
            return 0;
        foreach (var letter in letters)
            letter.RunAgain(time.Now());
        audit.Write(by.AsActor(), "event.run-again", SubjectOf(id), ("count", letters.Count.ToString(CultureInfo.InvariantCulture)), ("handler", id is null ? null : letters[0].Handler));
        await database.SaveChangesAsync(cancellation);
        dispatch.Wake();
        return letters.Count;
    }

    /// <returns>False when there is no such letter.</returns>
    public async Task<bool> DropAsync(long id, Staff by, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not [var letter])
            return false;
        database.Remove(letter);
        audit.Write(by.AsActor(), "event.dropped", SubjectOf(id), ("handler", letter.Handler));
        await database.SaveChangesAsync(cancellation);
        return true;
    }

    private Task<List<EventDelivery>> FindAsync(long? id, CancellationToken cancellation) =>
        database.Set<EventDelivery>().Where(delivery => delivery.DueAt == null && (id == null || delivery.Id == id)).OrderByDescending(delivery => delivery.Id).Take(Most).ToListAsync(cancellation);

    private static string SubjectOf(long? id) => id is null ? "events" : string.Create(CultureInfo.InvariantCulture, $"event:{id}");
}

/// <summary>The page of the dead letters.</summary>
internal static class DeadLetterRoutes
{
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/agent/events").Needs(EventPermissions.Manage);
        events.MapGet("", async (HttpContext http, DeadLetters letters, CancellationToken cancellation) =>
            Page.Show<DeadLettersPage>(new { List = await letters.ReadAsync(cancellation), HidesDetails = http.Staff().MasksContacts }));
        events.MapPost("/run-again", RunAllAgainAsync);
        events.MapPost("/{id:long}/run-again", RunAgainAsync);
        events.MapPost("/{id:long}/removal", DropAsync);
    }

    private static async Task<IResult> RunAllAgainAsync(HttpContext http, DeadLetters letters, CancellationToken cancellation)
    {
        await letters.RunAgainAsync(null, http.Staff(), cancellation);
        return Page.GoTo("/agent/events?done=events-run");
    }

    private static async Task<IResult> RunAgainAsync(HttpContext http, DeadLetters letters, long id, CancellationToken cancellation) =>
        await letters.RunAgainAsync(id, http.Staff(), cancellation) > 0 ? Page.GoTo("/agent/events?done=events-run") : TypedResults.NotFound();

    private static async Task<IResult> DropAsync(HttpContext http, DeadLetters letters, long id, CancellationToken cancellation) =>
        await letters.DropAsync(id, http.Staff(), cancellation) ? Page.GoTo("/agent/events?done=event-dropped") : TypedResults.NotFound();
}
