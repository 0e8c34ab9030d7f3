using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>What everybody may see and change of themselves.</summary>
internal static class ProfileRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var profile = routes.MapGroup("/agent/profile").NeedsSignIn();
        profile.MapGet("", ShowAsync);
        profile.MapPost("", ChangeAsync);
        profile.MapPost("/password", ChangePasswordAsync);
        profile.MapPost("/sessions/{id:long}/end", EndSessionAsync);
        profile.MapPost("/sessions/end", EndOtherSessionsAsync);
        routes.MapGet("/agent/permissions", (HttpContext http) => Page.Show<PermissionsPage>(new { Own = http.Staff().Role })).NeedsSignIn();
    }

    private static Task<IResult> ShowAsync(HttpContext http, StaffReader reader, TimeProvider time, CancellationToken cancellation)
    {
        var staff = http.Staff();
        return ShowWithAsync(http, reader, time, new ChangeProfile.Request { Name = staff.Name, Language = staff.Language, TimeZone = staff.TimeZone, Theme = staff.Theme }, [], cancellation);
    }

    private static async Task<IResult> ShowWithAsync(
        HttpContext http, StaffReader reader, TimeProvider time, ChangeProfile.Request request, IReadOnlyList<Problem> problems, CancellationToken cancellation) =>
        Page.Show<ProfilePage>(new
        {
            Staff = http.Staff(),
            Request = request,
            Sessions = await reader.SessionsAsync(http.Staff().Id, cancellation),
            CurrentSession = StaffAuthenticationMiddleware.SessionOf(http),
            Problems = problems,
            Now = time.GetUtcNow().UtcDateTime,
        }, problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static async Task<IResult> ChangeAsync(
        HttpContext http, ChangeProfile change, StaffReader reader, TimeProvider time, [FromForm] ChangeProfile.Request request, CancellationToken cancellation)
    {
        request ??= new(); // an empty form binds to nothing
        var outcome = await change.RunAsync(request, http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return await ShowWithAsync(http, reader, time, request, outcome.Problems, cancellation);

        // The switch in the workspace's menu keeps its choice in this cookie; both say the same from now on.
        http.Response.Cookies.Append("theme", request.Theme, new CookieOptions { Path = "/", MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps });
        return Page.GoTo("/agent/profile?done=saved");
    }

    private static async Task<IResult> ChangePasswordAsync(
        HttpContext http, ChangeProfile change, StaffReader reader, TimeProvider time, [FromForm] string? current, [FromForm] string? password, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var outcome = await change.ChangePasswordAsync(current ?? "", password ?? "", staff, StaffAuthenticationMiddleware.SessionOf(http), cancellation);
        return outcome.Succeeded
            ? Page.GoTo("/agent/profile?done=password-changed")
            : await ShowWithAsync(http, reader, time, new ChangeProfile.Request { Name = staff.Name, Language = staff.Language, TimeZone = staff.TimeZone, Theme = staff.Theme }, outcome.Problems, cancellation);
    }

    private static async Task<IResult> EndSessionAsync(HttpContext http, Database database, StaffSessions sessions, AuditLog audit, long id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (!await database.Set<Session>().AnyAsync(session => session.Id == id && session.StaffId == staff.Id, cancellation))
            return TypedResults.NotFound();
        audit.Write(staff.AsActor(), "staff.session-ended", $"staff:{staff.Id}");
        await sessions.EndAsync(id, cancellation);
        return id == StaffAuthenticationMiddleware.SessionOf(http) ? Page.GoTo("/sign-in") : Page.GoTo("/agent/profile?done=signed-out");
    }

    private static async Task<IResult> EndOtherSessionsAsync(HttpContext http, Database database, StaffSessions sessions, AuditLog audit, CancellationToken cancellation)
    {
        var staff = http.Staff();
        audit.Write(staff.AsActor(), "staff.signed-out-everywhere", $"staff:{staff.Id}");
        await database.SaveChangesAsync(cancellation);
        await sessions.EndAllAsync(staff.Id, StaffAuthenticationMiddleware.SessionOf(http), cancellation);
        return Page.GoTo("/agent/profile?done=signed-out");
    }
}
