using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>
/// A new password for who lost theirs: by a link that an administrator makes and hands over, by one that is mailed to whoever asks
/// for it, or on the server's command line. A person has at most one link of each kind; each works once, and ends when the password,
/// the role or the limits change, or a newer one is made. Asking for a mail leaves the administrator's link alone: anybody may ask in anybody's name.
/// </summary>
public sealed class ResetPassword(Database database, UserManager<StaffMember> members, StaffSessions sessions, SharedKeys keys, AuditLog audit, TimeProvider time)
{
    /// <summary>How long a link that was handed over is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>How long a mailed link is good, counted from when it was asked for.</summary>
    public static readonly TimeSpan MailedLifetime = TimeSpan.FromHours(1);

    private const string Provider = "SiteDesk", LinkName = "password-link", MailedLinkName = "password-mail-link", KeyName = "password-link-key";

    /// <returns>The secret of the link.</returns>
    public async Task<Outcome<string>> MakeLinkAsync(long staffId, Staff by, CancellationToken cancellation)
    {
        var member = await WithLimits().FirstOrDefaultAsync(row => row.Id == staffId && row.DeactivatedAt == null, cancellation);
        if (member is null)
            return new Problem("", "staff.unknown");
        // In one's own profile the present password is asked for; a link would go round that.
        if (member.Id == by.Id)
            return new Problem("", "password-link.own");
        if (!StaffRules.MayTouch(by, member))
            return new Problem("", "staff.beyond-yours");
        var secret = Tokens.New();
        var links = await LinksOf(staffId).ToListAsync(cancellation);
        database.RemoveRange(links.Where(link => link.Name == MailedLinkName));
        Keep(links.Find(link => link.Name == LinkName), staffId, LinkName, secret, time.Now() + Lifetime, by.Id);
        audit.Write(by.AsActor(), "staff.password-link-made", $"staff:{member.Id}", ("name", member.DisplayName));
        await database.SaveChangesAsync(cancellation);
        return secret;
    }

    /// <summary>
    /// Makes the link for a wish, if the address is that of somebody who may sign in. Saved by the caller, together with the letter.
    /// </summary>
    /// <param name="askedAt">A wish that is older than one already served, or than a link lives, makes none.</param>
    /// <returns>Whose it is; null when there is nobody to write to.</returns>
    public async Task<StaffMember?> MakeMailedLinkAsync(PasswordForgotten forgotten, DateTime askedAt, CancellationToken cancellation)
    {
        var secret = await SecretOfAsync(forgotten.Wish, cancellation);
        var until = askedAt + MailedLifetime;
        if (until <= time.Now() || await members.FindByEmailAsync(forgotten.Email) is not { DeactivatedAt: null } member)
            return null;
        var link = await LinksOf(member.Id).FirstOrDefaultAsync(row => row.Name == MailedLinkName, cancellation);
        if (link?.Value is { } value && UntilOf(value) > until)
            return null;
        Keep(link, member.Id, MailedLinkName, secret, until);
        audit.Write(Actor.System, "staff.password-mail-asked", $"staff:{member.Id}", ("name", member.DisplayName), ("address", forgotten.From));
        return member;
    }

    /// <summary>The secret of a mailed link: never stored, the same on every try of the letter and on every node.</summary>
    public async Task<string> SecretOfAsync(string wish, CancellationToken cancellation) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(await keys.ReadAsync(KeyName, nameof(ResetPassword), cancellation), Encoding.UTF8.GetBytes(wish)));

    /// <returns>Whose link it is; null when it is wrong, too old or used, or its maker may not make it any more.</returns>
    public async Task<StaffMember?> FindAsync(string secret, CancellationToken cancellation)
    {
        var start = Tokens.Hash(secret) + " ";
        var link = await database.Set<IdentityUserToken<long>>().FirstOrDefaultAsync(
            row => row.LoginProvider == Provider && (row.Name == LinkName || row.Name == MailedLinkName) && row.Value!.StartsWith(start), cancellation);
        if (link is null || UntilOf(link.Value!) <= time.Now())
            return null;
        var member = await WithLimits().FirstOrDefaultAsync(member => member.Id == link.UserId && member.DeactivatedAt == null, cancellation);
        return member is not null && MakerOf(link.Value!) is { } maker && !await MayStillMakeAsync(maker, member, cancellation) ? null : member;
    }

    /// <summary>Who has made the link may have kept it: it ends with their right to make it.</summary>
    private async Task<bool> MayStillMakeAsync(long makerId, StaffMember member, CancellationToken cancellation)
    {
        var maker = await WithLimits().AsNoTracking().FirstOrDefaultAsync(row => row.Id == makerId && row.DeactivatedAt == null, cancellation);
        return maker?.AsStaff() is { } by && by.May(AccountPermissions.ManageStaff) && StaffRules.MayTouch(by, member);
    }

    private IQueryable<StaffMember> WithLimits() => database.Set<StaffMember>().Include(row => row.Sites).Include(row => row.Teams);

    /// <summary>Sets the password, unlocks the account, uses up the link and signs every browser out.</summary>
    /// <param name="by">Who did it: the person by a link, the system on the command line.</param>
    public async Task<Outcome<StaffMember>> SetAsync(StaffMember member, string password, Actor by, CancellationToken cancellation)
    {
        var outcome = await database.InTransactionAsync<Outcome<StaffMember>>(async () =>
        {
            var result = await members.ResetPasswordAsync(member, await members.GeneratePasswordResetTokenAsync(member), password);
            if (!result.Succeeded)
                return new Problem("Password", "staff.password-rules", ("count", AccountsModule.ShortestPassword));
            await members.SetLockoutEndDateAsync(member, null);
            await members.ResetAccessFailedCountAsync(member);
            await EndLinksAsync(member.Id, cancellation);
            audit.Write(by, "staff.password-reset", $"staff:{member.Id}", ("name", member.DisplayName));
            await database.SaveChangesAsync(cancellation);
            return member;
        }, cancellation);
        if (outcome.Succeeded)
            await sessions.EndAllAsync(member.Id, except: null, cancellation);
        return outcome;
    }

    /// <summary>Ends every link of a person: their password is another one now. Saved by the caller.</summary>
    public async Task EndLinksAsync(long staffId, CancellationToken cancellation) =>
        database.RemoveRange(await LinksOf(staffId).ToListAsync(cancellation));

    private IQueryable<IdentityUserToken<long>> LinksOf(long staffId) =>
        database.Set<IdentityUserToken<long>>().Where(row => row.UserId == staffId && row.LoginProvider == Provider && (row.Name == LinkName || row.Name == MailedLinkName));

    /// <param name="maker">Who has it in their hands besides the person; null for a mailed one.</param>
    private void Keep(IdentityUserToken<long>? link, long staffId, string name, string secret, DateTime until, long? maker = null)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"{Tokens.Hash(secret)} {until.Ticks}{(maker is null ? "" : " ")}{maker}");
        if (link is null)
            database.Add(new IdentityUserToken<long> { UserId = staffId, LoginProvider = Provider, Name = name, Value = value });
        else
            link.Value = value;
    }

    private static DateTime UntilOf(string value) =>
        NumberIn(value, 1) is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : DateTime.MinValue;

    private static long? MakerOf(string value) => NumberIn(value, 2);

    private static long? NumberIn(string value, int part) =>
        long.TryParse(value.Split(' ').ElementAtOrDefault(part), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
