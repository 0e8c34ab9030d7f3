using Microsoft.AspNetCore.Mvc;
using SiteDesk.Platform;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;

namespace SiteDesk.Accounts;

/// <summary>Colleagues, invitations and their links.</summary>
internal static class StaffRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/agent/staff", ShowListAsync).Needs(AccountPermissions.ReadStaff);
        routes.MapGet("/agent/staff/{id:long}", ShowMemberAsync).Needs(AccountPermissions.ReadStaff);
        var manage = routes.MapGroup("/agent").Needs(AccountPermissions.ManageStaff);
        manage.MapPost("/staff/{id:long}", ChangeAsync);
        manage.MapPost("/staff/{id:long}/deactivation", DeactivateAsync);
        manage.MapPost("/staff/{id:long}/reactivation", ReactivateAsync);
        manage.MapPost("/staff/{id:long}/sign-out", SignOutAsync);
        manage.MapPost("/staff/{id:long}/password-link", MakePasswordLinkAsync);
        manage.MapGet("/invitations/new", ShowInviteAsync);
        manage.MapPost("/invitations", InviteAsync);
        manage.MapPost("/invitations/{id:long}/renewal", RenewAsync);
        manage.MapPost("/invitations/{id:long}/withdrawal", WithdrawAsync);

        var invitation = routes.MapGroup("/invitation/{secret}").IsPublic("The link's secret is the right to join.");
        invitation.MapGet("", ShowInvitationAsync);
        invitation.MapPost("", AcceptAsync);
        var password = routes.MapGroup("/new-password/{secret}").IsPublic("The link's secret is the right to set the password.");
        password.MapGet("", ShowNewPasswordAsync);
        password.MapPost("", SetNewPasswordAsync);
    }

    private static async Task<IResult> ShowListAsync(HttpContext http, StaffReader reader, ShownOnce shownOnce, TimeProvider time, CancellationToken cancellation) =>
        Page.Show<StaffPage>(new
        {
            Staff = http.Staff(),
            Rows = await reader.ListAsync(cancellation),
            Invitations = await reader.InvitationsAsync(cancellation),
            TeamNames = await reader.TeamNamesAsync(cancellation),
            Link = shownOnce.Take(http),
            Now = time.GetUtcNow().UtcDateTime,
        });

    private static async Task<IResult> ShowMemberAsync(HttpContext http, StaffReader reader, ShownOnce shownOnce, TimeProvider time, long id, CancellationToken cancellation) =>
        await reader.FindAsync(id, cancellation) is { } member
            ? await ShowMemberWithAsync(http, reader, time, member, LimitsForm.Of(member), [], shownOnce.Take(http), cancellation)
            : TypedResults.NotFound();

    private static async Task<IResult> ShowMemberWithAsync(
        HttpContext http, StaffReader reader, TimeProvider time, StaffMember member, LimitsForm form, IReadOnlyList<Problem> problems, string? link, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var choices = await reader.ChoicesAsync(staff, cancellation);
        var manages = staff.May(AccountPermissions.ManageStaff);
        return Page.Show<StaffMemberPage>(new
        {
            Member = member,
            Form = form,
            Choices = choices,
            MayChange = manages && member.Id != staff.Id && StaffRules.MayTouch(staff, member),
            IsSelf = member.Id == staff.Id,
            Problems = problems,
            Link = link,
            Sessions = manages && StaffRules.MayTouch(staff, member) ? await reader.SessionsAsync(member.Id, cancellation) : [],
            Now = time.GetUtcNow().UtcDateTime,
        }, problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, ChangeStaff change, StaffReader reader, TimeProvider time, long id, [FromForm] LimitsForm form, CancellationToken cancellation)
    {
        form ??= new(); // an empty form binds to nothing
        var outcome = await change.SetLimitsAsync(id, form.ToLimits(), http.Staff(), cancellation);
        return await AnswerAsync(http, reader, time, id, outcome, form, cancellation);
    }

    private static async Task<IResult> DeactivateAsync(HttpContext http, ChangeStaff change, StaffReader reader, TimeProvider time, long id, CancellationToken cancellation) =>
        await AnswerAsync(http, reader, time, id, await change.DeactivateAsync(id, http.Staff(), cancellation), null, cancellation);

    private static async Task<IResult> ReactivateAsync(HttpContext http, ChangeStaff change, StaffReader reader, TimeProvider time, long id, CancellationToken cancellation) =>
        await AnswerAsync(http, reader, time, id, await change.ReactivateAsync(id, http.Staff(), cancellation), null, cancellation);

    private static async Task<IResult> SignOutAsync(HttpContext http, ChangeStaff change, StaffReader reader, TimeProvider time, long id, CancellationToken cancellation) =>
        await AnswerAsync(http, reader, time, id, await change.SignOutAsync(id, http.Staff(), cancellation), null, cancellation);

    private static async Task<IResult> MakePasswordLinkAsync(
        HttpContext http, ResetPassword reset, StaffReader reader, ShownOnce shownOnce, PublicAddress address, TimeProvider time, long id, CancellationToken cancellation)
    {
        var outcome = await reset.MakeLinkAsync(id, http.Staff(), cancellation);
        if (outcome.Succeeded)
            shownOnce.Keep(http, $"{address.Of(http)}/new-password/{outcome.Value}");
        return await AnswerAsync(http, reader, time, id, outcome, null, cancellation);
    }

    /// <summary>Back to the person's page: anew when it worked, with what has to be mended when not.</summary>
    private static async Task<IResult> AnswerAsync<TValue>(
        HttpContext http, StaffReader reader, TimeProvider time, long id, Outcome<TValue> outcome, LimitsForm? form, CancellationToken cancellation)
    {
        if (outcome.Succeeded)
            return Page.GoTo($"/agent/staff/{id}?done=saved");
        return await reader.FindAsync(id, cancellation) is { } member
            ? await ShowMemberWithAsync(http, reader, time, member, form ?? LimitsForm.Of(member), outcome.Problems, null, cancellation)
            : TypedResults.NotFound();
    }

    private static async Task<IResult> ShowInviteAsync(HttpContext http, StaffReader reader, CancellationToken cancellation) =>
        Page.Show<InvitePage>(new { Form = new InvitationForm(), Choices = await reader.ChoicesAsync(http.Staff(), cancellation) });

    private static async Task<IResult> InviteAsync(
        HttpContext http, InviteStaff invite, StaffReader reader, ShownOnce shownOnce, PublicAddress address, [FromForm] InvitationForm form, CancellationToken cancellation)
    {
        form ??= new(); // an empty form binds to nothing
        var outcome = await invite.RunAsync(form.Email, form.ToLimits(), http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return Page.ShowProblems<InvitePage>(new { Form = form, Choices = await reader.ChoicesAsync(http.Staff(), cancellation), outcome.Problems });
        shownOnce.Keep(http, $"{address.Of(http)}/invitation/{outcome.Value}");
        return Page.GoTo("/agent/staff");
    }

    private static async Task<IResult> RenewAsync(
        HttpContext http, InviteStaff invite, ShownOnce shownOnce, PublicAddress address, long id, CancellationToken cancellation)
    {
        if (await invite.RenewAsync(id, http.Staff(), cancellation) is not { } secret)
            return TypedResults.NotFound();
        shownOnce.Keep(http, $"{address.Of(http)}/invitation/{secret}");
        return Page.GoTo("/agent/staff");
    }

    private static async Task<IResult> WithdrawAsync(HttpContext http, InviteStaff invite, long id, CancellationToken cancellation) =>
        await invite.WithdrawAsync(id, http.Staff(), cancellation) ? Page.GoTo("/agent/staff?done=invitation-withdrawn") : TypedResults.NotFound();

    private static async Task<IResult> ShowInvitationAsync(HttpContext http, AcceptInvitation accept, string secret, CancellationToken cancellation)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return await accept.FindAsync(secret, cancellation) is { } invitation
            ? Page.Show<InvitationPage>(new { Invitation = invitation, Request = new AcceptInvitation.Request(), Secret = secret })
            : Page.Show<LinkGonePage>(new { }, StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> AcceptAsync(
        HttpContext http, AcceptInvitation accept, StaffSessions sessions, string secret, [FromForm] AcceptInvitation.Request request, CancellationToken cancellation)
    {
        if (await accept.FindAsync(secret, cancellation) is not { } invitation)
            return Page.Show<LinkGonePage>(new { }, StatusCodes.Status404NotFound);
        request ??= new(); // an empty form binds to nothing
        var outcome = await accept.RunAsync(invitation, request, cancellation);
        if (!outcome.Succeeded)
            return Page.ShowProblems<InvitationPage>(new { Invitation = invitation, Request = request, Secret = secret, outcome.Problems });
        await sessions.StartAsync(outcome.Value, http, cancellation);
        return Page.GoTo("/");
    }

    private static async Task<IResult> ShowNewPasswordAsync(HttpContext http, ResetPassword reset, string secret, CancellationToken cancellation)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return await reset.FindAsync(secret, cancellation) is { } member
            ? Page.Show<NewPasswordPage>(new { Email = member.Email, Secret = secret })
            : Page.Show<LinkGonePage>(new { }, StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SetNewPasswordAsync(ResetPassword reset, string secret, [FromForm] string? password, CancellationToken cancellation)
    {
        if (await reset.FindAsync(secret, cancellation) is not { } member)
            return Page.Show<LinkGonePage>(new { }, StatusCodes.Status404NotFound);
        var outcome = await reset.SetAsync(member, password ?? "", new Actor(ActorKind.Staff, member.Id, member.DisplayName), cancellation);
        return outcome.Succeeded
            ? Page.GoTo("/sign-in?done=password")
            : Page.ShowProblems<NewPasswordPage>(new { member.Email, Secret = secret, outcome.Problems });
    }
}
