using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Api;
using SiteDesk.Customers;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Api;

public abstract class ApiTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task A_program_opens_reads_answers_and_changes_a_ticket()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var program = await ProgramAsync(desk, [.. ApiScopes.All]);

        var opened = await program.PostAsJsonAsync("api/v1/tickets", new { customer = new { name = "王伟", email = "wang@example.com" }, text = "退款三天了还没到账", tags = new[] { "refund" }, priority = "high" });
        opened.StatusCode.ShouldBe(HttpStatusCode.Created, await opened.Content.ReadAsStringAsync());
        var ticket = await ReadAsync(opened);
        var id = ticket.GetProperty("id").GetInt64();
        ticket.GetProperty("subject").GetString().ShouldBe("退款三天了还没到账");
        ticket.GetProperty("priority").GetString().ShouldBe("high");
        ticket.GetProperty("tags")[0].GetString().ShouldBe("refund");

        var answered = await program.PostAsJsonAsync($"api/v1/tickets/{id}/messages", new { kind = "public", text = "已为您加急处理" });
        answered.StatusCode.ShouldBe(HttpStatusCode.Created);
        var changed = await program.PatchAsJsonAsync($"api/v1/tickets/{id}", new { status = "solved", addTags = new[] { "done" } });
        (await ReadAsync(changed)).GetProperty("status").GetString().ShouldBe("solved");

        var messages = (await ReadAsync(await program.GetAsync($"api/v1/tickets/{id}/messages"))).GetProperty("data");
        messages.GetArrayLength().ShouldBe(2);
        messages[1].GetProperty("authorKind").GetString().ShouldBe("staff");
        (await ReadAsync(await program.GetAsync("api/v1/tickets?query=退款"))).GetProperty("data").GetArrayLength().ShouldBe(1);
        (await ReadAsync(await program.GetAsync("api/v1/customers?email=WANG@example.com"))).GetProperty("data")[0].GetProperty("name").GetString().ShouldBe("王伟");
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_makes_one_ticket_even_at_the_same_moment()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var program = await ProgramAsync(desk, ApiScopes.WriteTickets);
        program.DefaultRequestHeaders.Add("Idempotency-Key", "order-10293");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            program.PostAsJsonAsync("api/v1/tickets", new { customer = new { name = "Anna", externalId = "c-7" }, text = "Where is it?" })));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created || answer.StatusCode == HttpStatusCode.OK);
        (await Task.WhenAll(answers.Select(ReadAsync))).Select(ticket => ticket.GetProperty("id").GetInt64()).Distinct().ShouldHaveSingleItem();
        (await desk.InDatabaseAsync(database => database.Set<Message>().CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task Lists_come_in_pages_without_gap_or_double()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        for (var count = 0; count < 5; count++)
            await desk.AskAsync($"Question {count}");
        using var program = await ProgramAsync(desk, ApiScopes.ReadTickets);

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await ReadAsync(await program.GetAsync($"api/v1/tickets?limit=2&cursor={cursor}"));
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(ticket => ticket.GetProperty("id").GetInt64()));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        seen.ShouldBe([5, 4, 3, 2, 1]);
        foreach (var list in new[] { "tickets", "tickets/1/messages" })
            (await CodeAsync(await program.GetAsync($"api/v1/{list}?cursor=bm9uZQ"))).ShouldBe("api.value-unknown", "a list that began anew would never end");
    }

    [Fact]
    public async Task A_token_does_what_its_scopes_allow_and_nothing_without_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var reader = await ProgramAsync(desk, ApiScopes.ReadTickets);
        using var nobody = new HttpClient { BaseAddress = desk.Address };

        (await nobody.GetAsync("api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.GetAsync("/api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "a browser's cookie is no token");
        var refused = await reader.PostAsJsonAsync("api/v1/tickets", new { text = "x" });
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ReadAsync(refused)).GetProperty("code").GetString().ShouldBe("api.scope-missing");

        var token = await desk.InDatabaseAsync(database => database.Set<ApiToken>().SingleAsync());
        await owner.PostFormAsync($"/agent/settings/api/{token.Id}/revocation", [], "/agent/settings/api");
        (await reader.GetAsync("api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"text\": 7}", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"customer\":{\"email\":\"nonsense\"},\"text\":\"x\"}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{\"customer\":{\"id\":77777},\"text\":\"x\"}", HttpStatusCode.NotFound)]
    [InlineData("{\"customer\":{\"name\":\"A\"},\"text\":\"  \"}", HttpStatusCode.UnprocessableEntity)]
    public async Task Wrong_bodies_are_refused_with_a_code(string body, HttpStatusCode status)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var program = await ProgramAsync(desk, ApiScopes.WriteTickets);
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        var answer = await program.PostAsync("api/v1/tickets", content);
        answer.StatusCode.ShouldBe(status);
        (await ReadAsync(answer)).GetProperty("code").GetString().ShouldNotBeNullOrEmpty();
        (await desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task A_program_of_confined_staff_finds_nobody_by_counting_through_numbers()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is it?", "maria@example.com", name: "Maria");
        await owner.SubmitAsync("/agent/sites", "/agent/sites/new", ("SiteName", "Second"), ("SiteAddress", "second.example.com"), ("TimeZone", "Etc/UTC"), ("Languages", "en"));
        var second = await desk.InDatabaseAsync(database => database.Set<Site>().Where(site => site.Name == "Second").Select(site => site.Id).SingleAsync());
        using var program = await ProgramAsync(desk, await desk.LeadAsync("out@example.com", member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = second });
        }), [.. ApiScopes.All]);

        (await program.GetAsync($"api/v1/customers/{ticket.CustomerId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await program.PostAsJsonAsync("api/v1/customers", new { id = ticket.CustomerId })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await program.PostAsJsonAsync("api/v1/tickets", new { siteId = second, customer = new { id = ticket.CustomerId }, text = "x" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var known = await program.PostAsJsonAsync("api/v1/customers", new { email = "maria@example.com" });
        known.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await known.Content.ReadAsStringAsync()).ShouldNotContain("Maria");
        (await program.PostAsJsonAsync("api/v1/customers", new { email = "new@example.com" })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Contacts_are_masked_and_not_tried_through_the_interface()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is it?", "maria@example.com", name: "maria@example.com");
        using var program = await ProgramAsync(desk, await desk.LeadAsync("out@example.com", member => member.MasksContacts = true), [.. ApiScopes.All]);

        (await program.GetStringAsync(new Uri($"api/v1/customers/{ticket.CustomerId}", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldNotContain("maria@example.com", customMessage: "nor as the name");
        (await CodeAsync(await program.GetAsync("api/v1/customers?email=maria@example.com"))).ShouldBe("customer.contacts-masked");
        (await CodeAsync(await program.PatchAsJsonAsync($"api/v1/customers/{ticket.CustomerId}", new { email = "maria@example.com" }))).ShouldBe("customer.contacts-masked");
    }

    [Fact]
    public async Task A_record_has_no_more_addresses_and_remarks_than_its_page_takes()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is it?");
        using var program = await ProgramAsync(desk, [.. ApiScopes.All]);
        var path = $"api/v1/customers/{ticket.CustomerId}";
        for (var number = 0; number < CorrectCustomer.MostContacts; number++)
            (await program.PatchAsJsonAsync(path, new { email = $"anna{number}@example.com" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CodeAsync(await program.PatchAsJsonAsync(path, new { email = "more@example.com" }))).ShouldBe("customer.too-many-contacts");
        (await program.PatchAsJsonAsync(path, new { email = "anna0@example.com" })).StatusCode.ShouldBe(HttpStatusCode.OK, "it is there already");
        (await CodeAsync(await program.PatchAsJsonAsync(path, new { remarks = new string('x', CorrectCustomer.LongestRemarks + 1) }))).ShouldBe("customer.too-long");
    }

    [Fact]
    public async Task A_key_stands_for_one_request_of_one_program()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is it?");
        await desk.InDatabaseAsync(database => database.Set<Message>().ExecuteUpdateAsync(set => set.SetProperty(message => message.ClientId, "opening")));
        var path = $"api/v1/tickets/{ticket.Id}/messages";
        using var shop = await ProgramAsync(desk, ApiScopes.WriteTickets);
        using var stock = await ProgramAsync(desk, ApiScopes.WriteTickets);

        (await SendAsync(shop, path, "opening", new { kind = "public", text = "On its way" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(shop, path, "opening", new { kind = "public", text = "On its way" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(stock, path, "opening", new { kind = "public", text = "Three left" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await desk.TextsAsync(ticket.Id)).ShouldBe(["Where is it?", "On its way", "Three left"]);

        (await CodeAsync(await SendAsync(shop, path, "opening", new { kind = "public", text = "Something else" }))).ShouldBe("api.key-reused");
        (await CodeAsync(await SendAsync(shop, path, new string('k', 65), new { kind = "public", text = "x" }))).ShouldBe("api.key-length");
        var body = new { customer = new { name = "Anna" }, text = "One" };
        (await SendAsync(shop, "api/v1/tickets", "one", body)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await SendAsync(shop, "api/v1/tickets", "one", body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CodeAsync(await SendAsync(shop, "api/v1/tickets", "one", new { customer = new { name = "Anna" }, text = "Two" }))).ShouldBe("api.key-reused");
        (await CodeAsync(await SendAsync(shop, "api/v1/tickets", new string('k', 65), body))).ShouldBe("api.key-length");
    }

    [Fact]
    public async Task The_same_customer_at_the_same_moment_is_one_record()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var program = await ProgramAsync(desk, [.. ApiScopes.All]);
        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => program.PostAsJsonAsync("api/v1/customers", new { name = "Anna", externalId = "c-7" })));
        made.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created || answer.StatusCode == HttpStatusCode.OK);
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => program.PostAsJsonAsync("api/v1/tickets", new { customer = new { name = "Oleg", externalId = "c-8" }, text = "x" })));
        opened.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        var id = (await ReadAsync(made[0])).GetProperty("id").GetInt64();
        var changed = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => program.PatchAsJsonAsync($"api/v1/customers/{id}", new { remarks = $"{number}" })));
        changed.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await desk.InDatabaseAsync(database => database.Set<Customer>().CountAsync())).ShouldBe(2);
    }

    [Fact]
    public async Task Who_hands_a_ticket_out_of_their_sight_is_told_that_it_was_done()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var first = await owner.SubmitAsync("/agent/teams", "/agent/teams", ("Name", "First"));
        var second = await owner.SubmitAsync("/agent/teams", "/agent/teams", ("Name", "Second"));
        var (own, other) = (long.Parse(first.Split('/')[^1], CultureInfo.InvariantCulture), long.Parse(second.Split('/')[^1], CultureInfo.InvariantCulture));
        var ticket = await desk.AskAsync("Where is it?");
        using var all = await ProgramAsync(desk, ApiScopes.WriteTickets);
        await all.PatchAsJsonAsync($"api/v1/tickets/{ticket.Id}", new { teamId = own });
        using var program = await ProgramAsync(desk, await desk.LeadAsync("out@example.com", member =>
        {
            member.ConfinedToTeams = true;
            member.Teams.Add(new TeamMembership { TeamId = own });
        }), [.. ApiScopes.All]);

        var handed = await program.PatchAsJsonAsync($"api/v1/tickets/{ticket.Id}", new { teamId = other });
        handed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ReadAsync(handed)).GetProperty("teamId").GetInt64().ShouldBe(other);
        (await program.GetAsync($"api/v1/tickets/{ticket.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_ends_with_the_right_to_have_one()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var lead = await desk.LeadAsync("lena@example.com");
        using var program = await ProgramAsync(desk, lead, ApiScopes.ReadTickets);
        await owner.SubmitAsync($"/agent/staff/{lead.Id}", $"/agent/staff/{lead.Id}", ("Role", "Agent"));
        (await program.GetAsync("api/v1/tickets")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("api/v1/tickets?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("api/v1/nothing", HttpStatusCode.NotFound)]
    public async Task What_never_came_to_a_route_is_refused_with_a_code(string path, HttpStatusCode status)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var program = await ProgramAsync(desk, [.. ApiScopes.All]);
        var answer = await program.GetAsync(path);
        answer.StatusCode.ShouldBe(status);
        (await CodeAsync(answer)).ShouldStartWith("error.");
    }

    [Theory]
    [InlineData("{\"status\":77}", HttpStatusCode.BadRequest)]
    [InlineData("{\"addTags\":[null]}", HttpStatusCode.UnprocessableEntity)]
    public async Task A_value_that_is_none_is_not_stored(string body, HttpStatusCode status)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is it?");
        using var program = await ProgramAsync(desk, ApiScopes.WriteTickets);
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        (await program.PatchAsync($"api/v1/tickets/{ticket.Id}", content)).StatusCode.ShouldBe(status);
        (await desk.TicketAsync(ticket.Id)).Status.ShouldBe(ticket.Status);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient program, string path, string key, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", key } } };
        return await program.SendAsync(request);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await ReadAsync(answer)).GetProperty("code").GetString();

    private static Task<HttpClient> ProgramAsync(DeskServer desk, params string[] scopes) => ProgramAsync(desk, desk.OwnerOf(), scopes);

    private static async Task<HttpClient> ProgramAsync(DeskServer desk, Staff staff, params string[] scopes)
    {
        var secret = await desk.UseAsync<ApiTokens, string>(async tokens => (await tokens.CreateAsync("test", scopes, null, staff, CancellationToken.None)).Value.Secret);
        return new HttpClient { BaseAddress = desk.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}

file static class ApiPeople
{
    /// <summary>A lead, as the server knows them.</summary>
    public static async Task<Staff> LeadAsync(this DeskServer desk, string email, Action<StaffMember>? change = null)
    {
        await desk.AddStaffAsync(email, Role.Lead, change);
        return (await desk.StaffAsync(email)).AsStaff();
    }
}

public sealed class ApiOnSqliteTests() : ApiTests(() => DeskServer.StartAsync());

public sealed class ApiOnPostgresTests(PostgresServer server)
    : ApiTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ApiOnPostgresTests), TestContext.Current.CancellationToken)));
