using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Authoring.Transfer;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>A help centre that is carried to another installation is the same there.</summary>
public abstract class RoundTripTests(Func<Task<DeskServer>> start)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private const string Rich = """
        <p>See <a href="/help/KEY/en/articles/delivery#times">delivery</a>, <strong>bold</strong>, <em>slanted</em>, <a href="https://example.org/?a=1&amp;b=2">far</a> and <code>a*b_c</code>.</p><h2>Steps</h2><ol><li><p>One</p><ul><li><p>Inner</p></li></ul></li><li><p>Two | three</p></li></ol><aside class="callout" data-kind="warning"><p>Keep the <strong>receipt</strong>.</p></aside><blockquote><p>They said</p></blockquote><pre><code class="language-sh">echo "&lt;b&gt;" | tee `x`
        # no heading
        </code></pre><table><tbody><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><code>x|y</code></td></tr></tbody></table><figure data-video="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></figure><hr><p>Поиск <em>и</em> 退款 😀</p>
        """;

    [Fact]
    public async Task A_help_centre_that_is_exported_and_imported_elsewhere_is_the_same()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        await desk.AddStaffAsync("vera@example.com", Role.Lead);
        await WriteAsync(story);
        var archive = await ExportAsync(story);

        await using var other = await start();
        var there = await AuthoringStory.BeginAsync(other);
        await other.AddStaffAsync("someone-else@example.com", Role.Agent); // keys differ here
        await other.AddStaffAsync("vera@example.com", Role.Lead);
        using (var preview = await AuthoringTests.SendFileAsync(there, $"/agent/help/{there.SiteId}/import", "file", "help.zip", archive, ("Step", "preview")))
            (await preview.Content.ReadAsStringAsync(Cancellation)).ShouldContain("New: 8, changed: 1, the same: 0, refused: 0");
        using (var done = await AuthoringTests.SendFileAsync(there, $"/agent/help/{there.SiteId}/import", "file", "help.zip", archive, ("Step", "import")))
            (await done.Content.ReadAsStringAsync(Cancellation)).ShouldContain("New: 8, changed: 1, the same: 0, refused: 0");

        (await TellAsync(other)).ShouldBe(await TellAsync(desk));
        foreach (var again in new[] { story, there })
        {
            using var same = await AuthoringTests.SendFileAsync(again, $"/agent/help/{again.SiteId}/import", "file", "help.zip", archive, ("Step", "import"));
            (await same.Content.ReadAsStringAsync(Cancellation)).ShouldContain("New: 0, changed: 0, the same: 9, refused: 0");
        }

        // Readers of a former address are led on, and search knows the synonyms.
        await other.SettleAsync();
        using var visitor = other.NewClient();
        var key = (await other.SiteAsync()).Key;
        (await visitor.GetAsync($"/help/{key}/en/articles/getting-a-refund")).Headers.Location!.ToString().ShouldEndWith("/en/articles/money-back");
        (await visitor.GetTextAsync($"/help/{key}/ru/search?q=курьер")).ShouldContain("Доставка");
        (await visitor.GetTextAsync($"/help/{key}/en/articles/money-back")).ShouldContain("<img");
    }

    private static async Task WriteAsync(AuthoringStory story)
    {
        var (desk, owner) = (story.Desk, story.Owner);
        var key = (await desk.SiteAsync()).Key;
        var later = await desk.AddSectionAsync("Delivery", "Доставка");
        var money = await desk.AddSectionAsync("Money / cards", "Деньги", "付款");
        var deep = await desk.AddSectionAsync("Refunds", parentId: money.Id);
        await desk.AddSectionAsync("Nothing yet", "Пока пусто");
        await owner.SubmitAsync($"/agent/help/sections/{money.Id}", $"/agent/help/sections/{money.Id}", ("Name-en", "Money / cards"), ("Description-en", "How to pay.\nAnd back."), ("Name-ru", "Деньги"), ("Name-zh-Hans", "付款"));

        var delivery = await story.AddArticleAsync(later.Id, "Delivery");
        await story.SendAsync(owner, delivery, "publication", "Delivery", "<h2 id=\"times\">Times</h2><p>Two days.</p>");
        await owner.SubmitAsync($"/agent/help/articles/{delivery}/languages", $"/agent/help/articles/{delivery}", ("Language", "ru"));
        await story.SendAsync(owner, delivery, "publication", "Доставка", "<p>Два дня.</p>", language: "ru");
        await owner.SubmitAsync($"/agent/help/{story.SiteId}/synonyms", $"/agent/help/{story.SiteId}/synonyms?language=ru", ("Language", "ru"), ("Words", "доставка, курьер\nвозврат, вернуть деньги"));

        var refund = await story.AddArticleAsync(deep.Id, "Getting a refund");
        using var picture = await AuthoringTests.SendFileAsync(story, $"/agent/help/articles/{refund}/files", "file", "shot.png", TransferTests.Png);
        var source = System.Text.Json.JsonDocument.Parse(await picture.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("src").GetString();
        var body = Rich.Replace("KEY", key, StringComparison.Ordinal) + $"<p><img src=\"{source}\" alt=\"A &quot;button&quot; [x]\" width=\"1\" height=\"1\"></p>";
        await story.SendAsync(owner, refund, "publication", "Getting a \"refund\": how?", body);
        await owner.SubmitAsync(
            $"/agent/help/articles/{refund}/en/details", $"/agent/help/articles/{refund}", ("Section", $"{deep.Id}"), ("Audience", "Everybody"), ("Slug", "money-back"), ("Questions", "where is my money?\n# refund: \"now\""),
            ("ReviewBy", "2030-01-31"), ("Related", "delivery"), ("Owner", $"{await desk.InDatabaseAsync(database => database.Set<SiteDesk.Accounts.StaffMember>().Where(member => member.Email == "vera@example.com").Select(member => member.Id).SingleAsync(Cancellation))}"));
        // Begun since it was published, and not shown yet.
        await story.SendAsync(owner, refund, "draft", "Getting a refund, faster", "<p>Three days only.</p>");

        foreach (var (title, audience) in new[] { ("For customers", "SignedIn"), ("For us", "Staff"), ("For dealers", "SignedIn") })
        {
            var id = await story.AddArticleAsync(money.Id, title);
            await story.SendAsync(owner, id, "publication", title, $"<p>{title} alone.</p>");
            await owner.SubmitAsync($"/agent/help/articles/{id}/en/details", $"/agent/help/articles/{id}", ("Section", $"{money.Id}"), ("Audience", audience), ("Slug", ""), ("Owner", "1"));
            var readers = $"/agent/help/articles/{id}/en/readers";
            if (title == "For dealers")
                await owner.SubmitAsync(readers, readers, ("condition.join", "all"), ("condition.0.field", "email-domain"), ("condition.0.was", "email-domain"), ("condition.0.operator", "includes-any"), ("condition.0.lines", "dealers.example"));
        }

        var sale = await story.AddArticleAsync(later.Id, "Sale");
        await story.SendAsync(owner, sale, "publication", "Sale", "<p>From spring on.</p>", more: ("PublishAt", "2090-03-01T09:30"));
        // Published long ago: its readers keep the date.
        await desk.ChangeAsync(delivery, (_, article) => { article.Source!.KeepDates(new DateTime(2019, 5, 1, 10, 20, 30, DateTimeKind.Utc), new DateTime(2021, 6, 2, 0, 0, 0, DateTimeKind.Utc)); return Task.FromResult(0); });
    }

    private static async Task<byte[]> ExportAsync(AuthoringStory story)
    {
        using var answer = await story.Owner.GetAsync($"/agent/help/{story.SiteId}/export");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync(Cancellation);
    }

    /// <summary>All that is stored of a help centre, without keys and what only this installation has.</summary>
    private static Task<string> TellAsync(DeskServer desk) => desk.InDatabaseAsync(async database =>
    {
        var key = (await database.Set<Site>().AsNoTracking().FirstAsync(Cancellation)).Key;
        var sections = await database.Set<Section>().AsNoTracking().Include(section => section.Names).ToListAsync(Cancellation);
        var articles = await database.Set<Article>().AsNoTracking().AsSplitQuery().Include(article => article.Related).Include(article => article.Texts).ThenInclude(text => text.Draft).Include(article => article.Texts).ThenInclude(text => text.Questions).ToListAsync(Cancellation);
        var versions = await database.Set<ArticleVersion>().AsNoTracking().ToDictionaryAsync(version => version.Id, Cancellation);
        var former = await database.Set<ArticleAddress>().AsNoTracking().ToListAsync(Cancellation);
        var emails = await database.Set<SiteDesk.Accounts.StaffMember>().AsNoTracking().ToDictionaryAsync(member => member.Id, member => member.Email, Cancellation);
        var lines = sections.Select(section => $"section {PathOf(section.Id)} {section.Position}: {string.Join("; ", section.Names.OrderBy(name => name.Language, StringComparer.Ordinal).Select(name => $"{name.Language} {name.Name} /{name.Slug} {name.Description}"))}").ToList();
        lines.AddRange((await database.Set<Synonyms>().AsNoTracking().ToListAsync(Cancellation)).Select(group => $"synonyms {group.Language}: {string.Join(", ", group.Words)}"));
        foreach (var article in articles)
        {
            lines.Add($"article {article.Source!.Slug} {article.SourceLanguage} in {PathOf(article.SectionId)} {article.Position}, {article.Audience} {article.SegmentCondition}, {emails[article.OwnerId!.Value]}, {article.ReviewBy:O}, related {string.Join(' ', article.Related.OrderBy(related => related.Position).Select(related => articles.Single(row => row.Id == related.RelatedId).Source!.Slug))}");
            foreach (var text in article.Texts)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"text {text.Language} {text.Slug} was {string.Join(' ', former.Where(row => row.ArticleId == article.Id && row.Language == text.Language).Select(row => row.Slug))}, published {text.FirstPublishedAt:O} {text.PublishedAt:O}, at {text.PublishAt:O}, {text.StateBeside(article.Source)}, asked {string.Join(" | ", text.Questions.OrderBy(question => question.Position).Select(question => question.Text))}"));
                lines.Add($"draft {text.Language} {text.Slug}: {text.Draft!.Title} – {text.Draft.Summary} – {text.Draft.Body.Replace(key, "KEY", StringComparison.Ordinal)}");
                foreach (var version in new[] { text.PublishedVersionId, text.ScheduledVersionId }.OfType<long>().Select(id => versions[id]))
                    lines.Add($"shown {text.Language} {text.Slug}: {version.Title} – {version.Summary} – {version.Body.Replace(key, "KEY", StringComparison.Ordinal)}");
            }
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));

        string PathOf(long? id) => id is null ? "" : sections.Single(section => section.Id == id) is var section ? PathOf(section.ParentId) + "/" + section.Names.Single(name => name.Language == "en").Slug : "";
    });
}

public sealed class RoundTripOnSqliteTests() : RoundTripTests(() => DeskServer.StartAsync());

public sealed class RoundTripOnPostgresTests(PostgresServer server)
    : RoundTripTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(RoundTripOnPostgresTests), TestContext.Current.CancellationToken)));
