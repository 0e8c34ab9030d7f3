using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>Readers say whether an article helped, tickets are saved, and the lead sees it.</summary>
public abstract partial class ReadersVoiceTests(Func<Task<DeskServer>> start)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_votes_and_says_why_without_a_script()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var (key, article) = await FillAsync(desk);
        using var visitor = desk.NewClient();
        var address = $"/help/{key}/en/articles/when-do-i-get-my-refund";

        var cast = await PostAsync(visitor, $"{address}/votes", ("helped", "false"), ("words", "refund 4915112345678"));
        cast.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var next = cast.Headers.Location!.ToString();
        (await visitor.GetTextAsync(next)).ShouldContain("name=\"reason\"");
        var reason = await PostAsync(visitor, next, ("reason", "Unclear"), ("text", "Five days\u0001 of what? " + new string('x', 2000)));
        reason.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await reason.Content.ReadAsStringAsync(Cancellation));
        var thanks = await visitor.GetTextAsync(reason.Headers.Location!.ToString());
        thanks.ShouldContain("Thank you. We will make it better.");
        thanks.ShouldContain($"/contact/{key}?language=en&amp;text=refund%204915112345678", customMessage: "the form begins with what was searched");
        var unsought = await PostAsync(visitor, $"{address}/votes", ("helped", "false"));
        var remarked = await PostAsync(visitor, unsought.Headers.Location!.ToString(), ("reason", "Other"), ("text", "And PayPal?"));
        (await visitor.GetTextAsync(remarked.Headers.Location!.ToString())).ShouldContain("text=And%20PayPal%3F");
        (await PostAsync(visitor, $"{address}/votes/{new string('x', 27)}", ("reason", "Wrong"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var vote = await desk.InDatabaseAsync(database => database.Set<ArticleVote>().AsNoTracking().OrderBy(row => row.Id).FirstAsync(Cancellation));
        (vote.ArticleId, vote.Helped, vote.Reason, vote.Words).ShouldBe((article, false, VoteReason.Unclear, "refund"));
        vote.Text.Length.ShouldBe(ArticleVote.LongestText);
        vote.Text.ShouldStartWith("Five days of what?");
    }

    [Fact]
    public async Task One_network_cannot_vote_without_end()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var (key, _) = await FillAsync(desk);
        using var visitor = desk.NewClient();
        HttpStatusCode status;
        var votes = 0;
        while ((status = (await PostAsync(visitor, $"/help/{key}/en/articles/when-do-i-get-my-refund/votes", ("helped", "true"))).StatusCode) == HttpStatusCode.SeeOther && votes < 100)
            votes++;
        status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await desk.InDatabaseAsync(database => database.Set<ArticleVote>().CountAsync(Cancellation))).ShouldBe(votes);
    }

    [Fact]
    public async Task The_contact_form_suggests_and_a_visit_that_sends_a_ticket_saved_none()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var (key, article) = await FillAsync(desk);
        using var visitor = desk.NewClient();

        var form = await visitor.GetTextAsync($"/contact/{key}?language=en&text={Uri.EscapeDataString("when is my refund coming")}");
        form.ShouldContain($"href=\"/help/{key}/en/articles/when-do-i-get-my-refund\"", customMessage: "without a script the text that is there already has its suggestions");
        var visit = VisitPattern().Match(form).Groups["visit"].Value;
        visit.Length.ShouldBe(64);
        using var typed = JsonDocument.Parse(await visitor.GetTextAsync($"/help/{key}/en/suggestions?place=form&q=refund"));
        typed.RootElement.GetProperty("articles")[0].GetProperty("id").GetInt64().ShouldBe(article);
        typed.RootElement.GetProperty("words").GetProperty("answered").GetString().ShouldBe("Yes, this answered my question");

        for (var again = 0; again < 3; again++)
            (await NoteAsync(visitor, key, visit, "form", article, "opened")).ShouldBe(HttpStatusCode.NoContent);
        (await desk.InDatabaseAsync(database => database.Set<Deflection>().CountAsync(Cancellation))).ShouldBe(1, "once for each visit");
        var sent = await visitor.PostFormAsync($"/contact/{key}", [new("text", "Where is my refund?"), new("contact", "anna@example.com"), new("reservation", ReservationPattern().Match(form).Groups["sealed"].Value)], $"/contact/{key}");
        sent.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        await ReadingTests.UntilAsync(() => desk.InDatabaseAsync(database => database.Set<Deflection>().AnyAsync(row => row.TicketAt != null, Cancellation)));

        var other = new string('a', 43);
        (await NoteAsync(visitor, key, other, "widget", article, "opened")).ShouldBe(HttpStatusCode.NoContent);
        (await NoteAsync(visitor, key, other, "widget", article, "answered")).ShouldBe(HttpStatusCode.NoContent);
        (await desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync(Cancellation))).ShouldBe(1);
        var csv = await owner.GetTextAsync("/agent/help/insights/saved.csv");
        csv.ShouldContain("When do I get my refund?,2,1,1");
    }

    [Theory]
    [InlineData("short", "form")]
    [InlineData("<script>aaaaaaaaaaaaaaaaaaaa", "form")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "elsewhere")]
    public async Task A_visit_that_is_none_is_not_counted(string visit, string place)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var (key, article) = await FillAsync(desk);
        using var visitor = desk.NewClient();
        (await NoteAsync(visitor, key, visit, place, article, "opened")).ShouldBe(HttpStatusCode.BadRequest);
        (await NoteAsync(visitor, key, new string('a', 30), "form", 999, "opened")).ShouldBe(HttpStatusCode.BadRequest);
        (await desk.InDatabaseAsync(database => database.Set<Deflection>().CountAsync(Cancellation))).ShouldBe(0);
    }

    [Fact]
    public async Task The_lead_sees_what_was_searched_missed_and_did_not_help_by_language_and_time()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var (key, _) = await FillAsync(desk);
        using var visitor = desk.NewClient();
        await visitor.GetTextAsync($"/help/{key}/en/search?q=refund");
        await visitor.GetTextAsync($"/help/{key}/en/search?q=%3Dcmd%7C%20zyzzyva");
        await visitor.GetTextAsync($"/help/{key}/ru/search?q={Uri.EscapeDataString("единорог")}");
        await desk.CountAsync();
        var voted = await PostAsync(visitor, $"/help/{key}/en/articles/when-do-i-get-my-refund/votes", ("helped", "false"));
        await PostAsync(visitor, voted.Headers.Location!.ToString(), ("reason", "Wrong"), ("text", "It took ten <b>days</b>"));

        using var lead = await desk.NewStaffAsync("lead@example.com", Role.Lead);
        var page = WebUtility.HtmlDecode(await lead.GetTextAsync("/agent/help/insights"));
        page.ShouldContain(">cmd zyzzyva<");
        page.ShouldContain(">единорог<");
        page.ShouldContain("Something in it is wrong or out of date (1)");
        (await lead.GetTextAsync("/agent/help/insights")).ShouldContain("It took ten &lt;b&gt;days");
        WebUtility.HtmlDecode(await lead.GetTextAsync("/agent/help/insights?language=en")).ShouldNotContain("единорог");
        (await lead.GetTextAsync("/agent/help/insights?from=2020-01-01&to=2020-01-31")).ShouldContain("Every search found something.");
        (await lead.GetTextAsync("/agent/help/insights/missed.csv")).ShouldContain("cmd zyzzyva,en,1,1,0\r\n");
        (await lead.GetTextAsync("/agent/help/insights/unhelpful.csv")).ShouldContain("When do I get my refund?,1,0,");
        (await lead.GetAsync("/agent/help/insights/nothing.csv")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var confined = await desk.NewStaffAsync("confined@example.com", Role.Lead, member => member.ConfinedToSites = true);
        (await confined.GetTextAsync("/agent/help/insights")).ShouldNotContain("zyzzyva");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.GetAsync("/agent/help/insights")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<(string Key, long Article)> FillAsync(DeskServer desk)
    {
        var section = await desk.AddSectionAsync("Returns", "Возврат");
        var article = await desk.PublishAsync(section, "en", "When do I get my refund?", "<p>The refund takes five days.</p>");
        await desk.PublishAsync(section, "en", "Ways to pay", "<p>Cards and wallets.</p>");
        await desk.PublishAsync(section, "ru", "Способы оплаты", "<p>Картой.</p>");
        await desk.SettleAsync();
        return ((await desk.SiteAsync()).Key, article.Id);
    }

    private static async Task<HttpResponseMessage> PostAsync(DeskClient client, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        return await client.Http.PostAsync(new Uri(path, UriKind.Relative), form, Cancellation);
    }

    private static async Task<HttpStatusCode> NoteAsync(DeskClient client, string key, string visit, string place, long article, string outcome) =>
        (await PostAsync(client, $"/help/{key}/en/deflections", ("visit", visit), ("place", place), ("article", $"{article}"), ("outcome", outcome))).StatusCode;

    [GeneratedRegex("data-visit=\"(?<visit>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VisitPattern();

    [GeneratedRegex("name=\"reservation\" value=\"(?<sealed>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReservationPattern();
}

public sealed class ReadersVoiceOnSqliteTests() : ReadersVoiceTests(() => DeskServer.StartAsync());

public sealed class ReadersVoiceOnPostgresTests(PostgresServer server)
    : ReadersVoiceTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ReadersVoiceOnPostgresTests), TestContext.Current.CancellationToken)));
