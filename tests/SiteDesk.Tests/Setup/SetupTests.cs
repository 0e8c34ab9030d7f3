using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Setup;

public abstract class SetupTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task An_empty_installation_leads_to_the_set_up_and_then_closes_it()
    {
        await using var desk = await start();
        using var stranger = desk.NewClient();
        (await stranger.GetAsync("/")).Headers.Location!.ToString().ShouldStartWith("/sign-in");
        (await stranger.GetAsync("/sign-in")).Headers.Location!.ToString().ShouldBe("/set-up");

        using var owner = await desk.SetUpAsync();

        (await owner.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await stranger.GetAsync("/set-up")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        using var second = desk.NewClient();
        await second.SignInAsync(DeskServer.Owner, DeskServer.Password);
        (await second.GetAsync("/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_answers_are_all_named_at_once_and_nothing_is_stored()
    {
        await using var desk = await start();
        using var client = desk.NewClient();
        var answer = await client.PostFormAsync("/set-up", [new("Name", ""), new("Email", "nobody"), new("Password", "short"), new("SiteName", ""), new("SiteAddress", "::"), new("TimeZone", "")]);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        foreach (var field in new[] { "name", "email", "siteName", "siteAddress", "languages" })
            page.ShouldContain($"href=\"#{field}\"");
        (await client.GetAsync("/set-up")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_several_who_set_up_at_the_same_moment_one_is_the_owner()
    {
        await using var desk = await start();
        var clients = Enumerable.Range(0, 6).Select(_ => desk.NewClient()).ToList();
        var tokens = await Task.WhenAll(clients.Select(client => client.TokenAsync("/set-up")));
        var answers = await Task.WhenAll(clients.Select(async (client, number) =>
        {
            using var form = new FormUrlEncodedContent([
                new("Name", "Olga"), new("Email", $"owner{number}@example.com"), new("Password", DeskServer.Password), new("SiteName", "Nordlight"),
                new("SiteAddress", "shop.example.com"), new("TimeZone", ""), new("Languages", "en"), new("__RequestVerificationToken", tokens[number])]);
            return (await client.Http.PostAsync(new Uri("/set-up", UriKind.Relative), form)).StatusCode;
        }));
        answers.Count(status => status == HttpStatusCode.SeeOther).ShouldBe(1, string.Join(' ', answers));
        answers.Count(status => status == HttpStatusCode.UnprocessableEntity).ShouldBe(5, string.Join(' ', answers));
        (await desk.InDatabaseAsync(database => database.Set<StaffMember>().CountAsync())).ShouldBe(1);
        (await desk.InDatabaseAsync(database => database.Set<SiteDesk.Sites.Site>().CountAsync())).ShouldBe(1);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Anna <anna@example.com>")]
    public async Task An_empty_form_and_what_is_no_address_are_refused_in_words(string email)
    {
        await using var desk = await start();
        using var client = desk.NewClient();
        var answer = await client.PostFormAsync("/set-up", email.Length == 0 ? [] : [
            new("Name", "Anna"), new("Email", email), new("Password", DeskServer.Password), new("SiteName", "Nordlight"), new("SiteAddress", "shop.example.com"), new("Languages", "en")]);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        await using var desk = await start();
        using var client = desk.NewClient();
        using var form = new FormUrlEncodedContent([new("Name", "Eve")]);
        (await client.Http.PostAsync(new Uri("/set-up", UriKind.Relative), form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}

public sealed class SetupOnSqliteTests() : SetupTests(() => DeskServer.StartAsync());

public sealed class SetupOnPostgresTests(PostgresServer server)
    : SetupTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(SetupOnPostgresTests), TestContext.Current.CancellationToken)));
