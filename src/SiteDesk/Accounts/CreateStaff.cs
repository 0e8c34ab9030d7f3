using Microsoft.AspNetCore.Identity;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>Makes an account: at the set-up, on the command line, when an invitation is taken.</summary>
public sealed class CreateStaff(UserManager<StaffMember> members, TimeProvider time)
{
    public sealed record Request(string Name, string Email, string Password, Role Role, string Language, string TimeZone);

    public async Task<Outcome<StaffMember>> RunAsync(Request request)
    {
        var problems = Check(request);
        if (problems.Count > 0)
            return problems;
        var member = new StaffMember
        {
            UserName = request.Email.Trim(),
            Email = request.Email.Trim(),
            EmailConfirmed = true,
            DisplayName = request.Name.Trim(),
            Role = request.Role,
            Language = Languages.Match(request.Language) ?? Languages.English,
            TimeZone = TimeZones.Exists(request.TimeZone) ? request.TimeZone : "Etc/UTC",
            CreatedAt = time.Now(),
            LockoutEnabled = true,
        };
        var created = await members.CreateAsync(member, request.Password);
        return created.Succeeded ? member : created.Errors.Select(ToProblem).DistinctBy(problem => problem.Text).ToList();
    }

    private static List<Problem> Check(Request request)
    {
        var problems = new List<Problem>();
        if (request.Name.Trim().Length is 0 or > 100)
            problems.Add(new Problem("name", "staff.name-needed"));
        if (!EmailRule.IsAddress(request.Email.Trim()))
            problems.Add(new Problem("email", "staff.email-needed"));
        return problems;
    }

    private static Problem ToProblem(IdentityError error) => error.Code switch
    {
        nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName) => new Problem("email", "staff.email-taken"),
        nameof(IdentityErrorDescriber.InvalidEmail) or nameof(IdentityErrorDescriber.InvalidUserName) => new Problem("email", "staff.email-needed"),
        _ => new Problem("password", "staff.password-rules", ("count", AccountsModule.ShortestPassword)),
    };
}
