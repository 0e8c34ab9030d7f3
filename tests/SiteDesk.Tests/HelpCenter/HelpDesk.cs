using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>Short ways to a help centre with articles in it, through the use cases of its authors.</summary>
internal static class HelpDesk
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<Site> SiteAsync(this DeskServer desk) => desk.InDatabaseAsync(database => database.Set<Site>().AsNoTracking().FirstAsync(Cancellation));

    public static async Task<Section> AddSectionAsync(this DeskServer desk, string english, string? russian = null, string? chinese = null, long? parentId = null)
    {
        var site = await desk.SiteAsync();
        var names = new Dictionary<string, KeepSection.Words>(StringComparer.Ordinal) { ["en"] = new(english) };
        if (russian is not null)
            names["ru"] = new(russian);
        if (chinese is not null)
            names["zh-Hans"] = new(chinese);
        return (await desk.UseAsync<KeepSection, SiteDesk.Platform.Outcome<Section>>(keep => keep.RunAsync(site, section: null, new KeepSection.Request(parentId, names), Cancellation))).Value;
    }

    /// <summary>Writes and publishes an article; further languages are added with <see cref="TranslateAsync"/>.</summary>
    public static async Task<Article> PublishAsync(
        this DeskServer desk, Section section, string language, string title, string body, string[]? questions = null, Action<Article>? change = null, string summary = "")
    {
        var site = await desk.SiteAsync();
        await using var scope = desk.Services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<StartArticle>().RunAsync(site, section, language, new StartArticle.Words(title, summary, body, questions ?? []), 1, Cancellation);
        outcome.Succeeded.ShouldBeTrue();
        change?.Invoke(outcome.Value);
        await scope.ServiceProvider.GetRequiredService<PublishArticle>().RunAsync(outcome.Value, outcome.Value.Source!, Author, at: null, remark: "", Cancellation);
        return outcome.Value;
    }

    public static async Task<ArticleText> TranslateAsync(this DeskServer desk, long articleId, string language, string title, string body) => await ChangeAsync(desk, articleId, async (services, article) =>
    {
        var outcome = await services.GetRequiredService<StartArticle>().TranslateAsync(article, language, new StartArticle.Words(title, "", body, []), 1, Cancellation);
        outcome.Succeeded.ShouldBeTrue();
        await services.GetRequiredService<PublishArticle>().RunAsync(article, outcome.Value, Author, at: null, remark: "", Cancellation);
        return outcome.Value;
    });

    /// <summary>Does something to an article with its texts and drafts, and saves it.</summary>
    public static async Task<TResult> ChangeAsync<TResult>(this DeskServer desk, long articleId, Func<IServiceProvider, Article, Task<TResult>> change)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var article = await database.Set<Article>().Include(row => row.Texts).ThenInclude(text => text.Draft).FirstAsync(row => row.Id == articleId, Cancellation);
        var result = await change(scope.ServiceProvider, article);
        await database.SaveChangesAsync(Cancellation);
        return result;
    }

    /// <summary>Waits until the readers of this node see everything that is committed.</summary>
    public static async Task SettleAsync(this DeskServer desk)
    {
        var site = await desk.SiteAsync();
        await desk.Services.GetRequiredService<HelpSnapshots>().FreshAsync(site.Id, Cancellation);
    }

    /// <summary>Writes down what was counted of the readers.</summary>
    public static Task CountAsync(this DeskServer desk) => desk.Services.GetRequiredService<ReaderCounts>().WriteAsync(Cancellation);

    public static Actor Author { get; } = new(ActorKind.Staff, 1, "Olga Owner");
}
