using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Who works here: sign-in, sessions, invitations, teams, roles, audit.</summary>
public static class AccountsModule
{
    /// <summary>Length is what makes a password hard to guess (NIST SP 800-63B); kinds of characters are not asked for.</summary>
    public const int ShortestPassword = 10;

    /// <summary>Wrong passwords in a row that close an account.</summary>
    public const int MostFailures = 10;

    /// <summary>How long it is closed.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(15);

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<StaffMember>(options =>
        {
            options.User.RequireUniqueEmail = true;
            options.User.AllowedUserNameCharacters = "";
            options.Password.RequiredLength = ShortestPassword;
            options.Password.RequireDigit = false;
            options.Password.RequireLowercase = false;
            options.Password.RequireUppercase = false;
            options.Password.RequireNonAlphanumeric = false;
            options.Lockout.MaxFailedAccessAttempts = MostFailures;
            options.Lockout.DefaultLockoutTimeSpan = Lockout;
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        }).AddDefaultTokenProviders();
        services.AddScoped<IUserStore<StaffMember>, UserOnlyStore<StaffMember, Database, long>>();
        services.AddMemoryCache();
        services.AddSingleton<SessionMemory>();
        services.AddHostedService<SessionNotices>();
        services.AddScoped<StaffSessions>();
        services.AddScoped<SignIn>();
        services.AddScoped<CreateStaff>();
        services.AddScoped<SignInLimit>();
        services.AddScoped<InviteStaff>();
        services.AddScoped<AcceptInvitation>();
        services.AddScoped<ChangeStaff>();
        services.AddScoped<ChangeProfile>();
        services.AddScoped<ResetPassword>();
        services.AddScoped<ForgottenPassword>();
        services.AddScoped<EditTeams>();
        services.AddScoped<StaffReader>();
        services.AddScoped<AuditReader>();
        services.AddScoped<AuditExport>();
        services.AddScoped<IRecurringJob, SessionRetention>();
        services.AddSettingsEntry(SettingsGroup.People, "staff.title", "/agent/staff", "users", AccountPermissions.ReadStaff, 1);
        services.AddSettingsEntry(SettingsGroup.People, "team.title", "/agent/teams", "layers", AccountPermissions.ReadStaff, 2);
        services.AddSettingsEntry(SettingsGroup.People, "permissions.title", "/agent/permissions", "lock", null, 3);
        services.AddSettingsEntry(SettingsGroup.System, "audit-log.title", "/agent/audit", "history", AccountPermissions.ReadAudit, 1);
        services.AddSettingsEntry(SettingsGroup.Me, "profile.title", "/agent/profile", "user", null, 1);
        return services;
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", ShowSignIn).IsPublic("This is where one signs in.");
        routes.MapPost("/sign-in", SignInAsync).IsPublic("This is where one signs in.");
        routes.MapPost("/sign-out", SignOutAsync).NeedsSignIn();
        StaffRoutes.Map(routes);
        ForgottenPasswordRoutes.Map(routes);
        TeamRoutes.Map(routes);
        ProfileRoutes.Map(routes);
        AuditRoutes.Map(routes);
    }

    private static async Task<IResult> ShowSignIn(HttpContext http, Database database, string? @return, CancellationToken cancellation)
    {
        if (http.FindStaff() is not null)
            return Page.GoTo(LocalAddress.OrRoot(@return));
        return await database.Set<StaffMember>().AnyAsync(cancellation) ? Page.Show<SignInPage>(new { Return = @return }) : Page.GoTo("/set-up");
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http, SignIn signIn, [FromForm] string? email, [FromForm] string? password, [FromForm] string? @return, CancellationToken cancellation)
    {
        var outcome = await signIn.RunAsync(email ?? "", password ?? "", http, cancellation);
        if (outcome.Succeeded)
            return Page.GoTo(LocalAddress.OrRoot(@return));
        var mustWait = outcome.Problems.Any(problem => problem.Text == SignIn.TooMany);
        return Page.Show<SignInPage>(
            new { Email = email, Return = @return, outcome.Problems },
            mustWait ? StatusCodes.Status429TooManyRequests : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, StaffSessions sessions, CancellationToken cancellation)
    {
        if (StaffAuthenticationMiddleware.SessionOf(http) is { } session)
            await sessions.EndAsync(session, cancellation);
        http.Response.Cookies.Delete(StaffSessions.Cookie);
        return Page.GoTo("/sign-in");
    }
}
