using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Addresses of the workspace's pages and fragments.</summary>
public static class WorkspaceRoutes
{
    public static IServiceCollection AddWorkspace(this IServiceCollection services)
    {
        services.AddSingleton<Icons>();
        services.AddSingleton<DeskNamesCache>();
        services.AddSingleton<Microsoft.EntityFrameworkCore.Diagnostics.IInterceptor>(provider => provider.GetRequiredService<DeskNamesCache>());
        services.AddSingleton<TicketPresence>();
        services.AddHostedService(provider => provider.GetRequiredService<TicketPresence>());
        services.AddScoped<SavedViews>();
        services.AddScoped<ChosenOrders>();
        services.AddScoped<InboxReader>();
        services.AddScoped<TicketReader>();
        services.AddSingleton<StandardViewCounts>();
        services.AddScoped<RailReader>();
        services.AddScoped<DeskReader>();
        return services;
    }

    public static void MapWorkspace(this IEndpointRouteBuilder routes)
    {
        var agent = routes.MapGroup("/agent").Needs(TicketPermissions.Read);
        agent.MapGet("", ShowViewsAsync);
        agent.MapGet("/tickets", ShowInboxAsync);
        agent.MapGet("/tickets/rows", RefreshRowsAsync);
        agent.MapGet("/tickets/{id:long}", ShowTicketAsync);
        agent.MapGet("/tickets/{id:long}/refresh", RefreshTicketAsync);
        agent.MapGet("/tickets/{id:long}/earlier", ShowEarlierAsync);
        agent.MapGet("/tickets/{id:long}/presence", ShowPresenceAsync);
        agent.MapPost("/tickets/{id:long}/presence", TellPresenceAsync);
        agent.MapGet("/menus/assignee", ShowAssigneesAsync);
        agent.MapGet("/menus/tags", ShowTagsAsync);
        agent.MapGet("/people", ShowPeopleAsync);
    }

    private static async Task<IResult> ShowViewsAsync(HttpContext http, DeskReader desk, CancellationToken cancellation) =>
        await desk.ShowAsync(http, new InboxSelection(StandardViews.Open), null, "views", cancellation);

    private static async Task<IResult> ShowInboxAsync(HttpContext http, DeskReader desk, string? view, string? after, CancellationToken cancellation) =>
        await desk.ShowAsync(http, new InboxSelection(view ?? StandardViews.Open, InboxCursor.Parse(after)), null, "list", cancellation);

    private static async Task<IResult> ShowTicketAsync(HttpContext http, DeskReader desk, long id, string? view, CancellationToken cancellation) =>
        await desk.ShowAsync(http, new InboxSelection(view ?? StandardViews.Open), id, "ticket", cancellation);

    private static async Task<IResult> RefreshRowsAsync(HttpContext http, DeskReader desk, string? view, string? after, CancellationToken cancellation) =>
        await desk.ShowRowsAsync(http, new InboxSelection(view ?? StandardViews.Open, InboxCursor.Parse(after)), null, null, cancellation);

    private static async Task<IResult> RefreshTicketAsync(HttpContext http, DeskReader desk, long id, CancellationToken cancellation) =>
        await desk.ShowTicketStreamsAsync(http, id, null, null, false, cancellation);

    private static async Task<IResult> ShowEarlierAsync(
        HttpContext http, Database database, TicketReader reader, DeskNamesCache names, TimeProvider time, long id, long before, CancellationToken cancellation)
    {
        if (await database.Set<Ticket>().AsNoTracking().VisibleTo(http.Staff()).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        var (entries, earlier) = await reader.ReadTalkAsync(ticket, before, cancellation);
        return Page.Show<EarlierTalk>(new { Ticket = ticket, Entries = entries, Earlier = earlier, Before = before, Staff = http.Staff(), Names = await names.ReadAsync(cancellation), Now = time.Now() });
    }

    private static async Task<IResult> ShowPresenceAsync(HttpContext http, Database database, TicketPresence presence, long id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (staff.IsConfined() && !await database.Set<Ticket>().VisibleTo(staff).AnyAsync(ticket => ticket.Id == id, cancellation))
            return TypedResults.NotFound();
        // Who has given no name may have written an address in its place.
        return TurboStream.Show<OthersStream>(new { Others = presence.Others(id, staff.Id).Select(other => (ContactMask.Name(staff, other.Name), other.IsTyping)).ToList() });
    }

    private static async Task<IResult> TellPresenceAsync(HttpContext http, Database database, TimeProvider time, long id, [FromForm] string? state, CancellationToken cancellation)
    {
        if (!Enum.TryParse<PresenceState>(state, ignoreCase: true, out var doing) || !Enum.IsDefined(doing))
            return TypedResults.BadRequest();
        var staff = http.Staff();
        if (await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        await TicketPresence.TellAsync(database, ticket, staff, doing, cancellation);
        if (doing == PresenceState.Looking)
            await ReadNotificationsOfAsync(database, staff, id, time.Now(), cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Who looks at a ticket has read what was told of it.</summary>
    private static async Task ReadNotificationsOfAsync(Database database, Staff staff, long ticketId, DateTime now, CancellationToken cancellation)
    {
        var unread = database.Set<StaffNotification>().Where(row => row.StaffId == staff.Id && row.TicketId == ticketId && row.ReadAt == null);
        if (await unread.AnyAsync(cancellation))
            await unread.ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadAt, now), cancellation);
    }

    private static async Task<IResult> ShowAssigneesAsync(HttpContext http, DeskNamesCache names, string form, CancellationToken cancellation) =>
        Page.Show<AssigneeMenu>(new { Form = SafeName(form), Staff = http.Staff(), Names = await names.ReadAsync(cancellation) });

    /// <summary>Tags in use lately, of tickets this person may see: the table of all tags grows, this does not.</summary>
    private static async Task<IResult> ShowTagsAsync(HttpContext http, Database database, string? form, CancellationToken cancellation)
    {
        const int looked = 500, most = 100;
        // In two steps: a planner that does not know how few tickets are meant walks through the tags of all.
        var newest = await database.Set<Ticket>().VisibleTo(http.Staff()).OrderByDescending(ticket => ticket.UpdatedAt).Select(ticket => ticket.Id).Take(looked).ToListAsync(cancellation);
        var names = await database.Set<TicketTag>().Where(tag => newest.Contains(tag.TicketId)).Select(tag => tag.Name).ToListAsync(cancellation);
        return Page.Show<TagsMenu>(new { Form = SafeName(form ?? ""), Tags = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(most).ToList() });
    }

    private static async Task<IResult> ShowPeopleAsync(DeskNamesCache names, string? query, CancellationToken cancellation)
    {
        const int most = 8;
        var wanted = query ?? "";
        var compare = CultureInfo.InvariantCulture.CompareInfo;
        var people = (await names.ReadAsync(cancellation)).Mentionable
            .Where(member => member.Name.Split(' ').Append(member.Name).Any(word => compare.IsPrefix(word, wanted, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace))).Take(most).ToList();
        return Page.Show<PeopleMenu>(new { People = people });
    }

    /// <summary>A form's name comes back in the page, so it holds nothing but letters, digits and hyphens.</summary>
    private static string SafeName(string name) => new([.. name.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-').Take(40)]);
}
