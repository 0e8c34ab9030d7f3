using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Api;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tests.Tickets.Plans;

/// <summary>
/// Nothing that people wait for grows with the desk's history: among 200,000 tickets every query of the pages used all day is
/// asked again under the engine's own eyes, and neither walks through a table nor along an index past what does not fit.
/// </summary>
public abstract class QueryPlanTests(DatabaseEngine engine, Func<Action<IServiceCollection>, Task<DeskServer>> start)
{
    /// <summary>The saved view whose condition fits no ticket: without an end it would walk past all of them.</summary>
    private const string RareView = "4";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_page_of_the_day_grows_with_two_hundred_thousand_tickets()
    {
        var watch = Stopwatch.StartNew();
        var queries = new HeardQueries();
        await using var desk = await start(services => services.AddSingleton<IInterceptor>(queries));
        using var owner = await desk.SetUpAsync();
        using var ofSite = await ConfinedAsync(desk, "site@example.com", member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = 2 });
        });
        using var ofTeam = await ConfinedAsync(desk, "team@example.com", member =>
        {
            member.ConfinedToTeams = true;
            member.Teams.Add(new TeamMembership { TeamId = 1 });
        });
        foreach (var condition in new[] { new ConditionTest("priority", "is", [new TextValue("urgent")]), new ConditionTest("tags", "includes-any", [new TextValue("tag-7")]), new ConditionTest("status", "one-of", [new TextValue("new"), new TextValue("open")]), new ConditionTest("tags", "includes-any", [new TextValue("on-no-ticket")]) })
            (await desk.UseAsync<SaveView, bool>(async save => (await save.RunAsync(new SaveView.Request(null, $"{condition.Field} {condition.Values[0]}", new(new(ConditionJoin.All, [condition])), IsShared: true), desk.OwnerOf(), Cancellation)).Succeeded)).ShouldBeTrue(condition.Field);
        await desk.InDatabaseAsync(async rows =>
        {
            await rows.Database.OpenConnectionAsync(Cancellation);
            await new ManyTickets(engine).FillAsync(rows.Database.GetDbConnection(), Cancellation);
            if (engine == DatabaseEngine.Postgres)
                await rows.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", Cancellation);
            return true;
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"filled after {watch.Elapsed.TotalSeconds:0.0} s");

        var looked = new List<(string Page, List<HeardQuery> Queries)>();
        foreach (var (name, client) in new[] { ("owner", owner), ("of one site", ofSite), ("of one team", ofTeam) })
        {
            foreach (var order in InboxOrders.All)
            {
                await ChooseAsync(desk, order);
                await LookAsync($"a view that nothing fits, {order}, {name}", client, $"/agent/tickets?view={RareView}", frame: "list");
                await LookAsync($"a view that nothing fits, {order}, {name}, further back", client, $"/agent/tickets?view={RareView}&after={Middle(order)}", frame: "list");
                foreach (var view in client == owner ? StandardViews.All : [StandardViews.Unassigned, StandardViews.Open, StandardViews.Waiting])
                {
                    foreach (var after in new[] { "", $"&after={Middle(order)}" })
                        await LookAsync($"{view}, {order}, {name} {after}", client, $"/agent/tickets?view={view}{after}", frame: "list");
                }
            }

            if (client == owner)
                await ReadOnAsync(client);
            await LookAsync($"the whole page, {name}", client, "/agent/tickets?view=open");
            await LookAsync($"counts of saved views, {name}", client, "/agent/views/counts");
            await LookAsync($"rows, {name}", client, "/agent/tickets/rows?view=open");
            await LookAsync($"search, {name}", client, "/agent/search?query=w17");
            await LookAsync($"search by address, {name}", client, "/agent/search?query=customer4711@example.org");
            await LookAsync($"tags, {name}", client, "/agent/menus/tags");
            await LookAsync($"notifications, {name}", client, "/agent/notifications");
        }

        await LookAsync("ticket", owner, $"/agent/tickets/{ManyTickets.LongTalk}");
        await LookAsync("an old ticket", owner, $"/agent/tickets/{ManyTickets.Count}");
        await LookAsync("customer", owner, "/agent/customers/4711");
        await LookAsync("merging", owner, $"/agent/tickets/{ManyTickets.LongTalk}/merger");
        await LookAsync("tracking", owner, $"/t/token-{ManyTickets.LongTalk}");
        var secret = await desk.UseAsync<ApiTokens, string>(async tokens => (await tokens.CreateAsync("test", [.. ApiScopes.All], null, desk.OwnerOf(), Cancellation)).Value.Secret);
        owner.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        foreach (var query in new[] { "", "?status=open", "?status=closed", "?siteId=2", "?assigneeId=1", "?customerId=4711", "?siteId=2&status=open", $"?cursor={ApiCursor.Write(DateTime.UtcNow.AddMinutes(-ManyTickets.Count / 2).Ticks, ManyTickets.Count / 2)}", "?assigneeId=1&status=solved", "?query=w17", "?updatedSince=2020-01-01T00:00:00Z" })
            await LookAsync($"API list {query}", owner, $"/api/v1/tickets{query}");
        await LookAsync("API messages", owner, $"/api/v1/tickets/{ManyTickets.LongTalk}/messages");
        await LookAsync("API customer by address", owner, "/api/v1/customers?email=customer4711@example.org");
        TestContext.Current.TestOutputHelper?.WriteLine($"asked after {watch.Elapsed.TotalSeconds:0.0} s");

        looked.Sum(page => page.Queries.Count).ShouldBeGreaterThan(400, "the pages ask their database");
        (await FaultsAsync(desk, looked)).ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine($"done after {watch.Elapsed.TotalSeconds:0.0} s");

        async Task LookAsync(string page, DeskClient client, string path, string frame = "")
        {
            queries.Take();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { { "Turbo-Frame", frame } } };
            using var answer = await client.Http.SendAsync(request, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, page);
            looked.Add((page, queries.Take()));
        }
    }

    /// <summary>The list says that it looked at a part.</summary>
    private static async Task ReadOnAsync(DeskClient client)
    {
        var page = await client.GetTextAsync($"/agent/tickets?view={RareView}");
        page.ShouldContain("Only the 10,000 tickets that moved last were looked through", customMessage: "the order by priority has no index over all piles");
    }

    private async Task<string> FaultsAsync(DeskServer desk, List<(string Page, List<HeardQuery> Queries)> looked) => await desk.InDatabaseAsync(async rows =>
    {
        await rows.Database.OpenConnectionAsync(Cancellation);
        var (said, known) = (new StringBuilder(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (page, asked) in looked)
        {
            // The same question with the same values is one question.
            foreach (var query in asked.Where(query => known.Add(query.Sql + string.Join('|', query.Parameters.Select(parameter => parameter.Value)))))
            {
                var faults = await QueryWork.FaultsOfAsync(rows.Database.GetDbConnection(), engine, query, Cancellation);
                if (faults.Count > 0)
                    said.AppendLine(CultureInfo.InvariantCulture, $"{page}: {string.Join("\n", faults)}\n{query.Sql}\n");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{known.Count} questions");
        return said.ToString();
    });

    /// <summary>A place deep in the list: half of the tickets lie before it.</summary>
    private static InboxCursor Middle(InboxOrder order) =>
        new(DateTime.UtcNow.AddMinutes(-ManyTickets.Count / 2), ManyTickets.Count / 2, order, order == InboxOrder.Priority ? 2 : order == InboxOrder.Waiting ? 1 : 0);

    /// <summary>Everybody reads every view in this order from now on.</summary>
    private static Task<bool> ChooseAsync(DeskServer desk, InboxOrder order) => desk.InDatabaseAsync(async rows =>
    {
        await rows.Set<ChosenOrder>().ExecuteDeleteAsync(Cancellation);
        foreach (var staff in await rows.Set<StaffMember>().Select(member => member.Id).ToListAsync(Cancellation))
            rows.AddRange(StandardViews.All.Append(RareView).Select(view => new ChosenOrder { StaffId = staff, View = view, Order = order.ToString(), UpdatedAt = TimeProvider.System.Now() }));
        await rows.SaveChangesAsync(Cancellation);
        return true;
    });

    private static async Task<DeskClient> ConfinedAsync(DeskServer desk, string email, Action<StaffMember> confine)
    {
        await using (var scope = desk.Services.CreateAsyncScope())
        {
            var rows = scope.ServiceProvider.GetRequiredService<Database>();
            if (await rows.Set<Site>().CountAsync(Cancellation) == 1)
            {
                scope.ServiceProvider.GetRequiredService<CreateSite>().Run(new CreateSite.Request("Halyard", "https://halyard.example.com", ["en"], "Europe/Berlin")).Succeeded.ShouldBeTrue();
                rows.Add(new Team { Name = "Delivery", CreatedAt = TimeProvider.System.Now() });
                await rows.SaveChangesAsync(Cancellation);
            }
        }

        return await desk.NewStaffAsync(email, Role.Agent, confine);
    }
}

public sealed class QueryPlansOnSqliteTests() : QueryPlanTests(DatabaseEngine.Sqlite, replace => DeskServer.StartAsync(null, replace));

public sealed class QueryPlansOnPostgresTests(PostgresServer server)
    : QueryPlanTests(DatabaseEngine.Postgres, async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(QueryPlansOnPostgresTests), TestContext.Current.CancellationToken), replace));
