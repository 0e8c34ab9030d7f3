using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>What is said about an article beside its text.</summary>
public sealed class ArticleDetailsForm
{
    public long? Section { get; set; }

    public string Audience { get; set => field = value ?? ""; } = "";

    public long? Owner { get; set; }

    public string ReviewBy { get; set => field = value ?? ""; } = "";

    public string Slug { get; set => field = value ?? ""; } = "";

    /// <summary>One on a line.</summary>
    public string Questions { get; set => field = value ?? ""; } = "";

    /// <summary>Addresses or numbers of articles, one on a line.</summary>
    public string Related { get; set => field = value ?? ""; } = "";

    /// <summary>A sign of what was stored when the form was shown: who sends another one would write over somebody else's change unseen. Empty asks nothing.</summary>
    public string Seen { get; set => field = value ?? ""; } = "";

    /// <summary>What is stored.</summary>
    internal static ArticleDetailsForm Of(ArticleInWork work, IEnumerable<string> related)
    {
        var form = Stored(work, related);
        form.Seen = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes((form, work.Article.SegmentCondition), WithFields)).AsSpan(0, 16));
        return form;
    }

    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    private static ArticleDetailsForm Stored(ArticleInWork work, IEnumerable<string> related) => new()
    {
        Section = work.Article.SectionId,
        Audience = work.Article.Audience.ToString(),
        Owner = work.Article.OwnerId,
        ReviewBy = work.Article.ReviewBy?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        Slug = work.Text.Slug,
        Questions = string.Join('\n', work.Text.Questions.OrderBy(question => question.Position).Select(question => question.Text)),
        Related = string.Join('\n', related),
    };
}

