using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Settings;

namespace SiteDesk.Tests.Tickets.Settings;

public abstract class TicketSettingsTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task An_own_status_has_words_for_staff_and_customers_and_keeps_what_it_refines()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/statuses", "/agent/statuses/new",
            ("Standard", "OnHold"), ("Names", "At the warehouse"), ("Names", "На складе"), ("Names", ""), ("CustomerNames", "We are asking our warehouse"), ("CustomerNames", ""), ("CustomerNames", ""), ("Position", "3"));
        var status = await StatusAsync(desk);
        status.Standard.ShouldBe(StandardStatus.OnHold);
        status.Names.ShouldBe(new Dictionary<string, string> { ["en"] = "At the warehouse", ["ru"] = "На складе" });
        status.CustomerNames.ShouldBe(new Dictionary<string, string> { ["en"] = "We are asking our warehouse" });

        var page = $"/agent/statuses/{status.Id}";
        await owner.SubmitAsync(page, page, ("Standard", "Solved"), ("Names", "In the warehouse"), ("Names", ""), ("Names", ""));
        (await StatusAsync(desk)).Standard.ShouldBe(StandardStatus.OnHold);
        await owner.SubmitAsync($"{page}/retirement", page);
        (await owner.GetTextAsync("/agent/statuses")).ShouldContain("Retired");
        await owner.SubmitAsync($"{page}/restoration", page);
        (await StatusAsync(desk)).RetiredAt.ShouldBeNull();
        (await owner.RefusedAsync("/agent/statuses", "/agent/statuses/new", ("Standard", "New"), ("Names", " "))).ShouldSatisfyAllConditions(
            text => text.ShouldContain("at least one language"),
            text => text.ShouldContain("Choose one of the statuses"));
        (await desk.AuditAsync()).Skip(1).ShouldBe(["own-status.added", "own-status.changed", "own-status.retired", "own-status.restored"]);
    }

    [Fact]
    public async Task An_own_field_has_a_key_that_stays_and_choices_that_change()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await owner.SubmitAsync("/agent/fields", "/agent/fields/new", ("Key", "reason"), ("Type", "Choice"), ("Names", "Reason"), ("Choices", "Late\r\nBroken\r\n\r\nLate"));
        var field = await desk.InDatabaseAsync(database => database.Set<TicketField>().AsNoTracking().SingleAsync());
        field.Choices.ShouldBe(["Late", "Broken"]);
        field.SiteId.ShouldBeNull();
        var page = $"/agent/fields/{field.Id}";
        await owner.SubmitAsync(page, page, ("Key", "other"), ("Type", "Text"), ("Names", "Why"), ("Choices", "Late\nWrong size"));
        field = await desk.InDatabaseAsync(database => database.Set<TicketField>().AsNoTracking().SingleAsync());
        (field.Key, field.Type, field.Choices.Count).ShouldBe(("reason", TicketFieldType.Choice, 2));
        (await owner.RefusedAsync("/agent/fields", "/agent/fields/new", ("Key", "reason"), ("Type", "Text"), ("Names", "Again"))).ShouldContain("Another field has this key");
        (await owner.RefusedAsync("/agent/fields", "/agent/fields/new", ("Key", "Not Good"), ("Type", "Choice"), ("Names", "x"))).ShouldSatisfyAllConditions(
            text => text.ShouldContain("Enter a key"),
            text => text.ShouldContain("Enter 1 to 200 choices"));
    }

    [Fact]
    public async Task Who_is_confined_to_a_site_makes_fields_for_it_and_not_for_all()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var site = await desk.InDatabaseAsync(database => database.Set<Site>().Select(row => row.Id).FirstAsync());
        using var partner = await desk.NewStaffAsync("partner@example.com", Role.Administrator, member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = site });
        });
        (await partner.RefusedAsync("/agent/fields", "/agent/fields/new", ("Key", "a"), ("Type", "Text"), ("Names", "A"))).ShouldContain("Choose one of your sites");
        await partner.SubmitAsync("/agent/fields", "/agent/fields/new", ("Key", "a"), ("Type", "Text"), ("Names", "A"), ("SiteId", $"{site}"));
    }

    [Fact]
    public async Task The_tickets_of_a_removed_team_are_taken_back()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var now = TimeProvider.System.Now();
        await using var scope = desk.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var ticket = new Ticket
        {
            Token = "t", SiteId = await database.Set<Site>().Select(row => row.Id).FirstAsync(), Customer = new Customer { CreatedAt = now },
            Channel = "api", Subject = "Help", CreatedAt = now, UpdatedAt = now,
        };
        ticket.Received(new Message { Kind = MessageKind.Public, AuthorKind = ActorKind.Customer, AuthorName = "", Text = "Help", CreatedAt = now, Channel = "api", ClientId = "1" });
        ticket.HandTo(41, Actor.System, now);
        database.Add(ticket);
        await database.SaveChangesAsync();

        var handler = scope.ServiceProvider.GetRequiredService<ReleaseTeamTickets>();
        for (var run = 0; run < 2; run++)
            await handler.HandleAsync(new TeamRemoved(41, "Gone"), new EventContext(1, run + 1, now), TestContext.Current.CancellationToken);

        var stored = await desk.InDatabaseAsync(rows => rows.Set<Ticket>().Include(row => row.Changes).SingleAsync());
        stored.TeamId.ShouldBeNull();
        stored.Changes.Count(change => change.Field == "team").ShouldBe(2);
    }

    private static Task<CustomStatus> StatusAsync(DeskServer desk) => desk.InDatabaseAsync(database => database.Set<CustomStatus>().AsNoTracking().SingleAsync());
}

public sealed class TicketSettingsOnSqliteTests() : TicketSettingsTests(() => DeskServer.StartAsync());

public sealed class TicketSettingsOnPostgresTests(PostgresServer server)
    : TicketSettingsTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(TicketSettingsOnPostgresTests), TestContext.Current.CancellationToken)));
