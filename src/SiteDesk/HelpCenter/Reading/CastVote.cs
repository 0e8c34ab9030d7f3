using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>A reader says whether an article helped, and if not, why.</summary>
internal sealed class CastVote(Database database, AddressWatch watch, TimeProvider time)
{
    /// <summary>Votes that one network may cast in five minutes.</summary>
    public const int MostVotes = 30;

    public async Task<Outcome<ArticleVote>> RunAsync(HttpContext http, ArticleHead article, string language, bool helped, string words, CancellationToken cancellation)
    {
        if (!watch.TryTake("help-vote", AddressWatch.Network(http.Connection.RemoteIpAddress), MostVotes, TimeSpan.FromMinutes(5)))
            return new Problem("", "help.too-many");
        var vote = new ArticleVote
        {
            ArticleId = article.Id, Language = language, VersionId = article.VersionId, Helped = helped, Words = SearchWords.Of(words), CreatedAt = time.Now(), Token = Tokens.New(),
        };
        database.Add(vote);
        await database.SaveChangesAsync(cancellation);
        return vote;
    }

    /// <returns>Null when there is no such vote on this article.</returns>
    public async Task<ArticleVote?> FindAsync(string token, long articleId, CancellationToken cancellation) =>
        token.Length > 40 ? null : await database.Set<ArticleVote>().FirstOrDefaultAsync(vote => vote.Token == token && vote.ArticleId == articleId, cancellation);

    /// <summary>Adds the reason. The last one counts.</summary>
    public async Task ExplainAsync(ArticleVote vote, VoteReason reason, string text, CancellationToken cancellation)
    {
        vote.Reason = reason;
        vote.Text = string.Concat(text.Where(unit => !char.IsControl(unit) || unit == '\n')).UpTo(ArticleVote.LongestText).Trim();
        await database.SaveChangesAsync(cancellation);
    }
}
