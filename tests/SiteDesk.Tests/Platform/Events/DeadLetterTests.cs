using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Events;

/// <summary>Something that happens in these tests.</summary>
public sealed record BellRang(string Words) : IEvent;

/// <summary>A handler that fails until it is mended.</summary>
public sealed class BellHandler(BellHandler.State state) : IHandle<BellRang>
{
    public Task HandleAsync(BellRang domainEvent, EventContext context, CancellationToken cancellation)
    {
        if (state.Broken)
            throw new InvalidOperationException("the rope is torn");
        state.Heard.TrySetResult(domainEvent.Words);
        return Task.CompletedTask;
    }

    public sealed class State
    {
        public volatile bool Broken = true;

        public TaskCompletionSource<string> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

public abstract class DeadLetterTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    [Fact]
    public async Task A_delivery_that_was_given_up_is_seen_and_runs_again_when_the_cause_is_mended()
    {
        var state = new BellHandler.State();
        await using var desk = await start(services => services.AddSingleton(state).AddHandler<BellRang, BellHandler>());
        using var owner = await desk.SetUpAsync();
        await LetDieAsync(desk, "ding <dong>");

        var page = await owner.GetTextAsync("/agent/events");
        page.ShouldContain("BellHandler.BellRang");
        page.ShouldContain("the rope is torn");
        page.ShouldContain("ding &lt;dong&gt;");
        using var outside = await desk.NewStaffAsync("out@example.com", Role.Engineer, member => member.MasksContacts = true);
        var masked = await outside.GetTextAsync("/agent/events");
        masked.ShouldContain("BellHandler.BellRang");
        masked.ShouldNotContain("dong", customMessage: "what an event says may be an address");
        masked.ShouldNotContain("the rope is torn");

        state.Broken = false;
        var id = await desk.InDatabaseAsync(database => database.Set<EventDelivery>().Select(delivery => delivery.Id).SingleAsync());
        await owner.SubmitAsync($"/agent/events/{id}/run-again", "/agent/events");
        (await state.Heard.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).ShouldBe("ding <dong>");
        (await desk.AuditAsync()).ShouldContain("event.run-again");
    }

    [Fact]
    public async Task A_letter_can_be_dropped_and_a_delivery_that_is_still_tried_cannot()
    {
        await using var desk = await start(services => services.AddSingleton(new BellHandler.State()).AddHandler<BellRang, BellHandler>());
        using var owner = await desk.SetUpAsync();
        await LetDieAsync(desk, "ding");
        var id = await desk.InDatabaseAsync(database => database.Set<EventDelivery>().Select(delivery => delivery.Id).SingleAsync());
        await owner.SubmitAsync($"/agent/events/{id}/removal", "/agent/events");
        (await desk.InDatabaseAsync(database => database.Set<EventDelivery>().CountAsync())).ShouldBe(0);

        var waiting = await AddAsync(desk, "dong", TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));
        (await owner.PostFormAsync($"/agent/events/{waiting}/removal", [], "/agent/events")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static Task LetDieAsync(DeskServer desk, string words) => AddAsync(desk, words, null);

    private static Task<long> AddAsync(DeskServer desk, string words, DateTime? due) => desk.InDatabaseAsync(async database =>
    {
        var catalog = desk.Services.GetRequiredService<EventCatalog>();
        var delivery = catalog.DeliveriesOf(new BellRang(words), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), null).Single();
        for (var attempt = 0; attempt < EventDelivery.MostAttempts; attempt++)
            delivery.Fail(new InvalidOperationException("the rope is torn"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        delivery.DueAt.ShouldBeNull();
        delivery.DueAt = due;
        database.Add(delivery);
        await database.SaveChangesAsync();
        return delivery.Id;
    });
}

public sealed class DeadLetterOnSqliteTests() : DeadLetterTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class DeadLetterOnPostgresTests(PostgresServer server)
    : DeadLetterTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(DeadLetterOnPostgresTests), TestContext.Current.CancellationToken), replace));
