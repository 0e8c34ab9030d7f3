using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Api;
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

    private static async Task<HttpClient> ProgramAsync(DeskServer desk, params string[] scopes)
    {
        var secret = await desk.UseAsync<ApiTokens, string>(async tokens => (await tokens.CreateAsync("test", scopes, null, desk.OwnerOf(), CancellationToken.None)).Value.Secret);
        return new HttpClient { BaseAddress = desk.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}

public sealed class ApiOnSqliteTests() : ApiTests(() => DeskServer.StartAsync());

public sealed class ApiOnPostgresTests(PostgresServer server)
    : ApiTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ApiOnPostgresTests), TestContext.Current.CancellationToken)));
