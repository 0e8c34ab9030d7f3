using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.LanguageModel;
using SiteDesk.Assistant.LanguageModel.Connection;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Assistant.LanguageModel;

/// <summary>What an owner sets for the language model, and what the page never shows.</summary>
public abstract class ModelSettingsTests(Func<Task<string?>> database)
{
    [Fact]
    public async Task An_owner_connects_a_model_tests_it_step_by_step_and_takes_it_away_again()
    {
        await using var desk = await StartAsync();
        (await desk.Owner.GetTextAsync("/agent/settings/assistant/model")).ShouldNotContain("model-test");
        await desk.ConnectAsync(("Address", desk.Model.Address + "/chat/completions/"), ("TimeLimit", "2,5"), ("MostRequests", "10 000"));

        var kept = await ConnectionAsync(desk);
        (kept!.Address, kept.Model, kept.TimeLimitMilliseconds, kept.MostRequests, kept.MostTokens).ShouldBe((desk.Model.Address, "fake-1", 2500, 10_000, null));
        kept.SealedKey.ShouldNotBeNull();
        kept.SealedKey.ShouldNotContain(ModelDesk.Key);
        var page = await desk.Owner.GetTextAsync(ModelDesk.Settings);
        page.ShouldNotContain(ModelDesk.Key);
        page.ShouldNotContain(kept.SealedKey);
        page.ShouldContain("one is kept");

        desk.Model.Says("A lamp that was not used can go back within 14 days [1]; the parcel costs 4.90 EUR [1].");
        var good = await TestAsync(desk);
        good.ShouldContain("Find the server");
        good.ShouldContain("Hold the answer against its source");
        good.ShouldNotContain("class=\"error\"");
        desk.Model.Says("It can go back within 90 days [1].");
        (await TestAsync(desk)).ShouldContain("did not stand");
        desk.Model.Answer = (http, _) => FakeModelServer.JsonAsync(http, $$"""{"error":{"message":"wrong key {{ModelDesk.Key}}" } }""", 401);
        var refused = await TestAsync(desk);
        refused.ShouldContain("The server refuses the key");
        refused.ShouldNotContain(ModelDesk.Key);
        desk.Model.Answer = (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status302Found;
            http.Response.Headers.Location = "http://169.254.169.254/latest/meta-data";
            return Task.CompletedTask;
        };
        (await TestAsync(desk)).ShouldContain("redirects are not followed");

        await desk.Owner.SubmitAsync($"{ModelDesk.Settings}/removal", ModelDesk.Settings);
        (await ConnectionAsync(desk)).ShouldBeNull();
        (await desk.Desk.AuditAsync()).ShouldContain("model.removed");
        (await desk.Desk.InDatabaseAsync(rows => rows.Set<AuditEntry>().AsNoTracking().ToListAsync())).ShouldNotContain(entry => entry.Details.Values.Any(value => value.Contains(ModelDesk.Key, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_typed_wrong_is_named_and_the_key_stays_with_its_server()
    {
        await using var desk = await StartAsync();
        async Task<string> RefusedAsync(params (string, string)[] other) => await desk.Owner.RefusedAsync(ModelDesk.Settings, ModelDesk.Settings, desk.Form(other));
        (await RefusedAsync(("Address", "ftp://models.example"))).ShouldContain("begins with https://");
        (await RefusedAsync(("Address", "https://user:secret@models.example/v1"))).ShouldContain("has a field of its own");
        (await RefusedAsync(("Address", "https://models.example/v1?key=secret"))).ShouldContain("has a field of its own");
        (await RefusedAsync(("Model", " "), ("TimeLimit", "60"), ("MostTokens", "-5"))).ShouldContain("Between 0.5 and 10 seconds");
        (await RefusedAsync(("Key", "ключ"))).ShouldContain("does not look like a key");
        (await RefusedAsync(("Key", "sk-typed-wrong"), ("Model", ""))).ShouldNotContain("sk-typed-wrong", Case.Sensitive, "a secret is not written back into the page");
        (await ConnectionAsync(desk)).ShouldBeNull();

        await desk.ConnectAsync();
        (await RefusedAsync(("Version", "1"), ("Address", "https://collector.example/v1"), ("Key", ""))).ShouldContain("leads to another server");
        (await RefusedAsync(("Version", "0"), ("Key", ""))).ShouldContain("Somebody else changed this meanwhile");
        await desk.ConnectAsync(("Version", "1"), ("Key", ""), ("Model", "fake-2"));
        (await ConnectionAsync(desk))!.SealedKey.ShouldNotBeNull("an empty field leaves the key");
        await desk.ConnectAsync(("Version", "2"), ("Key", ""), ("ForgetsKey", "true"));
        (await ConnectionAsync(desk))!.SealedKey.ShouldBeNull();
    }

    [Fact]
    public async Task A_private_address_is_told_as_such_by_the_test()
    {
        await using var desk = await StartAsync(networks: "");
        await desk.ConnectAsync();
        (await TestAsync(desk)).ShouldContain("private network that the setting ModelNetworks does not name");
        desk.Model.Received.ShouldBeEmpty();
        await desk.ConnectAsync(("Version", "1"), ("Address", "http://model.invalid/v1"));
        (await TestAsync(desk)).ShouldContain("There is no server of this name");
        await desk.ConnectAsync(("Version", "2"), ("Address", "http://8.8.8.8/v1"));
        (await TestAsync(desk)).ShouldContain("On the public network it must be https://");
    }

    [Fact]
    public async Task An_agent_neither_sees_nor_changes_it()
    {
        await using var desk = await StartAsync();
        using var agent = await desk.Desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.GetAsync(ModelDesk.Settings)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await agent.GetTextAsync("/agent/profile")).ShouldNotContain(ModelDesk.Settings);
        (await desk.Owner.GetTextAsync("/agent/profile")).ShouldContain(ModelDesk.Settings);
    }

    [Theory]
    [InlineData("ru", "Языковая модель")]
    [InlineData("zh-Hans", "语言模型")]
    public async Task The_page_speaks_the_reader_s_language(string language, string title)
    {
        await using var desk = await StartAsync();
        using var administrator = await desk.Desk.NewStaffAsync("admin@example.com", Role.Administrator, member => member.Language = language);
        (await administrator.GetTextAsync(ModelDesk.Settings)).ShouldContain(title);
    }

    [Fact]
    public async Task Nothing_is_stored_of_what_was_asked_but_how_much()
    {
        await using var desk = await StartAsync();
        await desk.ConnectAsync();
        desk.Model.Says("You can return it within 14 days [1].");
        (await desk.WordAsync(new WordingRequest("Can I return it?", "en", [new Passage(1, "Returns", "Within 14 days.")], [], ""))).Failure.ShouldBeNull();
        (await desk.UsedAsync()).ShouldBe((1, 120));
        (await desk.Owner.GetTextAsync(ModelDesk.Settings)).ShouldContain("120");
    }

    private async Task<ModelDesk> StartAsync(string networks = "127.0.0.1") => await ModelDesk.StartAsync(await database(), networks: networks, isConnected: false);

    private static Task<ModelConnection?> ConnectionAsync(ModelDesk desk) => desk.Desk.InDatabaseAsync(rows => rows.Set<ModelConnection>().AsNoTracking().FirstOrDefaultAsync());

    private static async Task<string> TestAsync(ModelDesk desk)
    {
        var answer = await desk.Owner.PostFormAsync($"{ModelDesk.Settings}/test", [], ModelDesk.Settings);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}

public sealed class ModelSettingsOnSqliteTests() : ModelSettingsTests(() => Task.FromResult<string?>(null));

public sealed class ModelSettingsOnPostgresTests(PostgresServer server)
    : ModelSettingsTests(async () => await server.CreateDatabaseAsync(typeof(ModelSettingsOnPostgresTests), TestContext.Current.CancellationToken));
