using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Api;
using SiteDesk.Channels.Email;
using SiteDesk.Platform.Web.Abuse;
using SiteDesk.Tests.Channels.Chat;
using SiteDesk.Tests.Channels.Email;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Platform.Security;

/// <summary>
/// What no honest browser sends, at every front door: refused with a clear answer or stored whole, never a fault, and the next visitor
/// notices nothing. The forms are found by walking through the pages.
/// </summary>
public abstract class HostileInputTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private const string Markup = "<script>alert(1)</script>\" onmouseover=alert(2) x='</textarea></title>${7*7}{{7*7}}";

    /// <summary>A line of a million characters may cost a moment, on a machine that has much else to do.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(20);

    private static readonly string Million = new('x', 1_000_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_form_of_the_workspace_takes_or_refuses_what_no_browser_sends()
    {
        await using var mail = await StartAsync();
        await FillAsync(mail);
        var (pages, forms) = await PageForms.WalkAsync(mail.Owner, "/agent/tickets?view=open", "/agent/tickets/1", "/agent/settings", "/agent/profile");
        forms.Count.ShouldBeGreaterThan(20, string.Join('\n', pages));
        TestContext.Current.TestOutputHelper?.WriteLine($"{pages.Count} pages, {forms.Count} forms with {forms.Sum(form => form.Texts.Count)} fields");

        await SubmitAsync(mail.Owner, forms);
        await ShouldBeSoundAsync(mail, mail.Owner, pages);
    }

    [Fact]
    public async Task Every_form_of_the_public_pages_takes_or_refuses_what_no_browser_sends()
    {
        await using var mail = await StartAsync();
        await FillAsync(mail);
        using var visitor = mail.Desk.NewClient();
        var (key, track) = await mail.Desk.InDatabaseAsync(async rows => (await rows.Set<SiteDesk.Sites.Site>().Select(site => site.Key).FirstAsync(), await rows.Set<Ticket>().Select(ticket => ticket.Token).FirstAsync()));
        var (pages, forms) = await PageForms.WalkAsync(visitor, $"/contact/{key}", $"/t/{track}", $"/help/{key}/en", "/sign-in", "/forgotten-password");
        forms.Count.ShouldBeGreaterThanOrEqualTo(4, string.Join('\n', pages));
        TestContext.Current.TestOutputHelper?.WriteLine($"{pages.Count} pages, {forms.Count} forms with {forms.Sum(form => form.Texts.Count)} fields");

        await SubmitAsync(visitor, forms);
        await ShouldBeSoundAsync(mail, visitor, pages);
    }

    [Fact]
    public async Task The_programming_interface_takes_or_refuses_what_no_program_sends()
    {
        await using var mail = await StartAsync();
        await FillAsync(mail);
        var secret = await mail.Desk.UseAsync<ApiTokens, string>(async tokens => (await tokens.CreateAsync("test", [.. ApiScopes.All], null, mail.Desk.OwnerOf(), CancellationToken.None)).Value.Secret);
        using var program = new HttpClient { BaseAddress = mail.Desk.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", secret), ExpectContinue = true } };
        foreach (var text in new[] { "\"" + Million + "\"", JsonSerializer.Serialize(Markup), "\"a\\u0000b\"", "\"\\ud800 alone\"", "\"\\u202Egnihtemos\"" })
        {
            foreach (var (path, body) in new[]
            {
                ("tickets", """{"customer":{"name":%,"email":"anna@example.com"},"text":"Hello","subject":"Hello"}"""),
                ("tickets", """{"customer":{"name":"Anna"},"text":%}"""),
                ("tickets", """{"customer":{"name":"Anna"},"text":"Hello","subject":%}"""),
                ("tickets", """{"customer":{"name":"Anna","externalId":%},"text":"Hello"}"""),
                ("tickets", """{"customer":{"name":%},"text":"Hello"}"""),
                ("tickets", """{"customer":{"name":"Anna"},"text":"Hello","tags":[%]}"""),
                ("tickets", """{"customer":{"name":"Anna"},"text":"Hello","channel":%,"language":%}"""),
                ("tickets/1/messages", """{"kind":"note","text":%}"""),
                ("tickets/1/messages", """{"kind":"public","text":%}"""),
                ("customers", """{"name":%,"language":%,"emails":[%]}"""),
            })
            {
                using var content = new StringContent(body.Replace("%", text, StringComparison.Ordinal), Encoding.UTF8, "application/json");
                await ShouldBeQuickAsync($"{path} {body} with {text[..Math.Min(20, text.Length)]}", () => program.PostAsync(new Uri($"api/v1/{path}", UriKind.Relative), content, Cancellation), mayBreak: text.Length > Million.Length);
            }
        }

        using var broken = new ByteArrayContent([.. "{\"customer\":{\"name\":\"Anna\"},\"text\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        broken.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        (await program.PostAsync(new Uri("api/v1/tickets", UriKind.Relative), broken, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var forged in new[] { "tickets/0", "tickets/-1", "tickets/99999999999999999999", "tickets/1%00", "customers/9223372036854775807", "files/../../etc/passwd", "tickets?cursor=%FF%FE", "tickets?limit=1e9", "tickets?query=%00" })
            ((int)(await program.GetAsync(new Uri($"api/v1/{forged}", UriKind.Relative), Cancellation)).StatusCode).ShouldBeLessThan(500, forged);
        await ShouldBeSoundAsync(mail, mail.Owner, ["/agent/tickets?view=open", "/agent/tickets/1"]);
    }

    [Fact]
    public async Task The_widget_takes_or_refuses_what_no_widget_sends()
    {
        await using var mail = await StartAsync();
        await FillAsync(mail);
        var key = await mail.Desk.InDatabaseAsync(rows => rows.Set<SiteDesk.Sites.Site>().Select(site => site.Key).FirstAsync());
        foreach (var text in new[] { Million, Markup, "a\0b", "\u202Egnihtemos" })
        {
            using var visitor = new Widget(mail.Desk.Address, key);
            visitor.Http.DefaultRequestHeaders.ExpectContinue = true; // what is too large is refused before it is sent
            foreach (var body in new object[]
            {
                new { id = Widget.NewId(), text },
                new { id = text, text = "Hello" },
                new { id = Widget.NewId(), text = "Hello", contact = new { name = text, email = text, phone = text } },
                new { id = Widget.NewId(), text = "Hello", page = new { url = text, title = text }, before = new[] { text } },
                new { id = Widget.NewId(), text = "Hello", report = new { page = text, browser = text, screen = text, language = text, time = text, errors = new[] { text }, failedRequests = new[] { text } } },
                new { id = Widget.NewId(), text = "Hello", files = new[] { text }, choice = new { message = text, value = text } },
            })
                await ShouldBeQuickAsync($"message with {text[..Math.Min(20, text.Length)]}", () => visitor.PostAsync("messages", body), mayBreak: text == Million);
            foreach (var path in new[] { "typing", "seen", "visit", "consent", "pages", "search" })
                await ShouldBeQuickAsync(path, () => visitor.PostAsync(path, new { text, name = text, on = text, id = text, url = text, title = text }), mayBreak: text == Million);
        }

        using var surrogate = new StringContent($"{{\"id\":\"{Widget.NewId()}\",\"text\":\"\\ud800 alone\",\"contact\":{{\"name\":\"\\udc00\"}}}}", Encoding.UTF8, "application/json");
        using var sender = new Widget(mail.Desk.Address, key);
        await ShouldBeQuickAsync("half a character", () => sender.Http.PostAsync(new Uri("messages", UriKind.Relative), surrogate, Cancellation));
        await ShouldBeSoundAsync(mail, mail.Owner, ["/agent/tickets?view=open", "/agent/tickets/1"]);
    }

    [Fact]
    public async Task A_mail_of_one_line_of_a_million_characters_is_read_and_kept()
    {
        await using var mail = await StartAsync();
        await FillAsync(mail);
        foreach (var (letter, outcome) in new[]
        {
            (MailDesk.Letter("A long line", Million), MailOutcome.Ticket),
            (MailDesk.Letter(Million, "A long subject"), MailOutcome.Ticket),
            (MailDesk.Letter("A long name", "Hello", $"{Million} <anna@example.com>"), MailOutcome.NoSender),
            (MailDesk.Letter("A long field", "Hello", fields: $"X-Long: {Million}\nReferences: {string.Concat(Enumerable.Repeat("<a@b> ", 100_000))}\n"), MailOutcome.Ticket),
            (MailDesk.Letter(Markup, Markup, fields: $"X-Markup: {Markup}\n"), MailOutcome.Ticket),
        })
        {
            var clock = Stopwatch.StartNew();
            var read = await mail.ReceiveAsync(letter);
            clock.Elapsed.ShouldBeLessThan(Quick);
            read.Outcome.ShouldBe(outcome, $"{letter[..80]}: {read.State} {read.Step} {read.Reason}");
            (await mail.Owner.GetTextAsync($"/agent/tickets/{read.TicketId}")).ShouldNotContain("<script>alert(1)");
        }

        // Beyond what one message holds, the rest is in the mail itself, which is kept whole.
        var text = (await mail.MessagesAsync(2))[0].Text;
        text.Length.ShouldBeLessThanOrEqualTo(Message.LongestText);
        text.ShouldEndWith("…");
        await ShouldBeSoundAsync(mail, mail.Owner, ["/agent/tickets?view=open", "/agent/mail-log"]);
    }

    private Task<MailDesk> StartAsync() => start(services => services.AddSingleton(new AbuseLimits { Messages = 10_000, Conversations = 10_000, Files = 10_000, Requests = 100_000, Streams = 10_000, MessagesOfSite = 100_000, EqualTexts = 100_000 }));

    private static async Task FillAsync(MailDesk mail)
    {
        await mail.Desk.AskAsync("Where is my order?", "anna@example.com");
        await mail.Owner.SubmitAsync("/agent/teams", "/agent/teams", ("Name", "Delivery"));
    }

    /// <summary>Each text field by itself with a long line; all of them with markup, broken UTF-8 and what a database may not hold.</summary>
    private static async Task SubmitAsync(DeskClient client, List<PageForm> forms)
    {
        foreach (var form in forms)
        {
            foreach (var field in form.Texts)
                await SendAsync(client, form, name => name == field ? Million : "ordinary words");
            foreach (var bad in new[] { Uri.EscapeDataString(Markup), "%C3%28%FF%FE", "%00", "%ED%A0%80", "%E2%80%AE%EF%BF%BF%1B" })
                await SendAsync(client, form, _ => bad, isEscaped: true);
        }
    }

    private static async Task SendAsync(DeskClient client, PageForm form, Func<string, string> value, bool isEscaped = false)
    {
        var fields = form.Texts.Select(name => $"{Uri.EscapeDataString(name)}={(isEscaped ? value(name) : Uri.EscapeDataString(value(name)))}")
            .Concat(form.Others.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
        var body = string.Join('&', fields);
        using var request = form.IsPost
            ? new HttpRequestMessage(HttpMethod.Post, new Uri(form.Action, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") }
            : new HttpRequestMessage(HttpMethod.Get, new Uri($"{form.Action}?{(body.Length > 60_000 ? body[..60_000] : body)}", UriKind.Relative));
        await ShouldBeQuickAsync($"{form} with {body[..Math.Min(60, body.Length)]}", () => client.Http.SendAsync(request, Cancellation), mayBreak: body.Length > 1_000_000);
    }

    private static async Task ShouldBeQuickAsync(string what, Func<Task<HttpResponseMessage>> send, bool mayBreak = false)
    {
        var clock = Stopwatch.StartNew();
        using var answer = await WholeAnswerAsync(send, mayBreak);
        if (answer is null)
            return;
        ((int)answer.StatusCode).ShouldBeLessThan(500, $"{what}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
        clock.Elapsed.ShouldBeLessThan(Quick, what);
    }

    /// <returns>Null when the server ended the connection over a body that is too large: whoever still writes may not hear the refusal.</returns>
    private static async Task<HttpResponseMessage?> WholeAnswerAsync(Func<Task<HttpResponseMessage>> send, bool mayBreak)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException problem) when (mayBreak && problem.InnerException is IOException)
        {
            return null;
        }
    }

    /// <summary>The pages are there and show nothing as markup, and the next visitor's message is stored as ever.</summary>
    private static async Task ShouldBeSoundAsync(MailDesk mail, DeskClient client, IEnumerable<string> pages)
    {
        foreach (var page in pages)
        {
            using var answer = await client.GetAsync(page);
            ((int)answer.StatusCode).ShouldBeLessThan(500, page);
            if (answer.Content.Headers.ContentType?.MediaType == "text/html")
                (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("<script>alert(1)", Case.Insensitive, page);
        }

        var next = await mail.Desk.AskAsync("The next visitor asks.", "next@example.com");
        (await mail.Desk.TextsAsync(next.Id)).ShouldBe(["The next visitor asks."]);
    }
}

public sealed class HostileInputOnSqliteTests() : HostileInputTests(replace => MailDesk.StartAsync(null, replace));

public sealed class HostileInputOnPostgresTests(PostgresServer server)
    : HostileInputTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(HostileInputOnPostgresTests), TestContext.Current.CancellationToken), replace));
