using SiteDesk.Platform;
using SiteDesk.Platform.Html;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>"Was this helpful?" and the question that follows a no.</summary>
internal static class VotePages
{
    public static async Task<IResult> CastAsync(HttpContext http, HelpVisits visits, CastVote cast, string siteKey, string language, string slug, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit || HelpPages.Find(visit, slug) is not { } found)
            return TypedResults.NotFound();
        var form = await http.Request.ReadFormAsync(cancellation);
        var words = form["words"].ToString();
        var vote = await cast.RunAsync(http, found.Article, found.Language, form["helped"] == "true", words, cancellation);
        return vote.Succeeded
            ? Page.GoTo(AddressOf(visit, slug, vote.Value.Token, words))
            : TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
    }

    public static async Task<IResult> ShowAsync(HttpContext http, HelpVisits visits, CastVote cast, string siteKey, string language, string slug, string token, string? q, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit || HelpPages.Find(visit, slug) is not { } found
            || await cast.FindAsync(token, found.Article.Id, cancellation) is not { } vote)
        {
            return TypedResults.NotFound();
        }

        return HelpPages.Show<VotePage>(http, visit, new { Visit = visit, found.Article, Vote = vote, Words = (q ?? "").UpTo(HelpSearch.LongestWords) });
    }

    public static async Task<IResult> ExplainAsync(HttpContext http, HelpVisits visits, CastVote cast, string siteKey, string language, string slug, string token, string? q, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit || HelpPages.Find(visit, slug) is not { } found
            || await cast.FindAsync(token, found.Article.Id, cancellation) is not { } vote)
        {
            return TypedResults.NotFound();
        }

        var form = await http.Request.ReadFormAsync(cancellation);
        var reason = Enum.TryParse<VoteReason>(form["reason"], ignoreCase: true, out var given) && Enum.IsDefined(given) ? given : VoteReason.Other;
        await cast.ExplainAsync(vote, reason, form["text"].ToString(), cancellation);
        return Page.GoTo(AddressOf(visit, slug, token, q ?? ""));
    }

    // What was searched goes along as it was typed: it is the question that the contact form begins with. What is kept of it is less.
    private static string AddressOf(HelpVisit visit, string slug, string token, string words) =>
        HelpAddress.Encoded($"{visit.Address.Article(visit.Language, slug)}/votes/{token}") + VoteForm.Asked(words);
}
