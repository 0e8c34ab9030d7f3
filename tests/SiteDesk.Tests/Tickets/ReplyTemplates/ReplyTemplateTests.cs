using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.ReplyTemplates;

namespace SiteDesk.Tests.Tickets.ReplyTemplates;

/// <summary>Answers that are given often are kept once, and put into replies in the customer's language.</summary>
public abstract partial class ReplyTemplateTests(Func<Task<DeskServer>> start)
{
    private const string List = "/agent/reply-templates";

    [Fact]
    public async Task A_template_is_kept_changed_retired_and_taken_back_with_each_of_it_on_record()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        (await owner.GetTextAsync(List)).ShouldContain("No templates yet");
        await owner.SubmitAsync(List, $"{List}/new", ("Name", "Return label"), ("Texts", "Hello {customer},\r\nthe label is on its way."), ("Texts", "Здравствуйте, {customer}!"), ("Texts", ""));
        var template = await OnlyAsync(desk);
        template.Texts.ShouldBe(new Dictionary<string, string> { ["en"] = "Hello {customer},\nthe label is on its way.", ["ru"] = "Здравствуйте, {customer}!" });
        (template.SiteId, template.TeamId, template.RetiredAt).ShouldBe((null, null, null));

        var page = $"{List}/{template.Id}";
        await owner.SubmitAsync(page, page, ("Name", "Label"), ("Texts", "Changed"), ("Version", $"{template.Version}"), ("SiteId", "1"));
        (await OnlyAsync(desk)).ShouldSatisfyAllConditions(changed => changed.Name.ShouldBe("Label"), changed => changed.SiteId.ShouldBe(1), changed => changed.Texts.ShouldBe(new Dictionary<string, string> { ["en"] = "Changed" }));
        await owner.SubmitAsync($"{page}/retirement", page);
        (await owner.GetTextAsync(List)).ShouldContain("Retired");
        await owner.SubmitAsync($"{page}/restoration", page);
        (await OnlyAsync(desk)).RetiredAt.ShouldBeNull();
        (await desk.AuditAsync()).Skip(1).ShouldBe(["reply-template.added", "reply-template.changed", "reply-template.retired", "reply-template.restored"]);
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_field_and_nobody_writes_over_somebody_else()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        (await owner.RefusedAsync(List, $"{List}/new", ("Name", " "), ("Texts", " "))).ShouldSatisfyAllConditions(
            text => text.ShouldContain("Enter a name of at most 100 characters"),
            text => text.ShouldContain("Write the text in at least one language"));
        var wrong = await owner.RefusedAsync(List, $"{List}/new", ("Name", "x"), ("Texts", "Hello {name}, {custmer}"), ("Texts", new string('a', ReplyTemplate.LongestText + 1)));
        wrong.ShouldContain("Not among the placeholders: {name}, {custmer}");
        wrong.ShouldContain("A text has at most 5,000 characters");
        wrong.ShouldContain("Hello {name}, {custmer}", customMessage: "what was written is not lost");
        (await owner.RefusedAsync(List, $"{List}/new", ("Name", "x"), ("Texts", "x"), ("SiteId", "99"))).ShouldContain("This does not exist any more");
        (await owner.RefusedAsync(List, $"{List}/new", ("Name", "x"), ("Texts", "x"), ("TeamId", "99"))).ShouldContain("This does not exist any more");