/// <summary>Changes where an article stands, who may read it, who answers for it, and how it is found.</summary>
public sealed class ChangeArticle(Database database, ArticleDesk desk, StartArticle start, HelpStamp stamp, AuditLog audit)
{
    public async Task<Outcome<ArticleInWork>> RunAsync(ArticleInWork work, ArticleDetailsForm form, Staff by, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var (article, text) = (work.Article, work.Text);
        if (form.Seen.Length > 0 && ArticleDetailsForm.Of(work, await desk.RelatedAddressesAsync(work, cancellation)).Seen is var now && form.Seen != now)
        {
            form.Seen = now; // told once: sent again, it is meant
            return new Problem("", "help-desk.details-changed");
        }

        var section = form.Section is { } id ? await database.Set<Section>().FirstOrDefaultAsync(row => row.Id == id && row.SiteId == article.SiteId, cancellation) : null;
        if (section is null)
            problems.Add(new Problem("Section", "help-desk.section-needed"));
        if (!Enum.TryParse<Audience>(form.Audience, out var audience) || !Enum.IsDefined(audience))
            problems.Add(new Problem("Audience", "help-desk.audience-needed"));
        else if (audience != article.Audience && !MayChangeReaders(article, by))
            problems.Add(new Problem("Audience", "help-desk.audience-publisher"));
        DateOnly day = default;
        if (form.ReviewBy.Length > 0 && !DateOnly.TryParseExact(form.ReviewBy, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
            problems.Add(new Problem("ReviewBy", "help-desk.day-needed"));
        if (form.Owner is { } owner && !await database.Set<SiteDesk.Accounts.StaffMember>().AnyAsync(member => member.Id == owner, cancellation))
            problems.Add(new Problem("Owner", "help-desk.owner-unknown"));
        var questions = Lines(form.Questions);
        var slug = form.Slug.Trim();
        problems.AddRange(StartArticle.Check(new StartArticle.Words(work.Draft.Title, "", "", questions, slug)));
        var related = await RelatedAsync(work, Lines(form.Related), problems, cancellation);
        if (problems.Count > 0)
            return problems;

        if (article.SectionId != section!.Id)
            article.Move(section.Id, ((await database.Set<Article>().Where(other => other.SectionId == section.Id).MaxAsync(other => (int?)other.Position, cancellation)) ?? -1) + 1);
        article.Audience = audience;
        if (audience != Audience.SignedIn)
            article.SegmentCondition = null;
        article.OwnerId = form.Owner;
        article.ReviewBy = form.ReviewBy.Length > 0 ? day : null;
        await MoveToAsync(article, text, slug, cancellation);
        Ask(text, questions);
        article.Related.Clear();
        article.Related.AddRange(related.Select((other, index) => new RelatedArticle { ArticleId = article.Id, RelatedId = other, Position = index }));
        await stamp.MoveAsync(article.SiteId, cancellation);
        audit.Write(by.AsActor(), "article.changed", work.Subject, ("title", work.Draft.Title), ("audience", audience.ToString()));
        await database.SaveChangesAsync(cancellation);
        return work;
    }

    /// <summary>To open what readers see to others is to publish it: before that, whoever writes may say for whom it shall be.</summary>
    internal static bool MayChangeReaders(Article article, Staff by) =>
        by.May(HelpCenterPermissions.Publish) || article.Texts.TrueForAll(text => !text.IsPublished && text.PublishAt is null);

    /// <summary>Gives a text another address; readers of the old one are led on.</summary>
    internal async Task MoveToAsync(Article article, ArticleText text, string slug, CancellationToken cancellation)
    {
        if (slug.Length == 0 || slug == text.Slug)
            return;
        slug = await start.FreeSlugAsync(article.SiteId, text.Language, slug, text.Id, cancellation);
        var former = await database.Set<ArticleAddress>().FirstOrDefaultAsync(row => row.SiteId == article.SiteId && row.Language == text.Language && row.Slug == text.Slug, cancellation);
        if (former is not null)
            former.ArticleId = article.Id;
        else if (text.FirstPublishedAt is not null)
            database.Add(new ArticleAddress { SiteId = article.SiteId, Language = text.Language, Slug = text.Slug, ArticleId = article.Id });
        // The new address leads here by itself: a redirect that bears it would lead in a circle.
        if (await database.Set<ArticleAddress>().FirstOrDefaultAsync(row => row.SiteId == article.SiteId && row.Language == text.Language && row.Slug == slug, cancellation) is { } taken)
            database.Remove(taken);
        text.Slug = slug;
    }

    /// <summary>
    /// A text that is shown for the first time with an address lent to it (its source's in another language, or none of its own)
    /// takes that of its title. Not sooner: until then the title is still being written.
    /// </summary>
    internal async Task TakeOwnAddressAsync(ArticleInWork work, CancellationToken cancellation)
    {
        var isLent = work.Text.Slug == work.Source?.Slug || Slugs.IsNameless(work.Text.Slug);
        if (work.Text.FirstPublishedAt is null && isLent)
            await MoveToAsync(work.Article, work.Text, Slugs.Of(work.Draft.Title), cancellation);
    }

    internal void Ask(ArticleText text, IReadOnlyList<string> questions)
    {
        if (text.Questions.OrderBy(question => question.Position).Select(question => question.Text).SequenceEqual(questions, StringComparer.Ordinal))
            return;
        database.RemoveRange(text.Questions);
        text.Questions.Clear();
        text.Questions.AddRange(questions.Select((question, index) => new ArticleQuestion { Text = question, Position = index }));
    }

    private async Task<List<long>> RelatedAsync(ArticleInWork work, List<string> lines, List<Problem> problems, CancellationToken cancellation)
    {
        var found = new List<long>();
        foreach (var line in lines)
        {
            // An address as it is copied from the browser, or the last part of it.
            var slug = Uri.UnescapeDataString(line.Split('?', '#')[0].TrimEnd('/').Split('/')[^1]);
            var text = await database.Set<ArticleText>().AsNoTracking().Where(row => row.SiteId == work.Site.Id && row.Slug == slug && row.ArticleId != work.Article.Id)
                .OrderBy(row => row.Language != work.Text.Language).FirstOrDefaultAsync(cancellation);
            if (text is null)
                problems.Add(new Problem("Related", "help-desk.related-unknown", ("address", line.UpTo(80))));
            else if (!found.Contains(text.ArticleId))
                found.Add(text.ArticleId);
        }

        if (found.Count > Article.MostRelated)
            problems.Add(new Problem("Related", "help-desk.related-too-many", ("count", Article.MostRelated)));
        return found;
    }

    internal static List<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).Take(ArticleText.MostQuestions + 1)];
}
