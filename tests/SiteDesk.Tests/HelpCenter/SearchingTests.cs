using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>A visitor searches, and what is kept of it.</summary>
public abstract class SearchingTests(Func<Task<DeskServer>> start)
{
    [Theory]
    [InlineData("en", "refunded", "When do I get my refund?")]
    [InlineData("en", "refnud", "When do I get my refund?")]
    [InlineData("ru", "возвраты", "Как оформить возврат")]
    [InlineData("ru", "djpdhfn", "Как оформить возврат")]
    [InlineData("zh-Hans", "退货", "如何退货")]
    [InlineData("zh-Hans", "退貨", "如何退货")]
    public async Task Word_forms_mistakes_the_wrong_keyboard_and_traditional_characters_find_the_article(string language, string query, string title)
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await FillAsync(desk);
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();

        var page = WebUtility.HtmlDecode(await visitor.GetTextAsync($"/help/{key}/{language}/search?q={Uri.EscapeDataString(query)}"));

        var first = page[page.IndexOf("help-list", StringComparison.Ordinal)..];
        System.Text.RegularExpressions.Regex.Replace(first, "</?mark>", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldContain(title);
        first.ShouldContain("<mark>");
        if (query is "refnud" or "djpdhfn")
            page.ShouldContain("banner", customMessage: "it says what it searched instead");
    }

    [Fact]
    public async Task What_was_searched_is_marked_inside_the_article_and_nothing_found_leads_to_the_form_with_the_question_in_it()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await FillAsync(desk);
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();

