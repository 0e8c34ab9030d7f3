using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>The mailboxes' settings.</summary>
internal static class MailboxRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var mailboxes = routes.MapGroup("/agent/mailboxes").Needs(EmailPermissions.Manage);
        mailboxes.MapGet("", ShowListAsync);
        mailboxes.MapGet("/new", ShowNewAsync);
        mailboxes.MapPost("", AddAsync);
        mailboxes.MapGet("/{id:long}", ShowAsync);
        mailboxes.MapPost("/{id:long}", ChangeAsync);
        mailboxes.MapGet("/{id:long}/test", TestAsync);
        mailboxes.MapPost("/{id:long}/dkim", AddDkimAsync);
        mailboxes.MapPost("/{id:long}/dkim/removal", RemoveDkimAsync);
        mailboxes.MapGet("/{id:long}/dkim/check", CheckDkimAsync);
        mailboxes.MapPost("/{id:long}/posting-secret", RenewSecretAsync);
        mailboxes.MapPost("/{id:long}/removal", RemoveAsync);
    }

    private static async Task<IResult> ShowListAsync(HttpContext http, Database database, SiteDirectory sites, HourlyLimit limit, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var known = await sites.AllAsync(cancellation);
        var rows = await (
            from mailbox in database.Set<Mailbox>().AsNoTracking()
            join state in database.Set<MailboxState>().AsNoTracking() on mailbox.Id equals state.MailboxId into states
            from state in states.DefaultIfEmpty()
            where mailbox.RemovedAt == null
            orderby mailbox.Id
            select new { mailbox, state }).Take(500).ToListAsync(cancellation);
        var waiting = await database.Set<RawMail>().CountAsync(mail => mail.State == RawMailState.Quarantined, cancellation);
        var visible = rows.FindAll(row => staff.SeesSite(row.mailbox.SiteId));
        var waits = await limit.WaitsAsync(visible.ConvertAll(row => row.mailbox), cancellation);
        var shown = visible.ConvertAll(row => new MailboxRow(row.mailbox, row.state, known.FirstOrDefault(site => site.Id == row.mailbox.SiteId)?.Name ?? "", waits.GetValueOrDefault(row.mailbox.Id)));
        return Page.Show<MailboxesPage>(new { Rows = shown, Quarantined = waiting });
    }

    private static async Task<IResult> ShowNewAsync(HttpContext http, SiteDirectory sites, Database database, CancellationToken cancellation)
    {
        var choices = await ChoicesAsync(http, sites, database, cancellation);
        return Page.Show<MailboxPage>(new { Form = new MailboxForm { FindServers = true, Site = choices.Sites.Count > 0 ? choices.Sites[0].Id : 0 }, Choices = choices });
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, KeepMailbox keep, SiteDirectory sites, Database database, PublicAddress address, ShownOnce shownOnce, CancellationToken cancellation)
    {
        var form = await ReadAsync(http, cancellation);
        var outcome = await keep.AddAsync(form, address.Of(http), http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return Page.ShowProblems<MailboxPage>(new { Form = form, Choices = await ChoicesAsync(http, sites, database, cancellation), outcome.Problems });
        shownOnce.Keep(http, outcome.Value.PostSecret);
        return Page.GoTo($"/agent/mailboxes/{outcome.Value.Mailbox.Id}?done=mailbox-added");
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, Database database, SiteDirectory sites, PublicAddress address, ShownOnce shownOnce, long id, CancellationToken cancellation)
    {
        if (await FindAsync(http, database, id, cancellation) is not { } mailbox)
            return TypedResults.NotFound();
        var secret = shownOnce.Take(http);
        return await ShowWithAsync(http, database, sites, mailbox, MailboxForm.Of(mailbox), [], secret is null ? null : $"{address.Of(http)}/channels/email/{secret}", cancellation);
    }

    private static async Task<IResult> ShowWithAsync(
        HttpContext http, Database database, SiteDirectory sites, Mailbox mailbox, MailboxForm form, IReadOnlyList<Problem> problems, string? postAddress, CancellationToken cancellation)
    {
        var state = await database.Set<MailboxState>().AsNoTracking().FirstOrDefaultAsync(row => row.MailboxId == mailbox.Id, cancellation);
        var parameters = new
        {
            Form = form, Mailbox = mailbox, State = state, Waits = await http.RequestServices.GetRequiredService<HourlyLimit>().WaitsAsync(mailbox, cancellation), Choices = await ChoicesAsync(http, sites, database, cancellation), Problems = problems, PostAddress = postAddress,
        };
        return problems.Count > 0 ? Page.ShowProblems<MailboxPage>(parameters) : Page.Show<MailboxPage>(parameters);
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, Database database, KeepMailbox keep, SiteDirectory sites, PublicAddress address, long id, CancellationToken cancellation)
    {
        if (await FindAsync(http, database, id, cancellation) is not { } mailbox)
            return TypedResults.NotFound();
        var form = await ReadAsync(http, cancellation);
        var outcome = await keep.ChangeAsync(mailbox, form, address.Of(http), http.Staff(), cancellation);
        return outcome.Succeeded
            ? Page.GoTo($"/agent/mailboxes/{id}?done=saved")
            : await ShowWithAsync(http, database, sites, mailbox, form, outcome.Problems, null, cancellation);
    }

    private static async Task<IResult> TestAsync(HttpContext http, Database database, TestMailbox test, long id, CancellationToken cancellation) =>
        await FindAsync(http, database, id, cancellation) is { } mailbox
            ? Page.Show<MailboxTestFrame>(new { Id = id, Steps = await test.RunAsync(mailbox, cancellation) })
            : TypedResults.NotFound();

    private static async Task<IResult> AddDkimAsync(
        HttpContext http, Database database, KeepDkim keep, SiteDirectory sites, long id, [FromForm] string? selector, [FromForm] string? key, CancellationToken cancellation)
    {
        if (await FindAsync(http, database, id, cancellation) is not { } mailbox)
            return TypedResults.NotFound();
        var outcome = await keep.AddAsync(mailbox, selector ?? "", key ?? "", http.Staff(), cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"/agent/mailboxes/{id}?done=saved");
        var state = await database.Set<MailboxState>().AsNoTracking().FirstOrDefaultAsync(row => row.MailboxId == mailbox.Id, cancellation);
        return Page.ShowProblems<MailboxPage>(new
        {
            Form = MailboxForm.Of(mailbox), Mailbox = mailbox, State = state, Choices = await ChoicesAsync(http, sites, database, cancellation), DkimProblems = outcome.Problems,
        });
    }

    private static async Task<IResult> RemoveDkimAsync(HttpContext http, Database database, KeepDkim keep, long id, CancellationToken cancellation)
    {
        if (await FindAsync(http, database, id, cancellation) is not { } mailbox)
            return TypedResults.NotFound();
        await keep.RemoveAsync(mailbox, http.Staff(), cancellation);
        return Page.GoTo($"/agent/mailboxes/{id}?done=saved");
    }

    private static async Task<IResult> CheckDkimAsync(HttpContext http, Database database, KeepDkim keep, long id, CancellationToken cancellation) =>
        await FindAsync(http, database, id, cancellation) is { Dkim: { } dkim } mailbox
            ? Page.Show<DkimCheckFrame>(new { Id = id, Result = await keep.CheckAsync(mailbox, dkim, cancellation) })
            : TypedResults.NotFound();

    private static async Task<IResult> RenewSecretAsync(HttpContext http, Database database, KeepMailbox keep, ShownOnce shownOnce, long id, CancellationToken cancellation)
    {
        if (await FindAsync(http, database, id, cancellation) is not { } mailbox)
            return TypedResults.NotFound();
        var outcome = await keep.RenewSecretAsync(mailbox, http.Staff(), cancellation);
        if (outcome.Succeeded)
            shownOnce.Keep(http, outcome.Value);
        return Page.GoTo($"/agent/mailboxes/{id}");
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, Database database, KeepMailbox keep, long id, CancellationToken cancellation)
    {
        if (await FindAsync(http, database, id, cancellation) is not { } mailbox)
            return TypedResults.NotFound();
        await keep.RemoveAsync(mailbox, http.Staff(), cancellation);
        return Page.GoTo("/agent/mailboxes?done=mailbox-removed");
    }

    private static async Task<MailboxForm> ReadAsync(HttpContext http, CancellationToken cancellation) =>
        MailboxForm.Of(http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty);

    private static async Task<Mailbox?> FindAsync(HttpContext http, Database database, long id, CancellationToken cancellation) =>
        await database.Set<Mailbox>().FirstOrDefaultAsync(row => row.Id == id && row.RemovedAt == null, cancellation) is { } mailbox && http.Staff().SeesSite(mailbox.SiteId) ? mailbox : null;

    private static async Task<MailboxChoices> ChoicesAsync(HttpContext http, SiteDirectory sites, Database database, CancellationToken cancellation) => new(
        await sites.VisibleToAsync(http.Staff(), cancellation),
        await database.Set<Team>().AsNoTracking().OrderBy(team => team.Name).Take(500).ToListAsync(cancellation));
}

/// <summary>A mailbox in the list.</summary>
public sealed record MailboxRow(Mailbox Mailbox, MailboxState? State, string Site, SendingWaits? Waits);

/// <summary>What a mailbox's form offers.</summary>
public sealed record MailboxChoices(IReadOnlyList<Site> Sites, IReadOnlyList<Team> Teams);
