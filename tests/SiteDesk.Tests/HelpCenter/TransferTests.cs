using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Authoring.Transfer;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

public abstract class TransferTests(Func<Task<DeskServer>> start)
{
    /// <summary>A picture of one pixel.</summary>
    internal static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_of_Markdown_and_HTML_becomes_articles_and_comes_back_as_it_was()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var archive = await ZipAsync(
            ("help/en/payment/refund.md", "---\ntitle: Getting a refund\nsection: Payment\nquestions:\n  - where is my money\n---\nSee [delivery](delivery.html#times) and ![A button](../../pictures/shot.png).\n\n> [!TIP]\n> Keep the receipt.\n\n| a | b |\n| --- | --- |\n| 1 | `x` |\n"),
            ("help/en/payment/delivery.html", "<html><head><title>Delivery</title></head><body><h1>Delivery times</h1><p>Two <b>days</b>.</p><script>x</script></body></html>"),
            ("help/ru/payment/refund.md", "---\nslug: vozvrat\nsection: Оплата\nstate: draft\n---\n# Возврат денег\n\nПять дней.\n"),
            ("help/pictures/shot.png", Png));
        using var preview = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "help.zip", archive, ("Step", "preview"));
        var page = await preview.Content.ReadAsStringAsync();
        preview.StatusCode.ShouldBe(HttpStatusCode.OK, page);
        page.ShouldContain("New: 3, changed: 0, the same: 0, refused: 0");
        (await desk.InDatabaseAsync(database => database.Set<Article>().CountAsync())).ShouldBe(0, "a preview stores nothing");

        using var done = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "help.zip", archive, ("Step", "import"));
        (await done.Content.ReadAsStringAsync()).ShouldContain("New: 3");
        var articles = await desk.InDatabaseAsync(database => database.Set<Article>().AsNoTracking().Include(article => article.Texts).ThenInclude(text => text.Draft).Include(article => article.Texts).ThenInclude(text => text.Questions).ToListAsync());
        articles.Count.ShouldBe(2);
        var refund = articles.Single(article => article.Texts.Count == 2);
        var english = refund.Texts.Single(text => text.Language == "en");
        english.IsPublished.ShouldBeTrue();
        english.Questions.ShouldHaveSingleItem().Text.ShouldBe("where is my money");
        english.Draft!.Body.ShouldContain("<img src=\"/help-files/");
        english.Draft.Body.ShouldContain("alt=\"A button\" width=\"1\" height=\"1\"");
        english.Draft.Body.ShouldContain("/en/articles/delivery#times\">delivery</a>");
        refund.Texts.Single(text => text.Language == "ru").Draft!.Title.ShouldBe("Возврат денег");
        refund.Texts.Single(text => text.Language == "ru").IsPublished.ShouldBeFalse();

        // What is written out is read back as the same, byte for byte in its second writing.
        var first = await ExportAsync(desk);
        var rows = await ImportAsync(desk, first);
        rows.ShouldAllBe(row => row.Step == ImportStep.Same, string.Join('\n', rows));
        var second = await ExportAsync(desk);
        second.Paths.ShouldBe(first.Paths);
        foreach (var path in first.Paths)
            second.Find(path).ShouldBe(first.Find(path), path);

        // Into an empty help centre: the same files again.
        await using var other = await start();
        await AuthoringStory.BeginAsync(other);
        (await ImportAsync(other, first)).ShouldAllBe(row => row.Step == ImportStep.New);
        var third = await ExportAsync(other);
        var (key, otherKey) = (await KeyAsync(desk), await KeyAsync(other));
        foreach (var path in first.Paths.Where(path => path.EndsWith(".md", StringComparison.Ordinal)))
            third.Text(path).Replace(otherKey, key, StringComparison.Ordinal).ShouldBe(first.Text(path), path);
    }

    [Fact]
    public async Task Path_tricks_and_bombs_are_refused()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        foreach (var path in new[] { "../evil.md", "/etc/evil.md", "a/../../evil.md", "C:\\evil.md", "a\\..\\..\\evil.md", "a/\u0001.md" })
            (await RefusalAsync(story, await ZipAsync((path, "x")))).ShouldContain("leads out");
        (await RefusalAsync(story, await ZipAsync(("bomb.md", new byte[19 * 1024 * 1024])))).ShouldContain("unpacks to far more");
        (await RefusalAsync(story, await ZipAsync(("large.md", RandomBytes(21 * 1024 * 1024))))).ShouldContain("too large");
        (await RefusalAsync(story, "this is no archive"u8.ToArray())).ShouldContain("no zip archive");
        (await RefusalAsync(story, (await ZipAsync(("a.md", "x")))[..40])).ShouldContain("no zip archive");
        (await desk.InDatabaseAsync(database => database.Set<Article>().CountAsync())).ShouldBe(0);
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.GetAsync($"/agent/help/{story.SiteId}/export")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_file_that_says_no_language_has_that_of_its_text()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var archive = await ZipAsync(
            ("vozvrat.md", "# Возврат денег\n\nДеньги возвращаются на карту за пять дней. Код PROMO не возвращается.\n"), ("tuikuan.md", "# 退款\n\n五天内退回原来的卡。\n"),
            ("refund.md", "# Getting a refund\n\nThe money is back on your card in five days.\n"), ("codes.md", "# SKU-1\n\nX1 X2\n"), ("schwedisch.md", "# Återbetalning\n\nPengarna är tillbaka på kortet inom fem dagar.\n"));
        var page = await (await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "articles.zip", archive, ("Step", "import"))).Content.ReadAsStringAsync();
        page.ShouldContain("New: 5");
        var languages = await desk.InDatabaseAsync(database => database.Set<ArticleText>().AsNoTracking().ToDictionaryAsync(text => text.Slug, text => text.Language));
        languages.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["vozvrat"] = "ru", ["tuikuan"] = "zh-Hans", ["refund"] = "en", ["codes"] = "en", ["schwedisch"] = "en" }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_symbolic_link_is_no_article_and_no_picture()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        using var archive = new MemoryStream(await ZipAsync(("ok.md", "# Refunds\n\nFive days."), ("link.md", "/etc/passwd")));
        await using (var zip = new ZipArchive(archive, ZipArchiveMode.Update, leaveOpen: true))
            zip.GetEntry("link.md")!.ExternalAttributes = unchecked((int)0xA1FF0000);
        var page = await (await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "articles.zip", archive.ToArray(), ("Step", "import"))).Content.ReadAsStringAsync();
        page.ShouldContain("ok.md");
        page.ShouldNotContain("link.md");
    }

    [Fact]
    public async Task One_bad_file_keeps_no_other_away()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        using var done = await AuthoringTests.SendFileAsync(
            story, $"/agent/help/{story.SiteId}/import", "file", "help.zip",
            await ZipAsync(("deep.md", new string('>', 20_000) + "x"), ("lost.md", "![x](missing.png)"), ("german.md", "---\nlanguage: de\n---\nx"), ("good.md", "# Good\n\ntext")), ("Step", "import"));
        var page = await done.Content.ReadAsStringAsync();
        page.ShouldContain("New: 1, changed: 0, the same: 0, refused: 3");
        page.ShouldContain("missing.png");
    }

    [Theory]
    [InlineData("gb18030", "退货说明.md", "退货图片.png", "---\r\ntitle: 退货说明\r\ndescription: >-\r\n  七天之内，\r\n  可以退货。\r\nlang: zh_CN\r\nweight: 2\r\n---\r\n请把商品寄回我们的仓库。![图](.\\退货图片.png)\r\n", "zh-Hans", "退货说明", "七天之内， 可以退货。")]
    [InlineData("windows-1251", "Возврат товара.md", "Картинка возврата.png", "---\ntitle: 'Возврат товара'\nexcerpt: |\n  Кто платит за возврат.\nlocale: ru-RU\n---\nПришлите товар обратно в течение двух недель.\n\n![снимок](<Картинка возврата.png>)\n", "ru", "Возврат товара", "Кто платит за возврат.")]
    [InlineData("ibm866", "Возврат товара.md", "Картинка возврата.png", "---   \ntitle: Возврат товара\nsummary: Кто платит за возврат.\nlang: ru\n---\nПришлите товар обратно в течение двух недель.\n\n![снимок](<Картинка возврата.png>)\n", "ru", "Возврат товара", "Кто платит за возврат.")]
    public async Task An_archive_of_another_country_keeps_its_names_its_text_and_its_pictures(string charset, string path, string picture, string content, string language, string title, string summary)
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset)!;
        var archive = await ZipAsync(encoding, (path, encoding.GetBytes(content)), (picture, Png));
        using var done = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "help.zip", archive, ("Step", "import"));
        (await done.Content.ReadAsStringAsync()).ShouldContain("New: 1, changed: 0, the same: 0, refused: 0");
        var text = await desk.InDatabaseAsync(database => database.Set<ArticleText>().AsNoTracking().Include(text => text.Draft).SingleAsync(Cancellation));
        text.Language.ShouldBe(language);
        text.Draft!.Title.ShouldBe(title);
        text.Draft.Summary.ShouldBe(summary);
        text.Draft.Body.ShouldContain("<img src=\"/help-files/");
        text.Draft.Body.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public async Task What_another_tool_held_back_is_a_draft_and_its_folders_of_languages_are_understood()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var archive = await ZipAsync(
            ("./zh-CN/delivery.md", "\uFEFF---\ntitle: 配送\n---\n两天送达。"), ("./en/secret.md", "---\ntitle: Secret\ndraft: true\n---\nNot yet."),
            ("./en/hidden.md", "---\ntitle: Hidden\npublished: false\ncategory: Plans\nquestions: [\n  'one, two',\n  three\n]\n---\nNot yet."), ("./en/delivery.md", "---\rtitle: Delivery\r---\rTwo days."), ("./returns.ru.md", "# Возврат\n\nДве недели."));
        using var done = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "help.zip", archive, ("Step", "import"));
        (await done.Content.ReadAsStringAsync()).ShouldContain("New: 5, changed: 0, the same: 0, refused: 0");
        var texts = await desk.InDatabaseAsync(database => database.Set<ArticleText>().AsNoTracking().Include(text => text.Draft).Include(text => text.Questions).ToListAsync(Cancellation));
        texts.Select(text => (text.Language, text.Draft!.Title, text.IsPublished)).ShouldBe(
            [("zh-Hans", "配送", true), ("en", "Secret", false), ("en", "Hidden", false), ("en", "Delivery", true), ("ru", "Возврат", true)], ignoreOrder: true);
        texts.Single(text => text.Draft!.Title == "配送").ArticleId.ShouldBe(texts.Single(text => text.Draft!.Title == "Delivery").ArticleId);
        texts.Single(text => text.Draft!.Title == "Hidden").Questions.Select(question => question.Text).ShouldBe(["one, two", "three"], ignoreOrder: true);
    }

    [Fact]
    public async Task Pictures_are_taken_from_wherever_another_tool_keeps_them_and_what_is_left_out_is_said()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var large = (byte[])Png.Clone();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(large.AsSpan(16), 640); // the header's width and height (PNG, section 11.2.1)
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(large.AsSpan(20), 480);
        var matter = "+++\n# written by a generator\ntitle = \"The stove \\\"Ember\\\"\"\ndescription = \"\"\"\nGas, \\\n  and wind.\"\"\"\nweight = 3\ndraft = false\ndate = 2024-05-01T10:00:00Z\nquestions = [\n  'gas, inside a tent?', # twice asked\n  \"wont light\",\n]\nauthor = { name = \"x\" }\n[params]\ntitle = \"not this\"\n+++\n";
        var archive = await ZipAsync(
            ("content/en/camping/stove.md", matter + "![Valve](/img/shot.png) ![Inline](data:image/png;base64," + Convert.ToBase64String(Png) + ") ![Lost](/img/lost.png) ![Far](https://example.org/far.png)\n"),
            ("content/ru/camping/stove.md", "+++\ntitle = 'Горелка'\ndraft = true\n+++\nТолько снаружи.\n"),
            ("static/img/shot.png", large));
        foreach (var step in new[] { "preview", "import" })
        {
            using var done = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "help.zip", archive, ("Step", step));
            var page = await done.Content.ReadAsStringAsync(Cancellation);
            page.ShouldContain("New: 2, changed: 0, the same: 0, refused: 0");
            page.ShouldContain("2 pictures are not among the files and were left out, the first is /img/lost.png");
        }

        var texts = await desk.InDatabaseAsync(database => database.Set<ArticleText>().AsNoTracking().Include(text => text.Draft).Include(text => text.Questions).ToListAsync(Cancellation));
        var english = texts.Single(text => text.Language == "en");
        (english.Draft!.Title, english.Draft.Summary, english.IsPublished).ShouldBe(("The stove \"Ember\"", "Gas, and wind.", true));
        english.Questions.Select(question => question.Text).ShouldBe(["gas, inside a tent?", "wont light"], ignoreOrder: true);
        english.Draft.Body.Split("<img src=\"/help-files/").Length.ShouldBe(3, english.Draft.Body);
        var russian = texts.Single(text => text.Language == "ru");
        (russian.Draft!.Title, russian.IsPublished, russian.ArticleId).ShouldBe(("Горелка", false, english.ArticleId));
        (await desk.InDatabaseAsync(database => database.Set<SectionName>().Select(name => name.Name).ToListAsync(Cancellation))).ShouldBe(["camping", "camping"], "what stands above the languages is no section");

        // A page that is shared shows the article's first picture that is no button.
        await desk.SettleAsync();
        using var visitor = desk.NewClient();
        var shown = await visitor.GetTextAsync($"/help/{await KeyAsync(desk)}/en/articles/stove");
        shown.ShouldMatch("property=\"og:image\" content=\"http://[^\"]+/help-files/[0-9a-f]+/shot.png\"");
        shown.ShouldMatch("\"image\":\"http://[^\"]+/shot.png\"");
    }

    [Fact]
    public async Task Links_between_the_files_are_found_as_other_tools_write_them_and_lost_ones_are_said()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var archive = await ZipAsync(
            ("docs/en/returns.md", "# Returns\n\n[one](delivery.md#times) [two](delivery) [three](delivery.html) [four](/docs/en/delivery) [five](/delivery/) [gone](shipping.md) [off](../manual.pdf) [gone again](shipping.md) [shop](/cart) [far](https://example.org/)\n"),
            ("docs/en/delivery.md", "# Delivery\n\n## Times\n\nTwo days.\n"), ("docs/manual.pdf", "%PDF-1.7"));
        foreach (var step in new[] { "preview", "import", "import" })
        {
            using var done = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "help.zip", archive, ("Step", step));
            (await done.Content.ReadAsStringAsync(Cancellation)).ShouldContain("2 links lead to no article among the files and were left as plain text, the first is shipping.md");
        }

        var body = await desk.InDatabaseAsync(database => database.Set<ArticleDraft>().Where(draft => draft.Title == "Returns").Select(draft => draft.Body).SingleAsync(Cancellation));
        var delivery = $"/help/{await KeyAsync(desk)}/en/articles/delivery";
        body.Split($"href=\"{delivery}\"").Length.ShouldBe(5, body);
        body.ShouldContain($"<a href=\"{delivery}#times\">one</a>");
        body.ShouldContain("<a href=\"/cart\">shop</a>", customMessage: "a page of the site is none of the import's");
        body.ShouldContain("gone");
        body.ShouldNotContain("shipping.md");
    }

    [Fact]
    public async Task What_a_file_does_not_say_stays_and_what_is_not_understood_opens_nothing()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        await SendAsync("---\ntitle: Prices for dealers\naudience: staff\nreview-by: 2030-01-31\nposition: 3\n---\nSecret.\n", "New: 1");
        await SendAsync("---\ntitle: Prices for dealers\n---\nStill secret.\n", "changed: 1");
        var kept = await ArticleAsync();
        (kept.Audience, kept.ReviewBy, kept.Position).ShouldBe((Audience.Staff, new DateOnly(2030, 1, 31), 3), "a file that says less opens nothing");
        await SendAsync("---\ntitle: Prices for dealers\naudience: stuff\n---\nStill secret.\n", "refused: 1");
        await SendAsync("---\ntitle: Prices for dealers\naudience: 0\n---\nStill secret.\n", "refused: 1");
        (await ArticleAsync()).Audience.ShouldBe(Audience.Staff);
        await SendAsync("---\ntitle: Prices for dealers\naudience: signed-in\n---\nStill secret.\n", "changed: 1");
        (await ArticleAsync()).Audience.ShouldBe(Audience.SignedIn, "who may read it is changed though the text is the same");
        (await desk.InDatabaseAsync(database => database.Set<ArticleVersion>().CountAsync(Cancellation))).ShouldBe(2, "and that makes no version");
        await SendAsync("---\ntitle: Prices for dealers\nsection: Dealers\n---\nStill secret.\n", "changed: 1");
        await SendAsync("---\ntitle: Prices for dealers\nsection: dealers\n---\nStill secret.\n", "the same: 1");

        // What an author has begun is not written over by a file that says what readers see already; a removed article comes back.
        var id = kept.Id;
        await story.SendAsync(story.Owner, id, "draft", "Prices", "<p>Being rewritten.</p>");
        await SendAsync("---\ntitle: Prices for dealers\n---\nStill secret.\n", "the same: 1");
        (await story.TextAsync(id)).Draft!.Title.ShouldBe("Prices");
        await story.Owner.SubmitAsync($"/agent/help/articles/{id}/removal", $"/agent/help/articles/{id}");
        await SendAsync("---\ntitle: Prices for dealers\n---\nStill secret.\n", "changed: 1");
        (await ArticleAsync()).RemovedAt.ShouldBeNull();

        Task<Article> ArticleAsync() => desk.InDatabaseAsync(database => database.Set<Article>().AsNoTracking().SingleAsync(Cancellation));

        async Task SendAsync(string content, string expected)
        {
            using var done = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "prices.md", Encoding.UTF8.GetBytes(content), ("Step", "import"));
            (await done.Content.ReadAsStringAsync(Cancellation)).ShouldContain(expected);
        }
    }

    private static async Task<string> RefusalAsync(AuthoringStory story, byte[] archive)
    {
        using var answer = await AuthoringTests.SendFileAsync(story, $"/agent/help/{story.SiteId}/import", "file", "help.zip", archive, ("Step", "import"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        return await answer.Content.ReadAsStringAsync();
    }

    private static Task<string> KeyAsync(DeskServer desk) => desk.InDatabaseAsync(database => database.Set<Site>().Select(site => site.Key).FirstAsync(Cancellation));

    private static Task<TransferFiles> ExportAsync(DeskServer desk) => desk.UseAsync<ExportArticles, TransferFiles>(async export =>
        await export.RunAsync(await desk.InDatabaseAsync(database => database.Set<Site>().AsNoTracking().FirstAsync(Cancellation)), Cancellation));

    private static Task<IReadOnlyList<ImportRow>> ImportAsync(DeskServer desk, TransferFiles files) => desk.UseAsync<ImportArticles, IReadOnlyList<ImportRow>>(async import =>
        await import.RunAsync(await desk.InDatabaseAsync(database => database.Set<Site>().AsNoTracking().FirstAsync(Cancellation)), files, Actor.System, 1, Cancellation));

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    internal static Task<byte[]> ZipAsync(params (string Path, object Content)[] files) => ZipAsync(Encoding.UTF8, files);

    private static async Task<byte[]> ZipAsync(Encoding names, params (string Path, object Content)[] files)
    {
        using var memory = new MemoryStream();
        await using (var zip = await ZipArchive.CreateAsync(memory, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: names, Cancellation))
        {
            foreach (var (path, content) in files)
            {
                await using var entry = await zip.CreateEntry(path).OpenAsync(Cancellation);
                await entry.WriteAsync(content as byte[] ?? Encoding.UTF8.GetBytes((string)content), Cancellation);
            }
        }

        return memory.ToArray();
    }
}

public sealed class TransferOnSqliteTests() : TransferTests(() => DeskServer.StartAsync());

public sealed class TransferOnPostgresTests(PostgresServer server)
    : TransferTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(TransferOnPostgresTests), TestContext.Current.CancellationToken)));
