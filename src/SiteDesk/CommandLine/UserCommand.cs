using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.CommandLine;

/// <summary>
/// <c>sitedesk user add EMAIL --name NAME --role ROLE</c> and <c>sitedesk user reset-password EMAIL</c>: the way in when nobody can
/// sign in. Passwords are asked for, read from standard input or a file, or made up; never an argument, which every user of the
/// machine could read.
/// </summary>
internal static class UserCommand
{
    public static async Task<int> RunAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        if (invocation.Words is not [var what and ("add" or "reset-password"), var email])
            throw new UsageException("Say user add EMAIL or user reset-password EMAIL. Try: sitedesk --help");
        await using var app = QuietApplication.Build(invocation);
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellation);
        await using var scope = app.Services.CreateAsyncScope();
        return what == "add"
            ? await AddAsync(email, invocation, terminal, scope.ServiceProvider, cancellation)
            : await ResetPasswordAsync(email, invocation, terminal, scope.ServiceProvider, cancellation);
    }

    private static async Task<int> AddAsync(string email, Invocation invocation, Terminal terminal, IServiceProvider services, CancellationToken cancellation)
    {
        var role = RoleOf(invocation.Options.GetValueOrDefault("role") ?? throw new UsageException($"Give the role with --role: {Roles}."));
        var name = invocation.Options.GetValueOrDefault("name") ?? email.Split('@')[0];
        var language = invocation.Options.GetValueOrDefault("language") ?? Languages.English;
        var password = await PasswordAsync(invocation, terminal, cancellation);
        var outcome = await services.GetRequiredService<CreateStaff>().RunAsync(
            new CreateStaff.Request(name, email, password, role, language, invocation.Options.GetValueOrDefault("time-zone") ?? "Etc/UTC"));
        if (!outcome.Succeeded)
        {
            Tell(outcome.Problems, services, terminal);
            return ExitCode.Usage;
        }

        await AuditAsync(services, "staff.added-by-command", outcome.Value, cancellation);
        terminal.Say($"{email} may sign in as {role}.");
        return ExitCode.Done;
    }

    private static async Task<int> ResetPasswordAsync(string email, Invocation invocation, Terminal terminal, IServiceProvider services, CancellationToken cancellation)
    {
        var members = services.GetRequiredService<UserManager<StaffMember>>();
        var member = await members.FindByEmailAsync(email)
            ?? throw new ConfigurationException($"Nobody here has the address {email}.");
        var password = await PasswordAsync(invocation, terminal, cancellation);
        var result = await members.ResetPasswordAsync(member, await members.GeneratePasswordResetTokenAsync(member), password);
        if (!result.Succeeded)
        {
            terminal.Complain(string.Join(Environment.NewLine, result.Errors.Select(error => error.Description)));
            return ExitCode.Usage;
        }

        // Whoever forgot the password may have locked the account by trying; who stole it must be out.
        await members.SetLockoutEndDateAsync(member, null);
        await members.ResetAccessFailedCountAsync(member);
        await services.GetRequiredService<ResetPassword>().EndLinksAsync(member.Id, cancellation);
        await services.GetRequiredService<StaffSessions>().EndAllAsync(member.Id, except: null, cancellation);
        await AuditAsync(services, "staff.password-reset-by-command", member, cancellation);
        terminal.Say($"The password of {email} is changed and every session of theirs is signed out.");
        return ExitCode.Done;
    }

    private static async Task AuditAsync(IServiceProvider services, string action, StaffMember member, CancellationToken cancellation)
    {
        services.GetRequiredService<AuditLog>().Write(Actor.System, action, string.Create(CultureInfo.InvariantCulture, $"staff:{member.Id}"), ("role", member.Role.ToString()));
        await services.GetRequiredService<Database>().SaveChangesAsync(cancellation);
    }

    private static async Task<string> PasswordAsync(Invocation invocation, Terminal terminal, CancellationToken cancellation)
    {
        if (invocation.Has("generate"))
        {
            var made = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 20);
            terminal.Say($"Password: {made}");
            return made;
        }

        if (invocation.Options.GetValueOrDefault("password-file") is { } file)
            return (await File.ReadAllTextAsync(file, cancellation)).TrimEnd('\r', '\n');
        if (terminal.IsInteractive)
            return Ask(terminal);
        return await terminal.Input.ReadLineAsync(cancellation)
            ?? throw new UsageException("Give the password on standard input, with --password-file FILE, or let one be made with --generate.");
    }

    private static string Ask(Terminal terminal)
    {
        terminal.Output.Write("Password: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        terminal.Say("");
        return typed.ToString();
    }

    private static string Roles => string.Join(", ", Enum.GetNames<Role>().Select(name => name.ToLowerInvariant()));

    private static Role RoleOf(string text) =>
        Enum.TryParse<Role>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var role) && Enum.IsDefined(role)
            ? role
            : throw new UsageException($"There is no role “{text}”. The roles are {Roles}.");

    private static void Tell(IReadOnlyList<Problem> problems, IServiceProvider services, Terminal terminal)
    {
        var texts = services.GetRequiredService<Texts>();
        foreach (var problem in problems)
            terminal.Complain(texts.Of(problem));
    }
}
