using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Puts the workspace's page together, or only the piece of it that was asked for.</summary>
public sealed class DeskReader(
    Database database, InboxReader inbox, TicketReader tickets, RailReader rails, SavedViews savedViews, DeskNamesCache namesCache, IEnumerable<TicketPanel> panels, TimeProvider time)
{
    /// <param name="ticketId">The ticket that is open; null for none.</param>
    /// <param name="onPhone">The pane that a phone shows.</param>
    public async Task<IResult> ShowAsync(HttpContext http, InboxSelection selection, long? ticketId, string onPhone, CancellationToken cancellation)
    {
        var staff = http.Staff();
        await HoldConnectionAsync(cancellation);
        var names = await namesCache.ReadAsync(cancellation);
        var page = ticketId is null ? null : await tickets.ReadAsync(staff, ticketId.Value, cancellation);
        if (ticketId is not null && page is null)
            return TypedResults.NotFound();
        var now = time.Now();
        var frame = http.Request.Headers["Turbo-Frame"].ToString();
        if (frame == "ticket")
            return Page.Show<TicketFrame>(new { Page = page, Staff = staff, Names = names, Panels = PanelsFor(staff), View = selection.View, Submission = Tokens.New(), Now = now });

        var (title, savedViewId) = await TitleOfAsync(http, staff, selection.View, cancellation);
        if (title is null)
            return TypedResults.NotFound();
        var rows = await inbox.ReadAsync(staff, selection, cancellation);
        if (frame == "list")
            return Page.Show<ListFrame>(new { Staff = staff, Selection = selection, Page = rows, Names = names, Title = title, Count = (int?)null, CurrentId = ticketId, SavedViewId = savedViewId, Now = now });

        var rail = await rails.ReadAsync(staff, cancellation);
        return Page.Show<WorkspacePage>(new
        {
            Staff = staff,
            Rail = rail,
            Names = names,
            Selection = selection,
            Rows = rows,
            Title = title,
            Page = page,
            Count = CountOf(rail, selection.View),
            SavedViewId = savedViewId,
            Panels = PanelsFor(staff),
            OnPhone = onPhone,
            Submission = Tokens.New(),
            Now = now,
        });
    }

    /// <summary>The list as it is now, for a page that shows it already.</summary>
    public async Task<IResult> ShowRowsAsync(HttpContext http, InboxSelection selection, string? toast, string? undo, CancellationToken cancellation)
    {
        var staff = http.Staff();
        await HoldConnectionAsync(cancellation);
        var rail = await rails.ReadAsync(staff, cancellation);
        return TurboStream.Show<InboxStreams>(new
        {
            Staff = staff,
            Rail = rail,
            Names = await namesCache.ReadAsync(cancellation),
            Selection = selection,
            Rows = await inbox.ReadAsync(staff, selection, cancellation),
            Count = CountOf(rail, selection.View),
            Now = time.Now(),
            Toast = toast,
            Undo = undo,
        });
    }

    /// <summary>A ticket as it is now, for a page that shows it already.</summary>
    public async Task<IResult> ShowTicketStreamsAsync(HttpContext http, long id, string? toast, string? undo, bool emptiesHeld, CancellationToken cancellation, WithdrawReply.Result? returned = null)
    {
        var staff = http.Staff();
        await HoldConnectionAsync(cancellation);
        return await tickets.ReadAsync(staff, id, cancellation) is not { } page
            ? TypedResults.NotFound()
            : TurboStream.Show<TicketStreams>(new
            {
                Page = page,
                Staff = staff,
                Names = await namesCache.ReadAsync(cancellation),
                Panels = PanelsFor(staff),
                Now = time.Now(),
                Toast = toast,
                Undo = undo,
                EmptiesHeld = emptiesHeld,
                Returned = returned,
            });
    }

    /// <summary>One connection for the dozen queries of a page, instead of one opened and prepared for each; closed with the request.</summary>
    private Task HoldConnectionAsync(CancellationToken cancellation) => database.Database.OpenConnectionAsync(cancellation);

    private async Task<(string? Title, long? SavedViewId)> TitleOfAsync(HttpContext http, Staff staff, string view, CancellationToken cancellation)
    {
        if (StandardViews.All.Contains(view))
            return (http.Texts()[$"view.{view}"], null);
        var saved = long.TryParse(view, out var id) ? await savedViews.FindAsync(staff, id, cancellation) : null;
        return (saved?.Name, saved?.Id);
    }

    private static int? CountOf(RailModel rail, string view) => rail.Counts.TryGetValue(view, out var count) ? count : null;

    private List<TicketPanel> PanelsFor(Staff staff) => [.. panels.Where(panel => staff.May(panel.Permission)).OrderBy(panel => panel.Position)];
}