        (await visitor.GetTextAsync($"/help/{key}/en/articles/when-do-i-get-my-refund?q=refunds")).ShouldContain("The <mark>refund</mark> takes five days.");
        var nothing = await visitor.GetTextAsync($"/help/{key}/en/search?q=quux%20zyzzyva");
        nothing.ShouldContain($"/contact/{key}?language=en&amp;text=quux%20zyzzyva");
        (await visitor.GetTextAsync($"/contact/{key}?language=en&text=quux%20zyzzyva")).ShouldContain(">quux zyzzyva</textarea>");
    }

    [Fact]
    public async Task Whatever_is_typed_gets_an_answer()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await FillAsync(desk);
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();
        foreach (var query in new[]
        {
            "the of and", "и в на не", "的 了", "😀😀😀 👩‍👩‍👧", "مرحبا كيف أسترد نقودي", "שלום", "\u202Egnihtemos", "\uD800", "' OR 1=1 --", "<script>alert(1)</script>", "%00%01", new string('a', 4000), "   ",
        })
        {
            foreach (var path in new[] { "search", "suggestions", "articles/when-do-i-get-my-refund" })
            {
                var answer = await visitor.GetAsync($"/help/{key}/en/{path}?q={Uri.EscapeDataString(query)}");
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path}: {query}");
                (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("<script>alert");
            }
        }

        // Where people write freely an address may be long; elsewhere it is refused with a sentence.
        foreach (var query in new[] { new string('a', 100_000), string.Concat(Enumerable.Repeat("%E9%80%80", 100_000)) })
            {
            (await visitor.GetTextAsync($"/help/{key}/en/search?q={query}")).ShouldContain("only its first 1,000 characters");
            (await visitor.GetTextAsync($"/help/{key}/en/suggestions?q=refund%20{query}")).ShouldContain("/en/articles/when-do-i-get-my-refund");
        }

        (await visitor.GetTextAsync($"/help/{key}/en/suggestions?q=how%20do%20I")).ShouldContain("\"articles\":[]", customMessage: "grammar alone asks for nothing");
        using var asPage = new HttpRequestMessage(HttpMethod.Get, $"/sign-in?next={new string('a', 100_000)}") { Headers = { { "Accept", "text/html" } } };
        var refused = await visitor.Http.SendAsync(asPage, TestContext.Current.CancellationToken);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestUriTooLong);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("This address is too long");
        await desk.CountAsync();
        var shelf = (await desk.UseAsync<SiteDesk.HelpCenter.Reading.HelpSnapshots, SiteDesk.HelpCenter.Reading.HelpSnapshot>(async snapshots => await snapshots.ReadAsync(1, TestContext.Current.CancellationToken))).Shelves["en"];
        var huge = string.Concat(Enumerable.Repeat("refund 退款 возврат 😀 ", 5_000));
        huge.Length.ShouldBeGreaterThanOrEqualTo(100_000);
        shelf.Search(huge, SiteDesk.HelpCenter.Reading.ReaderLevel.Everybody, 10).Hits.ShouldNotBeEmpty();
        SiteDesk.HelpCenter.Reading.SearchWords.Of(huge).Length.ShouldBeLessThanOrEqualTo(HelpSearch.LongestWords);
    }

    [Fact]
    public async Task Searches_are_counted_without_what_tells_a_person_or_an_order()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await FillAsync(desk);
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();
        await visitor.GetTextAsync($"/help/{key}/en/search?q={Uri.EscapeDataString("Refund for NL-10293, anna@example.com +49 170 1234567")}");
        await visitor.GetTextAsync($"/help/{key}/en/search?q=refund");
        await visitor.GetTextAsync($"/help/{key}/en/search?q=REFUND");
        await visitor.GetTextAsync($"/help/{key}/en/search?q=zyzzyva");
        await visitor.GetTextAsync($"/help/{key}/en/suggestions?q=refu");
        await visitor.GetTextAsync($"/help/{key}/en/suggestions?q=refund&settled=true");
        await visitor.GetTextAsync($"/help/{key}/en/articles/when-do-i-get-my-refund?q=refund");
        await desk.CountAsync();
        await visitor.GetTextAsync($"/help/{key}/en/search?q=refund");
        await desk.CountAsync();

        var rows = await desk.InDatabaseAsync(database => database.Set<HelpSearch>().AsNoTracking().OrderBy(row => row.Words).ToListAsync(TestContext.Current.CancellationToken));
        rows.ConvertAll(row => (row.Words, row.Times, row.Empty, row.Opened)).ShouldBe([("refund", 4, 0, 1), ("refund for", 1, 0, 0), ("zyzzyva", 1, 1, 0)]);
        var read = await desk.InDatabaseAsync(database => database.Set<ArticleReading>().AsNoTracking().SingleAsync(TestContext.Current.CancellationToken));
        (read.Times, read.FromSearch).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Suggestions_say_which_part_of_a_title_was_found()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await FillAsync(desk);
        var key = (await desk.SiteAsync()).Key;
        using var visitor = desk.NewClient();
        using var answer = JsonDocument.Parse(await visitor.GetTextAsync($"/help/{key}/en/suggestions?q=when%20refu"));
        var first = answer.RootElement.GetProperty("articles")[0];
        string.Concat(first.GetProperty("title").EnumerateArray().Select(piece => piece.GetString())).ShouldBe("When do I get my refund?");
        first.GetProperty("title").EnumerateArray().Where((_, place) => place % 2 == 1).Select(piece => piece.GetString()).ShouldContain("refund");
    }

    private static async Task FillAsync(DeskServer desk)
    {
        var section = await desk.AddSectionAsync("Returns", "Возврат", "退货");
        await desk.PublishAsync(section, "en", "When do I get my refund?", "<p>The refund takes five days.</p>", ["where is my money"]);
        await desk.PublishAsync(section, "en", "Ways to pay", "<p>Cards and wallets.</p>");
        await desk.PublishAsync(section, "ru", "Как оформить возврат", "<p>Откройте заказ и нажмите «Вернуть».</p>");
        await desk.PublishAsync(section, "ru", "Способы оплаты", "<p>Картой или наличными.</p>");
        await desk.PublishAsync(section, "zh-Hans", "如何退货", "<p>打开订单，点退货。</p>");
        await desk.PublishAsync(section, "zh-Hans", "付款方式", "<p>微信或支付宝。</p>");
        await desk.SettleAsync();
    }
}

public sealed class SearchingOnSqliteTests() : SearchingTests(() => DeskServer.StartAsync());

public sealed class SearchingOnPostgresTests(PostgresServer server)
    : SearchingTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(SearchingOnPostgresTests), TestContext.Current.CancellationToken)));
