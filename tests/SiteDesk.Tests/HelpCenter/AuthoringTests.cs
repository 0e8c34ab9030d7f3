using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Authoring;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

public abstract class AuthoringTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    [Fact]
    public async Task The_first_article_brings_its_section_along()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var (list, form) = ($"/agent/help/{story.SiteId}", $"/agent/help/{story.SiteId}/articles/new");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.GetTextAsync(list)).ShouldContain("Whoever manages the help centre adds the first one.");
        await agent.RefusedAsync($"{list}/articles", form, ("Title", "Where we ship"), ("NewSection", "Mine"), ("Language", "en"));

        (await story.Owner.GetTextAsync(list)).ShouldContain($"href=\"{form}\"");
        (await story.Owner.RefusedAsync($"{list}/articles", form, ("Title", "Where we ship"), ("NewSection", " "), ("Language", "en"))).ShouldContain("href=\"#NewSection\"");
        (await story.Owner.SubmitAsync($"{list}/articles", form, ("Title", "Where we ship"), ("NewSection", "Delivery"), ("Language", "en"))).ShouldStartWith("/agent/help/articles/");
        var section = await desk.InDatabaseAsync(database => database.Set<Section>().Include(row => row.Names).SingleAsync());
        section.Names.ShouldHaveSingleItem().Name.ShouldBe("Delivery");
        (await desk.AuditAsync()).ShouldContain("help.section-added");
        (await story.Owner.GetTextAsync(form)).ShouldNotContain("NewSection", Case.Sensitive, "from now on one chooses");
    }

    [Fact]
    public async Task An_article_is_written_published_changed_and_taken_away_again()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var section = await story.AddSectionAsync("Payment");
        var id = await story.AddArticleAsync(section, "Getting a refund");
        (await story.SendAsync(story.Owner, id, "draft", "Getting a refund", "<h2>How</h2><p onclick=x>Write <b>to us</b>.<script>x</script></p>")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var text = await story.TextAsync(id);
        text.Draft!.Body.ShouldBe("<h2>How</h2><p>Write <strong>to us</strong>.</p>");
        text.IsPublished.ShouldBeFalse();

        await story.SendAsync(story.Owner, id, "publication", "Getting a refund", text.Draft.Body, more: ("Remark", "first"));
        text = await story.TextAsync(id);
        text.IsPublished.ShouldBeTrue();
        (await story.VersionsAsync(text.Id)).ShouldHaveSingleItem().Remark.ShouldBe("first");

        // Another address: readers of the old one are led on.
        await story.Owner.SubmitAsync($"/agent/help/articles/{id}/en/details", $"/agent/help/articles/{id}", ("Section", $"{section}"), ("Audience", "Everybody"), ("Slug", "money-back"), ("Questions", "how do i get my money back\nrefund??"), ("ReviewBy", "2030-01-31"));
        text = await story.TextAsync(id);
        text.Slug.ShouldBe("money-back");
        text.Questions.Select(question => question.Text).ShouldBe(["how do i get my money back", "refund??"], ignoreOrder: true);
        (await desk.InDatabaseAsync(database => database.Set<ArticleAddress>().SingleAsync())).Slug.ShouldBe("getting-a-refund");

        // What cannot be stored is shown again to be mended, with all that was typed beside it.
        var refused = await story.Owner.PostFormAsync(
            $"/agent/help/articles/{id}/en/details",
            [new("Section", $"{section}"), new("Audience", "Staff"), new("Slug", "cash-back"), new("Questions", "give it back"), new("ReviewBy", "2031-02-03"), new("Related", "no-such-thing")], $"/agent/help/articles/{id}");
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var again = await refused.Content.ReadAsStringAsync();
        foreach (var typed in new[] { "value=\"cash-back\"", "give it back", "value=\"2031-02-03\"", "no-such-thing", "value=\"Staff\" selected" })
            again.ShouldContain(typed);

        await story.Owner.SubmitAsync($"/agent/help/articles/{id}/en/publication/removal", $"/agent/help/articles/{id}");
        (await story.TextAsync(id)).IsPublished.ShouldBeFalse();
        var led = await story.Owner.SubmitAsync($"/agent/help/articles/{id}/removal", $"/agent/help/articles/{id}");
        (await story.Owner.GetTextAsync(led)).ShouldContain($"/agent/help/articles/{id}/restoration");
        (await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}?section={section}")).ShouldNotContain("Getting a refund");
        await story.Owner.SubmitAsync($"/agent/help/articles/{id}/restoration", $"/agent/help/articles/{id}");
        (await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}?q=REFUND")).ShouldContain("Getting a refund");
        var audit = await desk.AuditAsync();
        foreach (var action in new[] { "help.section-added", "article.published", "article.changed", "article.unpublished", "article.removed", "article.restored" })
            audit.ShouldContain(action);
    }

    [Fact]
    public async Task Two_authors_lose_nothing_and_see_how_they_differ()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        using var second = await desk.NewStaffAsync("second@example.com", Role.Agent);
        var version = await story.VersionAsync(story.Owner, id);
        await story.SendAsync(story.Owner, id, "draft", "Refund", "<p>Refunds take five days.</p>", version);

        var refused = await story.SendAsync(second, id, "draft", "Refund", "<p>Refunds take ten days.</p>", version);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain("<del>five</del><ins>ten</ins>");
        var text = await story.TextAsync(id);
        text.Draft!.Body.ShouldBe("<p>Refunds take five days.</p>");
        (await story.VersionsAsync(text.Id)).ShouldHaveSingleItem().Body.ShouldBe("<p>Refunds take ten days.</p>");

        // The second author has seen it and wants the own text: the first one's stays as a version.
        (await story.SendAsync(second, id, "draft", "Refund", "<p>Refunds take ten days.</p>", version, more: ("Replaces", "true"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        text = await story.TextAsync(id);
        text.Draft!.Body.ShouldBe("<p>Refunds take ten days.</p>");
        (await story.VersionsAsync(text.Id)).Select(kept => kept.Body).ShouldBe(["<p>Refunds take ten days.</p>", "<p>Refunds take five days.</p>"]);

        await story.Owner.SubmitAsync($"/agent/help/articles/{id}/en/versions/2/restoration", $"/agent/help/articles/{id}/en/versions");
        (await story.TextAsync(id)).Draft!.Body.ShouldBe("<p>Refunds take five days.</p>");
        (await story.Owner.GetTextAsync($"/agent/help/articles/{id}/en/versions?from=1&to=2")).ShouldContain("<del>ten</del><ins>five</ins>");
    }

    [Fact]
    public async Task Forty_authors_at_once_each_find_their_text_again()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        var textId = (await story.TextAsync(id)).Id;
        var staff = new List<Staff>();
        for (var number = 0; number < 8; number++)
            staff.Add(desk.OwnerOf() with { Id = await desk.AddStaffAsync($"author{number}@example.com", Role.Agent) });
        await Parallel.ForAsync(0, 40, async (number, _) => await desk.UseAsync<KeepArticleDraft, bool>(async keep =>
        {
            // Each begins with the draft as it was at first.
            var outcome = await keep.RunAsync(textId, new KeepArticleDraft.Request("Refund", "", $"<p>Text {number}.</p>", 0), staff[number % staff.Count], TestContext.Current.CancellationToken);
            outcome.Succeeded.ShouldBeTrue();
            return true;
        }));
        var kept = (await story.VersionsAsync(textId)).Select(version => version.Body).Append((await story.TextAsync(id)).Draft!.Body).ToHashSet(StringComparer.Ordinal);
        for (var number = 0; number < 40; number++)
            kept.ShouldContain($"<p>Text {number}.</p>");
    }

    [Fact]
    public async Task Who_may_not_publish_asks_for_a_review()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await story.SendAsync(agent, id, "publication", "Refund", "<p>x</p>")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await story.SendAsync(agent, id, "review", "Refund", "<p>Ready</p>")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var text = await story.TextAsync(id);
        text.Review.ShouldNotBeNull();
        text.Draft!.Body.ShouldBe("<p>Ready</p>");
        (await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}?state=review")).ShouldContain("Refund");
        (await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}?state=published")).ShouldNotContain(">Refund<");
        await story.SendAsync(story.Owner, id, "publication", "Refund", "<p>Ready</p>");
        text = await story.TextAsync(id);
        text.Review.ShouldBeNull();
        text.IsPublished.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_may_not_publish_opens_nothing_that_readers_see()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var section = await story.AddSectionAsync("Inside");
        var id = await story.AddArticleAsync(section, "Prices for dealers");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (string, string)[] staffOnly = [("Section", $"{section}"), ("Audience", "Staff")];
        await agent.SubmitAsync($"/agent/help/articles/{id}/en/details", $"/agent/help/articles/{id}", staffOnly); // a draft is theirs to describe
        await story.SendAsync(story.Owner, id, "publication", "Prices for dealers", "<p>Secret.</p>");

        foreach (var audience in new[] { "Everybody", "SignedIn" })
        {
            var refused = await agent.PostFormAsync($"/agent/help/articles/{id}/en/details", [new("Section", $"{section}"), new("Audience", audience)], $"/agent/help/articles/{id}");
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("who may publish says who may read it");
        }

        (await AudienceAsync()).ShouldBe(Audience.Staff);
        await agent.SubmitAsync($"/agent/help/articles/{id}/en/details", $"/agent/help/articles/{id}", [.. staffOnly, ("Questions", "what do dealers pay")]);
        (await story.TextAsync(id)).Questions.ShouldHaveSingleItem("all else stays theirs to change");
        await story.Owner.SubmitAsync($"/agent/help/articles/{id}/en/details", $"/agent/help/articles/{id}", ("Section", $"{section}"), ("Audience", "SignedIn"));
        (await AudienceAsync()).ShouldBe(Audience.SignedIn);

        Task<Audience> AudienceAsync() => desk.InDatabaseAsync(database => database.Set<Article>().Where(article => article.Id == id).Select(article => article.Audience).SingleAsync());
    }

    [Fact]
    public async Task Who_saves_details_over_anothers_is_told_before()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var section = await story.AddSectionAsync("Payment");
        var id = await story.AddArticleAsync(section, "Prices for dealers");
        await story.SendAsync(story.Owner, id, "publication", "Prices for dealers", "<p>Secret.</p>");
        var (page, details) = ($"/agent/help/articles/{id}", $"/agent/help/articles/{id}/en/details");
        var seen = SeenIn(await story.Owner.GetTextAsync(page));
        await story.Owner.SubmitAsync(details, page, ("Section", $"{section}"), ("Audience", "Staff"), ("Seen", seen));

        // A page that was opened before: everybody would read it again, for the sake of a day to look at it.
        (string, string)[] later = [("Section", $"{section}"), ("Audience", "Everybody"), ("ReviewBy", "2031-02-03")];
        var told = await story.Owner.PostFormAsync(details, [.. later.Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2)), new("Seen", seen)], page);
        told.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var shown = await told.Content.ReadAsStringAsync();
        shown.ShouldContain("Somebody changed these details");
        shown.ShouldContain("value=\"2031-02-03\"");
        (await AudienceAsync()).ShouldBe(Audience.Staff);
        await story.Owner.SubmitAsync(details, page, [.. later, ("Seen", SeenIn(shown))]);
        (await AudienceAsync()).ShouldBe(Audience.Everybody, "sent once more it is meant");

        Task<Audience> AudienceAsync() => desk.InDatabaseAsync(database => database.Set<Article>().Where(article => article.Id == id).Select(article => article.Audience).SingleAsync());
    }

    private static string SeenIn(string page) => page.Split("name=\"Seen\" value=\"")[1].Split('"')[0];

    [Fact]
    public async Task A_scheduled_text_appears_at_its_time()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Sale");
        var local = TimeZoneInfo.ConvertTime(clock.GetUtcNow().AddHours(3), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        await story.SendAsync(story.Owner, id, "publication", "Sale", "<p>Now</p>", more: ("PublishAt", local.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)));
        var text = await story.TextAsync(id);
        text.IsPublished.ShouldBeFalse();
        text.PublishAt.ShouldNotBeNull();
        await RunAsync<PublishDueArticles>(desk);
        (await story.TextAsync(id)).IsPublished.ShouldBeFalse();

        // What is written meanwhile, and waits for a review, is another text than the one that waits for its time.
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        await story.SendAsync(agent, id, "review", "Sale", "<p>Until Sunday</p>");
        clock.Advance(TimeSpan.FromHours(3));
        await RunAsync<PublishDueArticles>(desk);
        text = await story.TextAsync(id);
        text.IsPublished.ShouldBeTrue();
        text.PublishAt.ShouldBeNull();
        text.Review.ShouldNotBeNull("the review that was asked for is still to be done");
    }

    [Fact]
    public async Task A_translation_is_outdated_when_its_source_has_moved()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        await story.SendAsync(story.Owner, id, "publication", "Refund", "<p>Five days.</p>");
        await story.Owner.SubmitAsync($"/agent/help/articles/{id}/languages", $"/agent/help/articles/{id}", ("Language", "ru"));
        (await story.Owner.GetTextAsync($"/agent/help/articles/{id}?language=ru")).ShouldContain("<p>Five days.</p>");
        await story.SendAsync(story.Owner, id, "publication", "Возврат", "<p>Пять дней.</p>", language: "ru");
        (await story.TextAsync(id, "ru")).Slug.ShouldBe("возврат", "a translation has an address of its own title, not of its source's");
        (await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}?state=outdated")).ShouldNotContain(">Refund<");
        await story.SendAsync(story.Owner, id, "publication", "Refund", "<p>Ten days.</p>");
        (await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}?state=outdated")).ShouldContain(">Refund<");
        var change = $"/agent/help/articles/{id}/en/versions?from=1&to=2";
        (await story.Owner.GetTextAsync($"/agent/help/articles/{id}?language=ru")).ShouldContain(change.Replace("&", "&amp;", StringComparison.Ordinal));
        (await story.Owner.GetTextAsync(change)).ShouldContain("<del>Five</del><ins>Ten</ins>");
        await story.SendAsync(story.Owner, id, "publication", "Возврат денег", "<p>Десять дней.</p>", language: "ru");
        (await story.TextAsync(id, "ru")).Slug.ShouldBe("возврат", "an address that readers have stays");
        (await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}?state=outdated")).ShouldNotContain(">Refund<");
    }

    [Fact]
    public async Task Order_is_changed_by_steps_and_by_places()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var section = await story.AddSectionAsync("Payment");
        var other = await story.AddSectionAsync("Delivery");
        var ids = new List<long>();
        foreach (var title in new[] { "One", "Two", "Three" })
            ids.Add(await story.AddArticleAsync(section, title));
        var page = $"/agent/help/{story.SiteId}?section={section}";
        await story.Owner.SubmitAsync($"/agent/help/articles/{ids[2]}/place", page, ("Step", "up"));
        (await OrderAsync(desk, section)).ShouldBe([ids[0], ids[2], ids[1]]);
        await story.Owner.SubmitAsync($"/agent/help/articles/{ids[0]}/place", page, ("Step", "down"));
        (await OrderAsync(desk, section)).ShouldBe([ids[2], ids[0], ids[1]]);
        await story.Owner.SubmitAsync($"/agent/help/articles/{ids[1]}/place", page, ("Before", $"{ids[2]}"));
        (await OrderAsync(desk, section)).ShouldBe([ids[1], ids[2], ids[0]]);
        await story.Owner.SubmitAsync($"/agent/help/articles/{ids[1]}/place", page, ("Step", "up"));
        (await OrderAsync(desk, section)).ShouldBe([ids[1], ids[2], ids[0]], "the first stays the first");
        await story.Owner.SubmitAsync($"/agent/help/sections/{other}/place", page, ("Step", "up"));
        (await desk.InDatabaseAsync(database => database.Set<Section>().OrderBy(row => row.Position).Select(row => row.Id).ToListAsync())).ShouldBe([other, section]);
        (await story.Owner.RefusedAsync($"/agent/help/sections/{section}/removal", page)).ShouldContain("Move them first");
    }

    [Fact]
    public async Task Pictures_are_kept_once_and_what_is_no_picture_is_refused()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        using var first = await SendFileAsync(story, $"/agent/help/articles/{id}/files", "file", "shot.png", TransferTests.Png);
        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        var source = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement.GetProperty("src").GetString()!;
        using var again = await SendFileAsync(story, $"/agent/help/articles/{id}/files", "file", "shot.png", TransferTests.Png);
        (await again.Content.ReadAsStringAsync()).ShouldContain(source);
        (await story.Owner.GetAsync(source)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await SendFileAsync(story, $"/agent/help/articles/{id}/files", "file", "shot.png", "<svg/>"u8.ToArray());
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await desk.InDatabaseAsync(database => database.Set<ArticleFile>().CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task A_paste_is_cleaned_and_five_megabytes_are_refused()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        using var clean = await SendFileAsync(story, "/agent/help/pastes", "html", "paste.html", "<p class=MsoNormal>a<o:p></o:p></p><script>x</script>"u8.ToArray());
        JsonDocument.Parse(await clean.Content.ReadAsStringAsync()).RootElement.GetProperty("html").GetString().ShouldBe("<p>a</p>");
        using var pictures = await SendFileAsync(
            story, "/agent/help/pastes", "html", "paste.html",
            "<p>a<img src='file:///C:/clip.png'><img src='https://example.com/b.png'><img width=1 height=1 src='https://example.com/c.gif'></p>"u8.ToArray());
        JsonDocument.Parse(await pictures.Content.ReadAsStringAsync()).RootElement.GetProperty("remark").GetString()!.ShouldStartWith("2 pictures were left out");
        using var huge = await SendFileAsync(story, "/agent/help/pastes", "html", "paste.html", System.Text.Encoding.UTF8.GetBytes(new string('x', 5_000_000)));
        huge.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await huge.Content.ReadAsStringAsync()).ShouldContain("too long");
    }

    [Fact]
    public async Task Synonyms_and_broken_links_have_their_pages()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var page = $"/agent/help/{story.SiteId}/synonyms?language=ru";
        await story.Owner.SubmitAsync($"/agent/help/{story.SiteId}/synonyms", page, ("Language", "ru"), ("Words", "возврат, вернуть деньги\n\nдоставка, курьер"));
        (await desk.InDatabaseAsync(database => database.Set<Synonyms>().CountAsync())).ShouldBe(2);
        (await story.Owner.RefusedAsync($"/agent/help/{story.SiteId}/synonyms", page, ("Language", "ru"), ("Words", "одно"))).ShouldContain("Line 1");
        var key = await desk.InDatabaseAsync(database => database.Set<SiteDesk.Sites.Site>().Select(site => site.Key).FirstAsync());
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        await story.SendAsync(story.Owner, id, "publication", "Refund", $"<p><a href='/help/{key}/en/articles/nowhere'>a</a> <a href='/help/{key}/en/articles/refund'>b</a> <a href='https://gone.example/'>c</a></p>");
        await desk.InDatabaseAsync(async database =>
        {
            database.Add(new LinkCheck { Address = "https://gone.example/", CheckedAt = DateTime.UtcNow, Status = 404, Failures = 2 });
            return await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        var broken = await story.Owner.GetTextAsync($"/agent/help/{story.SiteId}/links");
        broken.ShouldContain("articles/nowhere");
        broken.ShouldNotContain($"{key}/en/articles/refund");
        broken.ShouldContain("https://gone.example/");
    }

    [Fact]
    public async Task Others_on_the_same_article_are_shown_and_other_sites_are_closed()
    {
        await using var desk = await start(null);
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        using var second = await desk.NewStaffAsync("second@example.com", Role.Agent);
        var page = $"/agent/help/articles/{id}";
        await second.PostFormAsync($"{page}/en/presence", [new("State", "here")], page);
        await Eventually(async () => (await (await story.Owner.PostFormAsync($"{page}/en/presence", [new("State", "here")], page)).Content.ReadAsStringAsync()).Contains("second is also here", StringComparison.Ordinal));
        using var confined = await desk.NewStaffAsync("confined@example.com", Role.Agent, member => member.ConfinedToSites = true);
        (await confined.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await confined.GetAsync($"/agent/help/{story.SiteId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await holds())
            await Task.Delay(20, limit.Token);
    }

    private static Task<List<long>> OrderAsync(DeskServer desk, long section) => desk.InDatabaseAsync(database =>
        database.Set<Article>().Where(article => article.SectionId == section).OrderBy(article => article.Position).ThenBy(article => article.Id).Select(article => article.Id).ToListAsync());

    private static async Task RunAsync<TJob>(DeskServer desk) where TJob : IRecurringJob
    {
        await using var scope = desk.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IRecurringJob>().OfType<TJob>().Single().RunAsync(TestContext.Current.CancellationToken);
    }

    internal static async Task<HttpResponseMessage> SendFileAsync(AuthoringStory story, string path, string field, string name, byte[] content, params (string Name, string Value)[] more)
    {
        using var form = new MultipartFormDataContent { { new StringContent(await story.Owner.TokenAsync($"/agent/help/{story.SiteId}/transfer")), "__RequestVerificationToken" } };
        foreach (var (key, value) in more)
            form.Add(new StringContent(value), key);
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue(name.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "application/octet-stream");
        form.Add(file, field, name);
        return await story.Owner.Http.PostAsync(new Uri(path, UriKind.Relative), form);
    }
}

public sealed class AuthoringOnSqliteTests() : AuthoringTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class AuthoringOnPostgresTests(PostgresServer server)
    : AuthoringTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(AuthoringOnPostgresTests), TestContext.Current.CancellationToken), replace));
