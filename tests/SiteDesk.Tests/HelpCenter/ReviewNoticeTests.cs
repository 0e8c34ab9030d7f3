using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Authoring;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>Author, reviewer and owner learn what is theirs without asking.</summary>
public abstract class ReviewNoticeTests(Func<Task<DeskServer>> start)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_review_is_told_to_whoever_may_give_it_and_its_outcome_to_whoever_asked()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var id = await story.AddArticleAsync(await story.AddSectionAsync("Payment"), "Refund");
        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent, member => member.Language = "ru");
        using var lead = await desk.NewStaffAsync("lead@example.com", Role.Lead);
        using var other = await desk.NewStaffAsync("other@example.com", Role.Agent);
        var page = $"/agent/help/articles/{id}?language=en";

        await story.SendAsync(agent, id, "review", "Refund", "<p>Ready</p>");
        foreach (var reviewer in new[] { story.Owner, lead })
        {
            await ReadingTests.UntilAsync(async () => (await NoticesAsync(reviewer)).Contains("asks you to review an article", StringComparison.Ordinal));
            var notices = await NoticesAsync(reviewer);
            notices.ShouldContain($"href=\"{page}\"");
            notices.ShouldContain("notice-unread");
            notices.ShouldMatch("id=\"unread-notifications\">[^1]*1\\b");
        }

        foreach (var nobody in new[] { agent, other })
            (await NoticesAsync(nobody)).ShouldNotContain(page);

        // Who opens the article has read it; who reviews it leaves nothing to do for the others.
        (await lead.PostFormAsync($"/agent/help/articles/{id}/en/presence", [new("State", "here")], page)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await NoticesAsync(lead)).ShouldNotContain("notice-unread");
        (await NoticesAsync(story.Owner)).ShouldContain("notice-unread");
        await lead.SubmitAsync($"/agent/help/articles/{id}/en/review/withdrawal", page);
        await ReadingTests.UntilAsync(async () => (await NoticesAsync(agent)).Contains("ваша статья возвращена без публикации", StringComparison.Ordinal));
        (await NoticesAsync(story.Owner)).ShouldNotContain("notice-unread");

        await story.SendAsync(agent, id, "review", "Refund", "<p>Ready now</p>");
        await ReadingTests.UntilAsync(async () => (await NoticesAsync(story.Owner)).Contains("notice-unread", StringComparison.Ordinal));
        await story.SendAsync(story.Owner, id, "publication", "Refund", "<p>Ready now</p>");
        await ReadingTests.UntilAsync(async () => (await NoticesAsync(agent)).Contains("ваша статья проверена и опубликована", StringComparison.Ordinal));
        (await desk.InDatabaseAsync(database => database.Set<StaffNotice>().CountAsync(notice => notice.ReadAt == null && notice.Kind == NotifyAuthors.Asked, Cancellation))).ShouldBe(0);
        await agent.SubmitAsync("/agent/notifications/reading", "/agent/notifications");
        (await NoticesAsync(agent)).ShouldNotContain("notice-unread");
        (await NoticesAsync(other)).ShouldNotContain(page);

        // Who takes their own request back needs no telling.
        await story.SendAsync(agent, id, "review", "Refund", "<p>Once more</p>");
        await ReadingTests.UntilAsync(async () => (await NoticesAsync(lead)).Contains("notice-unread", StringComparison.Ordinal));
        await agent.SubmitAsync($"/agent/help/articles/{id}/en/review/withdrawal", page);
        await ReadingTests.UntilAsync(async () => !(await NoticesAsync(lead)).Contains("notice-unread", StringComparison.Ordinal));
        (await NoticesAsync(agent)).ShouldNotContain("notice-unread");
    }

    [Fact]
    public async Task The_owner_is_told_once_when_an_article_is_due()
    {
        await using var desk = await start();
        var story = await AuthoringStory.BeginAsync(desk);
        var section = await story.AddSectionAsync("Payment");
        var agent = await desk.AddStaffAsync("agent@example.com", Role.Agent);
        using var owner = desk.NewClient();
        await owner.SignInAsync("agent@example.com", DeskServer.Password);
        foreach (var (title, day, person) in new[] { ("Due", "2020-01-31", agent), ("Later", "2090-01-31", agent), ("Of somebody else", "2020-01-31", 1L), ("Removed", "2020-01-31", agent) })
        {
            var id = await story.AddArticleAsync(section, title);
            await story.Owner.SubmitAsync($"/agent/help/articles/{id}/en/details", $"/agent/help/articles/{id}", ("Section", $"{section}"), ("Audience", "Everybody"), ("Slug", ""), ("Owner", $"{person}"), ("ReviewBy", day));
            if (title == "Removed")
                await story.Owner.SubmitAsync($"/agent/help/articles/{id}/removal", $"/agent/help/articles/{id}");
        }

        for (var hour = 0; hour < 2; hour++)
            await RunAsync(desk);
        var notices = await NoticesAsync(owner);
        notices.Split("An article of yours is due").Length.ShouldBe(2, "once, however often it is looked for");
        notices.ShouldContain("<span lang=\"en\">Due</span>");
        notices.ShouldNotContain("Removed");
        (await NoticesAsync(story.Owner)).ShouldContain("Of somebody else");

        // Another day is another matter.
        var due = await desk.InDatabaseAsync(database => database.Set<ArticleDraft>().Where(draft => draft.Title == "Due").Join(database.Set<ArticleText>(), draft => draft.ArticleTextId, text => text.Id, (_, text) => text.ArticleId).SingleAsync(Cancellation));
        await story.Owner.SubmitAsync($"/agent/help/articles/{due}/en/details", $"/agent/help/articles/{due}", ("Section", $"{section}"), ("Audience", "Everybody"), ("Slug", ""), ("Owner", $"{agent}"), ("ReviewBy", "2021-01-31"));
        await RunAsync(desk);
        (await NoticesAsync(owner)).Split("An article of yours is due").Length.ShouldBe(3);
    }

    private static async Task RunAsync(DeskServer desk)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IRecurringJob>().OfType<NotifyAuthors>().Single().RunAsync(Cancellation);
    }

    private static Task<string> NoticesAsync(DeskClient client) => client.GetTextAsync("/agent/notifications");
}

public sealed class ReviewNoticeOnSqliteTests() : ReviewNoticeTests(() => DeskServer.StartAsync());

public sealed class ReviewNoticeOnPostgresTests(PostgresServer server)
    : ReviewNoticeTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ReviewNoticeOnPostgresTests), TestContext.Current.CancellationToken)));
