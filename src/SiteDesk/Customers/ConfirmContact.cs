using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Customers;

/// <summary>The page behind a link that was sent to an address (<see cref="ContactProofLinks"/>): who confirms has proven it.</summary>
public static class ConfirmContact
{
    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        const string because = "Who holds the sealed link has received what was sent to the address.";
        routes.MapGet("/confirm/{token}", Show).IsPublic(because);
        routes.MapPost("/confirm/{token}", ConfirmAsync).IsPublic(because);
        routes.MapPost("/customer/sign-out", SignOut).IsPublic("Whoever is signed in may stop being it.")
            .WithoutAntiforgery("It only takes a right away; its button stands on pages that are kept for many readers.");
    }

    private static IResult Show(ContactProofLinks links, string token) => links.Read(token) is var (_, address)
        ? Page.Show<ConfirmContactPage>(new { Address = address.Shown, Path = "/confirm/" + token })
        : Gone();

    private static async Task<IResult> ConfirmAsync(HttpContext http, ContactProofLinks links, ProveContact prove, CustomerSessions sessions, string token, CancellationToken cancellation)
    {
        if (links.Read(token) is not var (customerId, address))
            return Gone();
        var outcome = await prove.RunAsync(new ProveContact.Request(customerId, address, ContactProof.Link, Actor.Customer(customerId, "")), cancellation);
        if (!outcome.Succeeded)
            return Gone();
        sessions.Begin(http, address);
        return Page.Show<ConfirmContactPage>(new { Address = address.Shown, IsDone = true });
    }

    /// <summary>Back to where they read; a page of this server, or the start.</summary>
    private static IResult SignOut(HttpContext http, CustomerSessions sessions)
    {
        sessions.End(http);
        return Uri.TryCreate(http.Request.Headers.Referer, UriKind.Absolute, out var page) && page.Authority == http.Request.Host.Value ? Page.GoTo("/" + page.PathAndQuery.TrimStart('/')) : Page.GoTo("/");
    }

    private static IResult Gone() => Page.Show<ConfirmContactPage>(status: StatusCodes.Status404NotFound);
}
