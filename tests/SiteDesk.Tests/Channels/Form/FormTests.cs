using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Form;

public abstract partial class FormTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task A_visitor_gets_a_number_at_once_and_continues_behind_an_unguessable_link()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        var key = await SiteKeyAsync(desk);

        var sent = await SubmitAsync(visitor, key, "Где мой заказ?", "anna@example.com");
        sent.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var link = sent.Headers.Location!.ToString();
        var page = await visitor.GetTextAsync(link);
        page.ShouldContain("#1");
        page.ShouldContain("Где мой заказ?");
        page.ShouldContain("We have received your request");

        var track = link.Split('?')[0];
        track.Length.ShouldBeGreaterThan("/t/".Length + 25);
        var more = await visitor.PostFormAsync($"{track}/messages", [new("id", Guid.NewGuid().ToString()), new("text", "Ещё вопрос")], track);
        more.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await visitor.GetTextAsync(track)).ShouldContain("Ещё вопрос");
        (await visitor.GetAsync("/t/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Sent_twice_it_is_one_ticket()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        var key = await SiteKeyAsync(desk);
        var form = await visitor.GetTextAsync($"/contact/{key}");
        KeyValuePair<string, string>[] fields = [new("text", "Hello"), new("contact", "anna@example.com"), new("reservation", Reservation(form)), new("__RequestVerificationToken", Token(form))];

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => visitor.Http.PostAsync(new Uri($"/contact/{key}", UriKind.Relative), new FormUrlEncodedContent(fields))));

        answers.Select(answer => answer.Headers.Location?.ToString()).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        (await desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync())).ShouldBe(1);
        (await desk.InDatabaseAsync(database => database.Set<Message>().CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_the_text_stays()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        var answer = await SubmitAsync(visitor, await SiteKeyAsync(desk), "My <b>question</b>", "not an address");

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("#contact");
        page.ShouldContain("My &lt;b&gt;question&lt;/b&gt;");
    }

    [Fact]
    public async Task What_is_agreed_to_is_the_wording_in_force_and_the_history_keeps_which()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var key = await SiteKeyAsync(desk);
        await desk.InDatabaseAsync(async rows =>
        {
            var site = await rows.Set<Site>().FirstAsync();
            site.Privacy = site.Privacy with { RequiresConsent = true };
            foreach (var (number, language, text) in new[] { (1, "ru", "Старый текст"), (1, "en", "Old words"), (2, "en", "We keep what you write.") })
                rows.Add(new ConsentText { SiteId = site.Id, Number = number, Language = language, Text = text, CreatedAt = DateTime.UtcNow, CreatedById = 1 });
            return await rows.SaveChangesAsync();
        });
        desk.Services.GetRequiredService<SiteDirectory>().Forget();
        using var visitor = desk.NewClient();

        var page = await visitor.GetTextAsync($"/contact/{key}?language=ru");
        page.ShouldContain("We keep what you write.");
        page.ShouldNotContain("Старый текст");
        (await SubmitAsync(visitor, key, "Not agreed", "anna@example.com")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SubmitAsync(visitor, key, "Where is my order?", "anna@example.com", ("agrees", "true"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        var ticket = await desk.InDatabaseAsync(rows => rows.Set<Ticket>().SingleAsync());
        (await desk.InDatabaseAsync(rows => rows.Set<TicketChange>().Where(change => change.Field == "consent").Select(change => change.To).ToListAsync())).ShouldBe(["2"]);
        (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("agreed to version 2 of the consent text");
    }

    [Fact]
    public async Task A_filled_trap_makes_junk_and_says_nothing()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        (await SubmitAsync(visitor, await SiteKeyAsync(desk), "Buy now", "bot@example.com", ("website", "https://spam.example"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        (await desk.InDatabaseAsync(database => database.Set<Ticket>().SingleAsync())).Junk!.Reason.ShouldBe("honeypot");
    }

    [Fact]
    public async Task Notes_never_reach_the_tracking_page_nor_its_stream()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Help");
        await desk.UseAsync<ReplyToTicket, object>(async reply => await reply.RunAsync(new ReplyToTicket.Request(ticket.Id, MessageKind.Note, "secret remark", "n1"), desk.OwnerOf(), CancellationToken.None));
        await desk.UseAsync<ReplyToTicket, object>(async reply => await reply.RunAsync(new ReplyToTicket.Request(ticket.Id, MessageKind.Public, "the answer", "r1"), desk.OwnerOf(), CancellationToken.None));
        using var visitor = desk.NewClient();

        var page = await visitor.GetTextAsync($"/t/{ticket.Token}");
        page.ShouldContain("the answer");
        page.ShouldNotContain("secret remark");
        using var stream = await visitor.Http.GetAsync(new Uri($"/t/{ticket.Token}/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        var heard = "";
        while (!heard.Contains("the answer", StringComparison.Ordinal))
            heard += await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(90));
        heard.ShouldNotContain("secret remark");
    }

    [Fact]
    public async Task A_flood_from_one_network_is_slowed_down_with_a_clear_sentence()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        var key = await SiteKeyAsync(desk);
        HttpResponseMessage last = null!;
        for (var count = 0; count <= SiteDesk.Channels.Form.FormModule.MostSubmissions; count++)
            last = await SubmitAsync(visitor, key, $"Question {count}", "anna@example.com");

        last.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await last.Content.ReadAsStringAsync()).ShouldContain("Wait a minute");
    }

    [Theory]
    [InlineData("ru", "Напишите нам")]
    [InlineData("zh-CN", "联系我们")]
    [InlineData("de", "Contact us")]
    public async Task The_page_speaks_the_readers_language(string accepted, string title)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        using var visitor = desk.NewClient();
        visitor.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(accepted);

        (await visitor.GetTextAsync($"/contact/{await SiteKeyAsync(desk)}")).ShouldContain($"<h1>{title}</h1>");
    }

    private static async Task<HttpResponseMessage> SubmitAsync(DeskClient visitor, string key, string text, string contact, params (string Name, string Value)[] more)
    {
        var form = await visitor.GetTextAsync($"/contact/{key}");
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in new[] { ("text", text), ("contact", contact), ("reservation", Reservation(form)), ("__RequestVerificationToken", Token(form)) }.Concat(more))
            content.Add(new StringContent(value), name);
        return await visitor.Http.PostAsync(new Uri($"/contact/{key}", UriKind.Relative), content);
    }

    private static Task<string> SiteKeyAsync(DeskServer desk) => desk.InDatabaseAsync(database => database.Set<Site>().Select(site => site.Key).FirstAsync());

    private static string Reservation(string page) => ReservationPattern().Match(page).Groups["value"].Value;

    private static string Token(string page) => TokenPattern().Match(page).Groups["value"].Value;

    [GeneratedRegex("name=\"reservation\" value=\"(?<value>[^\"]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReservationPattern();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<value>[^\"]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenPattern();
}

public sealed class FormOnSqliteTests() : FormTests(() => DeskServer.StartAsync());

public sealed class FormOnPostgresTests(PostgresServer server)
    : FormTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(FormOnPostgresTests), TestContext.Current.CancellationToken)));