        await owner.SubmitAsync(List, $"{List}/new", ("Name", "Label"), ("Texts", "First"));
        var template = await OnlyAsync(desk);
        var page = $"{List}/{template.Id}";
        await owner.SubmitAsync(page, page, ("Name", "Label"), ("Texts", "Somebody else's"), ("Version", $"{template.Version}"));
        var late = await owner.RefusedAsync(page, page, ("Name", "Label"), ("Texts", "Mine"), ("Version", $"{template.Version}"));
        late.ShouldContain("Somebody changed this template");
        late.ShouldContain("Mine");
        (await OnlyAsync(desk)).Texts["en"].ShouldBe("Somebody else's");
        await owner.SubmitAsync(page, page, ("Name", "Label"), ("Texts", "Mine"), ("Version", VersionPattern().Match(late).Groups["version"].Value));
        (await OnlyAsync(desk)).Texts["en"].ShouldBe("Mine");
    }

    [Fact]
    public async Task An_agent_finds_it_while_writing_filled_in_and_in_the_customers_language()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await AddAsync(desk, "Return label", ("en", "Hello {customer}, #{number} at {site}: {subject}. {agent} {link}"), ("ru", "Здравствуйте, {customer}! Номер {number}."));
        await AddAsync(desk, "Thanks", ("ru", "Спасибо!"));
        await AddAsync(desk, "Aфиша", ("zh-Hans", "退货标签"));
        await AddAsync(desk, "Retired return label", ("en", "old")).ContinueWith(_ => desk.InDatabaseAsync(database => database.Set<ReplyTemplate>().Where(row => row.Name.StartsWith("Retired")).ExecuteUpdateAsync(set => set.SetProperty(row => row.RetiredAt, DateTime.UtcNow)))).Unwrap();
        var english = await AskAsync(desk, "Maria *Lopez*", "en", "Wrong [size](https://evil.example)");
        var russian = await AskAsync(desk, "Соколова Анна Игоревна", "ru", "Размер");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);

        (await agent.GetTextAsync($"/agent/tickets/{english.Id}")).ShouldContain($"{List}/for/{english.Id}");
        var (number, token) = (english.Id, english.Token);
        (await OffersAsync(agent, english.Id, "label")).ShouldBe(["Return label"]);
        (await InsertsAsync(agent, english.Id, "retur lab")).ShouldBe([$"Hello Maria, #{number} at {(await desk.InDatabaseAsync(database => database.Set<Site>().FirstAsync())).Name}: Wrong (size)(https://evil.example). agent {desk.Address}t/{token}?language=en"]);
        (await InsertsAsync(agent, russian.Id, "return")).ShouldBe([$"Здравствуйте, Анна Игоревна! Номер {russian.Id}."]);

        // All are offered before a word is typed, by name; another language says so.
        (await OffersAsync(agent, english.Id, "")).ShouldBe(["Aфиша", "Return label", "Thanks"], ignoreOrder: true);
        var menu = WebUtility.HtmlDecode(await agent.GetTextAsync($"{List}/for/{english.Id}?query=thanks"));
        menu.ShouldContain("Русский");
        menu.ShouldNotContain("English");
        (await OffersAsync(agent, russian.Id, "спасибо")).ShouldBe(["Thanks"], "its words are searched, too");
        (await OffersAsync(agent, russian.Id, "退货")).ShouldBe(["Aфиша"]);
        (await OffersAsync(agent, russian.Id, "zyzzyva")).ShouldBeEmpty();

        // Where customers are not told who answers, a template does not tell either.
        await desk.InDatabaseAsync(async database =>
        {
            var site = await database.Set<Site>().FirstAsync();
            site.Widget = site.Widget with { ShowsAgentNames = false };
            return await database.SaveChangesAsync();
        });
        (await InsertsAsync(agent, english.Id, "return")).Single().ShouldNotContain("agent");
    }

    [Fact]
    public async Task A_template_of_a_site_or_team_is_offered_there_alone()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var team = await desk.InDatabaseAsync(async database =>
        {
            var row = new Team { Name = "Billing", CreatedAt = TimeProvider.System.Now() };
            database.Add(row);
            await database.SaveChangesAsync();
            return row.Id;
        });
        await owner.SubmitAsync(List, $"{List}/new", ("Name", "Invoice"), ("Texts", "Your invoice"), ("TeamId", $"{team}"));
        await owner.SubmitAsync(List, $"{List}/new", ("Name", "Polar"), ("Texts", "At this site"), ("SiteId", "1"));
        var other = await desk.InDatabaseAsync(async database =>
        {
            var site = new Site { Key = "other", Name = "Other", CreatedAt = TimeProvider.System.Now() };
            database.Add(site);
            await database.SaveChangesAsync();
            return site.Id;
        });
        await desk.InDatabaseAsync(async database =>
        {
            database.Add(new ReplyTemplate { Name = "Desert", Texts = new() { ["en"] = "At the other" }, SiteId = other });
            return await database.SaveChangesAsync();
        });
        var ticket = await AskAsync(desk, "Anna", "en", "x");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        using var biller = await desk.NewStaffAsync("biller@example.com", Role.Agent, member => member.Teams.Add(new TeamMembership { TeamId = team }));
        (await OffersAsync(agent, ticket.Id, "")).ShouldBe(["Polar"]);
        (await OffersAsync(biller, ticket.Id, "")).ShouldBe(["Invoice", "Polar"]);
        await owner.SubmitAsync("/agent/tickets/changes", $"/agent/tickets/{ticket.Id}", ("numbers", $"{ticket.Id}"), ("team", $"{team}"));
        (await OffersAsync(agent, ticket.Id, "")).ShouldBe(["Invoice", "Polar"], "who answers the team's ticket speaks for the team");

        // A lead of the other site keeps that site's and no others.
        using var lead = await desk.NewStaffAsync("lead@example.com", Role.Lead, member =>
        {
            member.ConfinedToSites = true;
            member.Sites.Add(new StaffSite { SiteId = other });
        });
        var seen = await lead.GetTextAsync(List);
        seen.ShouldContain("Desert");
        seen.ShouldNotContain("Polar");
        (await lead.RefusedAsync(List, $"{List}/new", ("Name", "For all"), ("Texts", "x"))).ShouldContain("Choose one of yours");
        await lead.SubmitAsync(List, $"{List}/new", ("Name", "Ours"), ("Texts", "x"), ("SiteId", $"{other}"));
        var foreign = await desk.InDatabaseAsync(database => database.Set<ReplyTemplate>().Where(row => row.Name == "Polar").Select(row => row.Id).FirstAsync());
        (await lead.GetAsync($"{List}/{foreign}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await lead.PostFormAsync($"{List}/{foreign}/retirement", [], List)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await lead.GetAsync($"{List}/for/{ticket.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "a ticket they may not see");
        (await agent.GetAsync(List)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // What was a team's own does not become everybody's when the team goes.
        await owner.SubmitAsync($"/agent/teams/{team}/removal", $"/agent/teams/{team}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await desk.InDatabaseAsync(database => database.Set<ReplyTemplate>().AnyAsync(row => row.Name == "Invoice" && row.RetiredAt == null)))
            await Task.Delay(20, limit.Token);
        (await OffersAsync(biller, ticket.Id, "")).ShouldBe(["Polar"]);
    }

    private static Task<ReplyTemplate> OnlyAsync(DeskServer desk) => desk.InDatabaseAsync(database => database.Set<ReplyTemplate>().AsNoTracking().SingleAsync());

    private static Task<int> AddAsync(DeskServer desk, string name, params (string Language, string Text)[] texts) => desk.InDatabaseAsync(async database =>
    {
        database.Add(new ReplyTemplate { Name = name, Texts = texts.ToDictionary(text => text.Language, text => text.Text, StringComparer.Ordinal) });
        return await database.SaveChangesAsync();
    });

    private static async Task<Ticket> AskAsync(DeskServer desk, string name, string language, string subject)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var customer = new Customer { Name = name, Language = language, CreatedAt = TimeProvider.System.Now() };
        var opened = await scope.ServiceProvider.GetRequiredService<OpenTicket>().RunAsync(
            new OpenTicket.Request(1, customer, "form", Guid.NewGuid().ToString(), "?", Actor.Customer(0, name), subject, language), CancellationToken.None);
        return opened.Value.Ticket;
    }

    private static async Task<List<string>> OffersAsync(DeskClient agent, long ticket, string query) =>
        [.. NamePattern().Matches(await MenuAsync(agent, ticket, query)).Select(match => WebUtility.HtmlDecode(match.Groups["name"].Value))];

    private static async Task<List<string>> InsertsAsync(DeskClient agent, long ticket, string query) =>
        [.. InsertPattern().Matches(await MenuAsync(agent, ticket, query)).Select(match => WebUtility.HtmlDecode(match.Groups["text"].Value))];

    private static Task<string> MenuAsync(DeskClient agent, long ticket, string query) => agent.GetTextAsync($"{List}/for/{ticket}?query={Uri.EscapeDataString(query)}");

    [GeneratedRegex("<b>(?<name>[^<]+)</b>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex("data-insert=\"(?<text>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InsertPattern();

    [GeneratedRegex("name=\"Version\" value=\"(?<version>[0-9]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionPattern();
}

public sealed class ReplyTemplatesOnSqliteTests() : ReplyTemplateTests(() => DeskServer.StartAsync());

public sealed class ReplyTemplatesOnPostgresTests(PostgresServer server)
    : ReplyTemplateTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ReplyTemplatesOnPostgresTests), TestContext.Current.CancellationToken)));
