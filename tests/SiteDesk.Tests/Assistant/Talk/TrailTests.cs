using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Assistant.Talk;

/// <summary>What a visitor looked for and read before the chat stands beside the ticket when a person takes over.</summary>
public abstract class TrailTests(AssistantDesk desk)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Searches_articles_and_beginnings_go_with_the_hand_over_once_each_in_their_order()
    {
        using var owner = await desk.Server.NewStaffAsync($"{Widget.NewId()}@example.com", Role.Administrator);
        using var visitor = desk.NewVisitor();
        var visit = Widget.NewId();
        await ReadAsync(visit, ("q", "printed  Label"));
        await ReadAsync(visit, ("article", "how-to-return-something"), ("q", "printed label"));
        await ReadAsync(visit, ("article", "how-to-return-something"));
        await ReadAsync(visit, ("q", "xylophone anna@example.com"));
        await NoteAsync("deflections", ("visit", visit), ("place", "widget"), ("article", $"{await ArticleAsync("Ways to pay")}"), ("outcome", "answered"));
        await ReadAsync(Widget.NewId(), ("q", "somebody else's words"));

        var sent = await AskForPersonAsync(visitor, visit, "my parcel to anna@example.com broke", "I want a person");
        await desk.UntilHandledAsync(sent);

        var panel = await PanelAsync(owner, sent);
        string[] told = ["Looked for “printed label”", "How to return something", "Looked for “xylophone” and found nothing", "Ways to pay", "said to have answered the question", "Looked for “my parcel to … broke”"];
        var places = told.Select(part => panel.IndexOf(part, StringComparison.Ordinal)).ToList();
        places.ShouldAllBe(place => place >= 0, panel);
        places.ShouldBeInOrder();
        panel.Split("articles/how-to-return-something").Length.ShouldBe(2, "read twice is read once");
        panel.ShouldNotContain("somebody else", Case.Sensitive);
        panel.ShouldNotContain("“I want a person”", Case.Sensitive, "what was said in the end is no step before it");
        (await desk.RowsAsync(rows => rows.Set<TrailStep>().CountAsync(row => row.Visit == visit, Cancellation))).ShouldBe(0, "it belongs to the ticket now, and goes with it");
    }

    [Fact]
    public async Task Where_pages_are_recorded_after_consent_alone_pages_of_the_help_centre_are_too()
    {
        await WriteConsentAsync();
        await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { TracksPages = true });
        try
        {
            using var owner = await desk.Server.NewStaffAsync($"{Widget.NewId()}@example.com", Role.Administrator);
            using var silent = desk.NewVisitor();
            using var agreed = desk.NewVisitor();
            var (one, other) = (Widget.NewId(), Widget.NewId());
            foreach (var visit in new[] { one, other })
            {
                await ReadAsync(visit, ("q", "return label"));
                await NoteAsync("deflections", ("visit", visit), ("place", "widget"), ("article", $"{await ArticleAsync("Ways to pay")}"), ("outcome", "opened"));
            }

            (await agreed.PostAsync("consent", new { purpose = "pages", version = 1, granted = true })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            var withoutPages = await PanelAsync(owner, await HandledAsync(await AskForPersonAsync(silent, one, "", "a person, please")));
            withoutPages.ShouldNotContain("return label");
            withoutPages.ShouldContain("Ways to pay", Case.Sensitive, "what the widget itself offered is no page of the site");
            (await desk.RowsAsync(rows => rows.Set<TrailStep>().CountAsync(row => row.Visit == one, Cancellation))).ShouldBe(0, "what may not be known is not kept either");

            (await PanelAsync(owner, await HandledAsync(await AskForPersonAsync(agreed, other, "", "a person, please")))).ShouldContain("Looked for “return label”");
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { TracksPages = false });
        }
    }

    [Fact]
    public async Task Without_the_consent_that_messages_need_nothing_is_tied_to_anybody()
    {
        await WriteConsentAsync();
        await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { RequiresConsent = true });
        try
        {
            using var visitor = desk.NewVisitor();
            var visit = Widget.NewId();
            await ReadAsync(visit, ("q", "label"));
            var known = await desk.RowsAsync(rows => rows.Set<TicketTrail>().CountAsync(Cancellation));
            var message = new { id = Widget.NewId(), text = "Hello", before = new { visit, typed = new[] { "where is it" } } };
            (await visitor.PostAsync("messages", message)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await desk.RowsAsync(rows => rows.Set<TicketTrail>().CountAsync(Cancellation))).ShouldBe(known);
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { RequiresConsent = false });
        }
    }

    [Fact]
    public async Task What_is_no_step_or_no_visit_is_refused_and_a_visit_that_led_to_nothing_is_forgotten()
    {
        var visit = Widget.NewId();
        foreach (var wrong in new (string, string)[][] { [("visit", "short"), ("q", "label")], [("visit", visit)], [("visit", visit), ("article", "there-is-none")], [("visit", visit), ("q", "4111 1111 1111 1111")] })
            (await NoteAsync("trail", wrong)).ShouldBe(HttpStatusCode.BadRequest);
        for (var step = 0; step < RecordTrailStep.MostOfVisit; step++)
            await ReadAsync(visit, ("q", "label"));
        (await NoteAsync("trail", ("visit", visit), ("q", "label"))).ShouldBe(HttpStatusCode.BadRequest, "one visit tells so much and no more");

        desk.Clock.Advance(TrailStep.Patience + TimeSpan.FromMinutes(1));
        await desk.Server.UseAsync<IEnumerable<SiteDesk.Platform.Jobs.IRecurringJob>, bool>(async jobs =>
        {
            await jobs.Single(job => job.Name == "help-reader-records").RunAsync(Cancellation);
            return true;
        });
        (await desk.RowsAsync(rows => rows.Set<TrailStep>().CountAsync(row => row.Visit == visit, Cancellation))).ShouldBe(0);
    }

    private async Task<JsonElement> AskForPersonAsync(Widget visitor, string visit, string typed, string text) => await Widget.ReadAsync(
        await visitor.PostAsync("messages", new { id = Widget.NewId(), text, choice = new { offerId = 0, key = "person" }, before = new { visit, typed = typed.Length > 0 ? new[] { typed, text } : null } }),
        HttpStatusCode.Created);

    /// <summary>The wording that is agreed to, number 1.</summary>
    private Task<bool> WriteConsentAsync() => desk.RowsAsync(async rows =>
    {
        if (!await rows.Set<ConsentText>().AnyAsync(Cancellation))
            rows.Add(new ConsentText { SiteId = desk.Site.Id, Number = 1, Language = "en", Text = "We keep what you write.", CreatedAt = DateTime.UtcNow, CreatedById = 1 });
        return await rows.SaveChangesAsync(Cancellation) > 0;
    });

    private async Task<JsonElement> HandledAsync(JsonElement sent)
    {
        await desk.UntilHandledAsync(sent);
        return sent;
    }

    private async Task ReadAsync(string visit, params (string, string)[] fields) =>
        (await NoteAsync("trail", [("visit", visit), .. fields])).ShouldBe(HttpStatusCode.NoContent);

    private async Task<HttpStatusCode> NoteAsync(string what, params (string Name, string Value)[] fields)
    {
        using var reader = desk.Server.NewClient();
        using var form = new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        return (await reader.Http.PostAsync(new Uri($"/help/{desk.Site.Key}/en/{what}", UriKind.Relative), form, Cancellation)).StatusCode;
    }

    private static async Task<string> PanelAsync(DeskClient owner, JsonElement sent) =>
        WebUtility.HtmlDecode(await owner.GetTextAsync($"/agent/assistant/tickets/{Widget.TicketOf(sent)}/panel")).Split("data-copy-text")[0];

    private Task<long> ArticleAsync(string title) => desk.RowsAsync(rows => rows.Set<SiteDesk.HelpCenter.ArticleText>()
        .Where(text => rows.Set<SiteDesk.HelpCenter.ArticleVersion>().Any(version => version.ArticleTextId == text.Id && version.Title == title)).Select(text => text.ArticleId).FirstAsync(Cancellation));
}

public sealed class TrailOnSqliteTests(SqliteAssistantDesk desk) : TrailTests(desk), IClassFixture<SqliteAssistantDesk>;

public sealed class TrailOnPostgresTests(PostgresAssistantDesk desk) : TrailTests(desk), IClassFixture<PostgresAssistantDesk>;
