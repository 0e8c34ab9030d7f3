using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Security;

namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>
/// Behind List-Unsubscribe of a notice (RFC 2369, RFC 8058): switches one kind of notice off for one person, as its box in their settings
/// does. A mail program posts by itself; whoever opens the address sees a button, because programs open links in mails, too.
/// </summary>
internal static class Unsubscribe
{
    public static string Path(string token) => $"/mail/unsubscribe/{token}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string because = "Who holds the signed link has received the notice; it gives no other right than to be told less.";
        routes.MapGet("/mail/unsubscribe/{token}", ShowAsync).IsPublic(because);
        routes.MapPost("/mail/unsubscribe/{token}", RunAsync).IsPublic(because).WithoutAntiforgery("A mail program posts it by itself (RFC 8058); no cookie gives rights here.");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Database database, MailTokens tokens, string token, CancellationToken cancellation)
    {
        if (await FindAsync(database, tokens, token, cancellation) is not var (member, kind))
            return Gone();
        var choice = await database.Set<StaffMailChoice>().AsNoTracking().FirstOrDefaultAsync(row => row.StaffId == member.Id, cancellation);
        return Page.Show<UnsubscribePage>(new { Kind = kind, Path = $"{Path(token)}{http.Request.QueryString}", IsDone = choice?.Wants(kind) == false });
    }

    private static async Task<IResult> RunAsync(Database database, MailTokens tokens, ChooseStaffMail choose, AuditLog audit, string token, CancellationToken cancellation)
    {
        if (await FindAsync(database, tokens, token, cancellation) is not var (member, kind))
            return Gone();
        await choose.RunAsync(member.AsStaff(), choice =>
        {
            if (!choice.Wants(kind))
                return; // a second press, or switched off in the settings
            choice.Refuse(kind);
            audit.Write(member.AsStaff().AsActor(), "mail.unsubscribed", FormattableString.Invariant($"staff:{member.Id}"), ("notice", kind));
        }, cancellation);
        return Page.Show<UnsubscribePage>(new { Kind = kind, IsDone = true });
    }

    private static async Task<(StaffMember Member, string Kind)?> FindAsync(Database database, MailTokens tokens, string token, CancellationToken cancellation)
    {
        if (await tokens.ReadUnsubscribeAsync(token, cancellation) is not var (staffId, kind))
            return null;
        var member = await database.Set<StaffMember>().AsNoTracking().Include(row => row.Sites).Include(row => row.Teams).AsSplitQuery().FirstOrDefaultAsync(row => row.Id == staffId, cancellation);
        return member is null ? null : (member, kind);
    }

    private static IResult Gone() => Page.Show<UnsubscribePage>(status: StatusCodes.Status404NotFound);
}
