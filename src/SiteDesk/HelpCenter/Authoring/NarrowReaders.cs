using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Makes an article one for the signed-in customers of a segment; a condition that says nothing takes the segment away again.</summary>
public sealed class NarrowReaders(Database database, HelpStamp stamp, AuditLog audit)
{
    public async Task<Outcome<ArticleInWork>> RunAsync(ArticleInWork work, Condition condition, Staff by, CancellationToken cancellation)
    {
        if (CustomerConditions.Fields.Check(condition).Count > 0)
            return new Problem("condition", "help-readers.unfinished");
        if (condition.Root.Members.Count == 0)
            work.Article.SegmentCondition = null;
        else
            (work.Article.Audience, work.Article.SegmentCondition) = (Audience.SignedIn, condition.ToJson());
        await stamp.MoveAsync(work.Article.SiteId, cancellation);
        audit.Write(by.AsActor(), "article.readers-narrowed", work.Subject, ("title", work.Draft.Title), ("audience", work.Article.Audience.ToString()));
        await database.SaveChangesAsync(cancellation);
        return work;
    }
}
