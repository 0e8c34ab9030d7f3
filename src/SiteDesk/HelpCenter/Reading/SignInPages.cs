using SiteDesk.Customers;
using SiteDesk.Customers.SignIn;
using SiteDesk.Platform;
using SiteDesk.Platform.Html;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Where customers ask for a link by mail, and where it leads.</summary>
internal static class SignInPages
{
    /// <param name="article">The article they wanted to read.</param>
    /// <param name="asked">Whether they have just asked.</param>
    public static async Task<IResult> ShowAsync(HttpContext http, HelpVisits visits, string siteKey, string language, string? article, bool? asked)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        var stage = asked == true ? SignInStage.Asked : await StageAsync(http, visit, SignInStage.Ask);
        return Show(http, visit, stage, article ?? "");
    }

    /// <summary>In the place of an article that only customers read.</summary>
    public static async Task<PageResult> ShowClosedAsync(HttpContext http, HelpVisit visit, string slug) =>
        Show(http, visit, await StageAsync(http, visit, SignInStage.Closed), slug, StatusCodes.Status403Forbidden);

    public static async Task<IResult> AskAsync(HttpContext http, HelpVisits visits, AskForSignIn ask, string siteKey, string language, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        var form = await http.Request.ReadFormAsync(cancellation);
        var (email, article) = (form["email"].ToString(), form["article"].ToString());
        if (await StageAsync(http, visit, SignInStage.Ask) is SignInStage.NoMail)
            return Show(http, visit, SignInStage.NoMail, article);
        var outcome = await ask.RunAsync(http, visit, email, article, cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"{HelpAddress.Encoded(visit.Address.SignIn(visit.Language))}?asked=true");
        var status = outcome.Problems[0].Field.Length > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status429TooManyRequests;
        return Show(http, visit, SignInStage.Ask, article, status, outcome.Problems, email);
    }

    public static async Task<IResult> OpenAsync(HttpContext http, HelpVisits visits, SignInLinks links, string siteKey, string language, string token, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return await links.IsGoodAsync(token, cancellation) ? Show(http, visit, SignInStage.Open, token: token) : Show(http, visit, SignInStage.Gone, status: StatusCodes.Status404NotFound);
    }

    public static async Task<IResult> UseAsync(
        HttpContext http, HelpVisits visits, SignInLinks links, CustomerSessions sessions, string siteKey, string language, string token, CancellationToken cancellation)
    {
        if (await visits.FindAsync(http, siteKey, language) is not { } visit)
            return TypedResults.NotFound();
        if (await links.UseAsync(token, cancellation) is not var (address, slug))
            return Show(http, visit, SignInStage.Gone, status: StatusCodes.Status404NotFound);
        sessions.Begin(http, address);
        return Page.GoTo(HelpAddress.Encoded(slug.Length > 0 ? visit.Address.Article(visit.Language, slug) : visit.Address.Home(visit.Language)));
    }

    private static async Task<SignInStage> StageAsync(HttpContext http, HelpVisit visit, SignInStage stage) =>
        await http.RequestServices.GetRequiredService<ISendSignInLinks>().CanSendAsync(visit.Site.Id, http.RequestAborted) ? stage : SignInStage.NoMail;

    private static PageResult Show(
        HttpContext http, HelpVisit visit, SignInStage stage, string article = "", int status = StatusCodes.Status200OK, IReadOnlyList<Problem>? problems = null, string email = "", string token = "") =>
        HelpPages.Show<HelpSignInPage>(http, visit, new { Visit = visit, Stage = stage, Article = article, Problems = problems ?? [], Email = email, Token = token }, status: status);
}

/// <summary>How far signing in has come.</summary>
public enum SignInStage
{
    /// <summary>They ask for a link.</summary>
    Ask,

    /// <summary>They met an article that is for customers.</summary>
    Closed,

    /// <summary>No mail can be sent from here.</summary>
    NoMail,

    /// <summary>They have asked.</summary>
    Asked,

    /// <summary>They have opened the link.</summary>
    Open,

    /// <summary>The link is no good any more.</summary>
    Gone,
}
