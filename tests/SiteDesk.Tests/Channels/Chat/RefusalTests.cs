using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Channels.Chat;
using SiteDesk.Customers;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Chat;

public abstract class RefusalTests(ChatDesk desk)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://shop.example.com.evil.example")]
    [InlineData("http://shop.example.com:8080")]
    [InlineData("null")]
    [InlineData("not an origin")]
    [InlineData("")]
    public async Task A_foreign_origin_is_refused_before_anything_is_done(string origin)
    {
        using var stranger = new Widget(desk.Server.Address, desk.Site.Key, origin: origin);
        var answer = await stranger.PostAsync("messages", new { id = Widget.NewId(), text = "let me in" });

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        var hash = Tokens.Hash(stranger.Token);
        (await desk.RowsAsync(rows => rows.Set<Visitor>().AnyAsync(visitor => visitor.TokenHash == hash, Cancellation))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_without_an_origin_needs_the_pass_of_the_page_to_try_it()
    {
        var good = await desk.Server.Services.GetRequiredService<TryPass>().KeyWithPassAsync(desk.Site.Key, Cancellation);
        using (var stage = new Widget(desk.Server.Address, good, origin: "null"))
            (await stage.GetAsync("config")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var other = await desk.Server.Services.GetRequiredService<TryPass>().KeyWithPassAsync("another-site", Cancellation);
        var longer = good.Replace($"{desk.Site.Key}~", $"{desk.Site.Key}~f", StringComparison.Ordinal);
        foreach (var forged in new[] { desk.Site.Key, $"{desk.Site.Key}~", $"{desk.Site.Key}~ffffffff.", $"{desk.Site.Key}{other["another-site".Length..]}", longer, good[..^1], good + "." })
        {
            using var stranger = new Widget(desk.Server.Address, forged, origin: "null");
            (await stranger.GetAsync("config")).StatusCode.ShouldBe(HttpStatusCode.Forbidden, forged);
        }

        // The pass is for pages without an origin: it opens the door to no other site.
        using var elsewhere = new Widget(desk.Server.Address, good, origin: "https://evil.example.com");
        (await elsewhere.GetAsync("config")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_page_of_the_site_may_ask_and_is_told_so_before_it_does()
    {
        using var page = desk.NewVisitor();
        using var asks = new HttpRequestMessage(HttpMethod.Options, "messages");
        asks.Headers.Add("Access-Control-Request-Method", "POST");
        asks.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");

        var answer = await page.Http.SendAsync(asks, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://shop.example.com"]);
        answer.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Authorization");
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [Fact]
    public async Task An_unknown_site_has_no_widget()
    {
        using var visitor = new Widget(desk.Server.Address, "nobody");
        (await visitor.GetAsync("config")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_forged_secret_reads_nothing()
    {
        using var owner = desk.NewVisitor();
        var sent = await owner.SayAsync("My secret order is 1042.");
        using var forger = desk.NewVisitor();
        foreach (var path in new[] { "conversation", "stream", "events?after=0" })
            (await forger.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        (await forger.PostAsync("typing", new { on = true })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await forger.PostAsync("seen", new { messageId = sent.GetProperty("message").GetProperty("id").GetInt64() })).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // A visitor of their own right cannot reach into the other's conversation either.
        await forger.SayAsync("Now I am somebody.");
        (await forger.PostAsync("seen", new { messageId = sent.GetProperty("message").GetProperty("id").GetInt64() })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await forger.ConversationAsync()).GetRawText().ShouldNotContain("1042");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with spaces and more than forty-three characters in it")]
    public async Task A_secret_that_could_be_guessed_is_not_taken(string token)
    {
        using var visitor = new Widget(desk.Server.Address, desk.Site.Key, token: token.Replace(' ', '!'));
        (await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "hello" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_secret_of_one_site_is_unknown_on_another()
    {
        using var visitor = desk.NewVisitor();
        await visitor.SayAsync("Here I am known.");
        var other = await desk.RowsAsync(async rows =>
        {
            var site = new SiteDesk.Sites.Site { Key = Tokens.New(), Name = "Other", Domains = ["shop.example.com"], CreatedAt = DateTime.UtcNow };
            rows.Add(site);
            await rows.SaveChangesAsync(Cancellation);
            return site.Key;
        });
        await desk.ChangeSiteAsync(_ => { });
        using var elsewhere = new Widget(desk.Server.Address, other, token: visitor.Token);
        (await elsewhere.GetAsync("conversation")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Markup_stays_text_in_every_field()
    {
        const string markup = "<img src=x onerror=alert(1)> {{7*7}} \u202E right to left";
        using var visitor = desk.NewVisitor();
        var answer = await visitor.PostAsync("messages", new
        {
            id = Widget.NewId(), text = markup, contact = new { name = markup },
            report = new { page = markup, browser = markup, errors = new[] { markup }, failedRequests = new[] { markup } },
            page = new { url = "javascript:alert(1)", title = markup },
        });
        var sent = await Widget.ReadAsync(answer, HttpStatusCode.Created);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        sent.GetProperty("message").GetProperty("text").GetString().ShouldBe(markup);
        sent.GetProperty("message").TryGetProperty("html", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_too_long_or_too_large_is_refused_with_a_sentence()
    {
        using var visitor = desk.NewVisitor();
        var tooLong = await visitor.PostAsync("messages", new { id = Widget.NewId(), text = new string('x', Message.LongestText + 1) });
        (await Widget.ReadAsync(tooLong, HttpStatusCode.UnprocessableEntity)).GetProperty("detail").GetString()!.ShouldContain("too long");

        (await visitor.PostAsync("messages", new { id = Widget.NewId(), text = string.Concat(Enumerable.Repeat("line without end ", 100_000)) })).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await visitor.SendFileAsync([], "empty.txt")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await visitor.SendFileAsync(new byte[1000], "program.exe")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var tooLarge = await visitor.SendFileAsync(new byte[20 * 1024 * 1024 + 1], "large.bin");
        (await Widget.ReadAsync(tooLarge, HttpStatusCode.UnprocessableEntity)).GetProperty("detail").GetString()!.ShouldContain("large.bin");

        // The next message is served as if nothing had been.
        await visitor.SayAsync("A short one.");
    }

    [Theory]
    [InlineData("{\"id\":\"0123456789abcdef\",\"text\":")]
    [InlineData("{\"id\":\"0123456789abcdef\",\"text\":42}")]
    [InlineData("{\"id\":\"0123456789abcdef\",\"files\":{\"a\":1}}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public async Task What_is_no_message_is_a_bad_request(string body)
    {
        using var visitor = desk.NewVisitor();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await visitor.Http.PostAsync(new Uri("messages", UriKind.Relative), content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Broken_UTF8_is_a_bad_request()
    {
        using var visitor = desk.NewVisitor();
        using var content = new ByteArrayContent([.. "{\"id\":\"0123456789abcdef\",\"text\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        (await visitor.Http.PostAsync(new Uri("messages", UriKind.Relative), content, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_wrong_address_is_named_by_its_field_in_the_visitors_language()
    {
        using var visitor = desk.NewVisitor("zh-CN");
        var refused = await Widget.ReadAsync(
            await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "您好", contact = new { email = "nobody@", phone = "12" } }), HttpStatusCode.UnprocessableEntity);
        refused.GetProperty("errors").GetProperty("email")[0].GetString()!.ShouldContain("邮箱");
        refused.GetProperty("errors").GetProperty("phone")[0].GetString()!.ShouldContain("电话");
    }

    [Fact]
    public async Task What_looks_like_a_programs_doing_goes_to_junk_and_is_kept()
    {
        using var trapped = desk.NewVisitor();
        (await JunkReasonAsync(await trapped.SayAsync("I fill every field", honeypot: "https://spam.example"))).ShouldBe("honeypot");
        using var advertiser = desk.NewVisitor();
        (await JunkReasonAsync(await advertiser.SayAsync("http://a.example http://b.example http://c.example http://d.example"))).ShouldBe("links");

        var reasons = new List<string?>();
        for (var number = 0; number < 5; number++)
        {
            using var parrot = desk.NewVisitor();
            reasons.Add(await JunkReasonAsync(await parrot.SayAsync($"Earn {new string('!', number)} a thousand a day from home, write to me")));
        }

        reasons.ShouldBe([null, null, null, "repeated", "repeated"]);
    }

    private async Task<string?> JunkReasonAsync(System.Text.Json.JsonElement sent)
    {
        var id = Widget.TicketOf(sent);
        return (await desk.RowsAsync(rows => rows.Set<Ticket>().FirstAsync(ticket => ticket.Id == id, Cancellation))).Junk?.Reason;
    }

    [Fact]
    public async Task Where_consent_is_asked_for_nothing_is_kept_without_it()
    {
        await desk.RowsAsync(async rows =>
        {
            rows.Add(new SiteDesk.Sites.ConsentText { SiteId = desk.Site.Id, Number = 7, Language = "en", Text = "We keep what you write.", CreatedAt = DateTime.UtcNow, CreatedById = 1 });
            return await rows.SaveChangesAsync(Cancellation);
        });
        await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { RequiresConsent = true });
        try
        {
            using var visitor = desk.NewVisitor();
            var config = await Widget.ReadAsync(await visitor.GetAsync("config?language=en"), HttpStatusCode.OK);
            config.GetProperty("privacy").GetProperty("consentVersion").GetInt32().ShouldBe(7);
            (await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "No consent" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await visitor.PostAsync("messages", new { id = Widget.NewId(), text = "Old consent", consent = new { version = 6 } })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

            await visitor.SayAsync("With consent", consent: new { version = 7 });
            await visitor.SayAsync("Asked once is enough");

            var hash = Tokens.Hash(visitor.Token);
            var log = await desk.RowsAsync(rows => rows.Set<ConsentRecord>()
                .Where(record => rows.Set<Visitor>().Any(known => known.Id == record.VisitorId && known.TokenHash == hash)).ToListAsync(Cancellation));
            log.ShouldHaveSingleItem().Number.ShouldBe(7);
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { RequiresConsent = false });
        }
    }
}

public sealed class RefusalOnSqliteTests(SqliteChatDesk desk) : RefusalTests(desk), IClassFixture<SqliteChatDesk>;

public sealed class RefusalOnPostgresTests(PostgresChatDesk desk) : RefusalTests(desk), IClassFixture<PostgresChatDesk>;
