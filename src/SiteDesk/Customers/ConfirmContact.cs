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
    }

    private static IResult Show(ContactProofLinks links, string token) => links.Read(token) is var (_, address)
        ? Page.Show<ConfirmContactPage>(new { Address = address.Shown, Path = "/confirm/" + token })
        : Gone();

    private static async Task<IResult> ConfirmAsync(ContactProofLinks links, ProveContact prove, string token, CancellationToken cancellation)
    {
        if (links.Read(token) is not var (customerId, address))
            return Gone();
        var outcome = await prove.RunAsync(new ProveContact.Request(customerId, address, ContactProof.Link, Actor.Customer(customerId, "")), cancellation);
        return outcome.Succeeded ? Page.Show<ConfirmContactPage>(new { Address = address.Shown, IsDone = true }) : Gone();
    }

    private static IResult Gone() => Page.Show<ConfirmContactPage>(status: StatusCodes.Status404NotFound);
}
