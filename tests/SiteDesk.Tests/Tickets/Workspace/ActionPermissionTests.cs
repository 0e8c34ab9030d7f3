using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>One permission opens no other door: what a form or a request carries along is asked for by itself.</summary>
public abstract class ActionPermissionTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task Who_may_restore_from_junk_changes_nothing_else_with_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?", "anna@example.com");
        using var guard = await desk.NewStaffAsync("guard@example.com", Role.Security);
        var page = $"/agent/tickets/{ticket.Id}";

        (await guard.PostFormAsync("/agent/tickets/changes", [new("numbers", $"{ticket.Id}"), new("junk", "true"), new("status", "Solved")], page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await guard.PostFormAsync($"{page}/messages", [new("kind", "note"), new("text", "Looks forged"), new("submission", Guid.NewGuid().ToString("N")), new("then", "Solved")], page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var unchanged = await desk.TicketAsync(ticket.Id);
        (unchanged.Junk, unchanged.Status).ShouldBe((null, StandardStatus.New));

        (await guard.PostFormAsync("/agent/tickets/changes", [new("numbers", $"{ticket.Id}"), new("junk", "true")], page)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await guard.PostFormAsync($"{page}/messages", [new("kind", "note"), new("text", "Looks forged"), new("submission", Guid.NewGuid().ToString("N"))], page)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await desk.TicketAsync(ticket.Id)).Junk.ShouldNotBeNull();

        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.PostFormAsync("/agent/tickets/changes", [new("numbers", $"{ticket.Id}"), new("junk", "false"), new("status", "Open")], page)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await desk.TicketAsync(ticket.Id)).Junk.ShouldBeNull();
    }

    [Fact]
    public async Task Pages_visited_on_another_site_are_not_shown_to_who_is_confined_to_this_one()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?", "anna@example.com");
        await desk.InDatabaseAsync(async database =>
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            var other = new Site { Key = "other", Name = "Other", CreatedAt = now };
            database.Add(other);
            await database.SaveChangesAsync();
            foreach (var (site, path) in new[] { (ticket.SiteId, "ours"), (other.Id, "theirs") })
            {
                var visitor = new Visitor { SiteId = site, CustomerId = ticket.CustomerId, TokenHash = path, CreatedAt = now, LastSeenAt = now };
                database.Add(visitor);
                await database.SaveChangesAsync();
                database.Add(new PageVisit { VisitorId = visitor.Id, CustomerId = ticket.CustomerId, Address = $"https://shop.example.com/{path}", At = now });
            }

            return await database.SaveChangesAsync();
        });
        using var confined = await desk.NewStaffAsync("confined@example.com", Role.Agent, member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = ticket.SiteId });
        });

        var whole = await owner.GetTextAsync($"/agent/tickets/{ticket.Id}");
        whole.ShouldContain("/ours");
        whole.ShouldContain("/theirs");
        var part = await confined.GetTextAsync($"/agent/tickets/{ticket.Id}");
        part.ShouldContain("/ours");
        part.ShouldNotContain("/theirs");
    }
}

public sealed class ActionPermissionOnSqliteTests() : ActionPermissionTests(() => DeskServer.StartAsync());

public sealed class ActionPermissionOnPostgresTests(PostgresServer server)
    : ActionPermissionTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ActionPermissionOnPostgresTests), TestContext.Current.CancellationToken)));
