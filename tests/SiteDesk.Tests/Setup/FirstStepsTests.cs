using System.Net;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.HelpCenter;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Setup;

/// <summary>What the workspace of a new installation says is worth doing.</summary>
public abstract class FirstStepsTests(Func<Task<DeskServer>> start)
{
    private const string Address = "/agent/first-steps";

    [Fact]
    public async Task Each_step_is_done_by_what_is_there_and_the_list_goes_with_the_last()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        (await owner.GetTextAsync("/agent/tickets")).ShouldContain($"src=\"{Address}\"");
        (await owner.GetTextAsync(Address)).ShouldContain("0 of 5 done");

        var links = (await owner.GetTextAsync(Address)).Split("<a href=\"").Skip(1).Select(link => WebUtility.HtmlDecode(link.Split('"')[0])).ToList();
        links.Count.ShouldBe(5);
        foreach (var link in links)
            (await owner.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK, link);

        var site = await desk.SiteAsync();
        using var trying = new Widget(desk.Address, site.Key);
        await trying.SayAsync("Is this how it looks?", page: $"{desk.Address}try/{site.Key}");
        (await owner.GetTextAsync(Address)).ShouldContain("0 of 5 done", Case.Sensitive, "trying it is not having it");
        using var visitor = new Widget(desk.Address, site.Key);
        await visitor.SayAsync("Do you ship to Norway?", page: "https://shop.example.com/lamps");
        var steps = await owner.GetTextAsync(Address);
        steps.ShouldContain("1 of 5 done");
        steps.ShouldContain("Done: </span>Put the chat on your site");

        await desk.PublishAsync(await desk.AddSectionAsync("Delivery"), "en", "Where we ship", "<p>Everywhere.</p>");
        await desk.LetAssistantAnswerAsync(settings => settings with { AnswersInWidget = true });
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await owner.GetTextAsync(Address)).ShouldContain("4 of 5 done");

        (await agent.GetAsync(Address)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await agent.GetTextAsync("/agent/tickets")).ShouldNotContain(Address);
        using var confined = await desk.NewStaffAsync("confined@example.com", Role.Administrator, member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = site.Id });
        });
        (await confined.GetTextAsync(Address)).ShouldNotContain("First steps", Case.Sensitive, "who sees a part cannot tell what the whole lacks");

        await desk.InDatabaseAsync(database =>
        {
            database.Add(new Mailbox { SiteId = site.Id, Address = "help@shop.example.com", AddressKey = "help@shop.example.com", PostSecretHash = Tokens.Hash("nobody's"), CreatedAt = TimeProvider.System.Now() });
            return database.SaveChangesAsync();
        });
        (await owner.GetTextAsync(Address)).ShouldNotContain("First steps");
    }

    [Fact]
    public async Task Fifty_tickets_end_the_beginning()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        for (var number = 1; number < 50; number++)
            await desk.AskAsync($"Question {number}");
        (await owner.GetTextAsync(Address)).ShouldContain("First steps");
        await desk.AskAsync("The fiftieth");
        (await owner.GetTextAsync(Address)).ShouldNotContain("First steps");
        (await owner.GetTextAsync("/agent/tickets")).ShouldNotContain(Address);
    }
}

public sealed class FirstStepsOnSqliteTests() : FirstStepsTests(() => DeskServer.StartAsync());

public sealed class FirstStepsOnPostgresTests(PostgresServer server)
    : FirstStepsTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(FirstStepsOnPostgresTests), TestContext.Current.CancellationToken)));
