using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>"Forgotten your password?": asks for the address, or says what else helps where no mail can be sent.</summary>
internal static class ForgottenPasswordRoutes
{
    private const string Path = "/forgotten-password";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var forgotten = routes.MapGroup(Path).IsPublic("Who forgot the password cannot sign in; it does the same for every address.");
        forgotten.MapGet("", ShowAsync);
        forgotten.MapPost("", AskAsync);
    }

    private static async Task<IResult> ShowAsync(ICarryStaffLetters letters, CancellationToken cancellation) =>
        Page.Show<ForgottenPasswordPage>(new { IsPossible = await letters.IsPossibleAsync(cancellation) });

    private static async Task<IResult> AskAsync(
        HttpContext http, ForgottenPassword forgotten, ICarryStaffLetters letters, [FromForm] string? email, CancellationToken cancellation)
    {
        if (!await letters.IsPossibleAsync(cancellation))
            return Page.GoTo(Path);
        var outcome = await forgotten.RunAsync(email ?? "", http.Connection.RemoteIpAddress, cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"{Path}?done=asked");
        var mustWait = outcome.Problems.Any(problem => problem.Text == ForgottenPassword.TooMany);
        return Page.Show<ForgottenPasswordPage>(
            new { IsPossible = true, Email = email, outcome.Problems },
            mustWait ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity);
    }
}
