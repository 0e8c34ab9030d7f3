using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>An author at work through the front door.</summary>
internal sealed partial class AuthoringStory(DeskServer desk, DeskClient owner)
{
    public DeskServer Desk => desk;

    public DeskClient Owner => owner;

    public long SiteId { get; private init; }

    public static async Task<AuthoringStory> BeginAsync(DeskServer desk)
    {
        var owner = await desk.SetUpAsync();
        var siteId = await desk.InDatabaseAsync(database => database.Set<SiteDesk.Sites.Site>().Select(site => site.Id).FirstAsync());
        return new AuthoringStory(desk, owner) { SiteId = siteId };
    }

    public async Task<long> AddSectionAsync(string name)
    {
        var answer = await owner.PostFormAsync($"/agent/help/{SiteId}/sections", [new("Name-en", name), new("Name-ru", "Раздел " + name)], $"/agent/help/{SiteId}/sections/new");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return long.Parse(SectionPattern().Match(answer.Headers.Location!.ToString()).Groups["id"].ValueSpan, CultureInfo.InvariantCulture);
    }

    public async Task<long> AddArticleAsync(long sectionId, string title)
    {
        var answer = await owner.PostFormAsync($"/agent/help/{SiteId}/articles", [new("Title", title), new("Section", $"{sectionId}"), new("Language", "en")], $"/agent/help/{SiteId}/articles/new");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return long.Parse(ArticlePattern().Match(answer.Headers.Location!.ToString()).Groups["id"].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>Sends the article's form as the browser would.</summary>
    public async Task<HttpResponseMessage> SendAsync(DeskClient client, long articleId, string room, string title, string body, int? version = null, string language = "en", params (string, string)[] more)
    {
        var page = $"/agent/help/articles/{articleId}?language={language}";
        version ??= await VersionAsync(client, articleId, language);
        return await client.PostFormAsync(
            $"/agent/help/articles/{articleId}/{language}/{room}",
            [new("Title", title), new("Summary", ""), new("Body", body), new("Version", $"{version}"), .. more.Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2))], page);
    }

    public async Task<int> VersionAsync(DeskClient client, long articleId, string language = "en") =>
        int.Parse(VersionPattern().Match(await client.GetTextAsync($"/agent/help/articles/{articleId}?language={language}")).Groups["version"].ValueSpan, CultureInfo.InvariantCulture);

    public Task<ArticleText> TextAsync(long articleId, string language = "en") => desk.InDatabaseAsync(database =>
        database.Set<ArticleText>().AsNoTracking().Include(text => text.Draft).Include(text => text.Questions).FirstAsync(text => text.ArticleId == articleId && text.Language == language));

    public Task<List<ArticleVersion>> VersionsAsync(long textId) => desk.InDatabaseAsync(database =>
        database.Set<ArticleVersion>().AsNoTracking().Where(version => version.ArticleTextId == textId).OrderBy(version => version.Number).ToListAsync());

    [GeneratedRegex("section=(?<id>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SectionPattern();

    [GeneratedRegex("articles/(?<id>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ArticlePattern();

    [GeneratedRegex("name=\"Version\" value=\"(?<version>[0-9]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionPattern();
}
