using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Pages of the workspace beside the inbox: search, notifications, blocked senders, new ticket, merging, renaming.</summary>
public static class PageRoutes
{
    public static void MapDeskPages(this IEndpointRouteBuilder routes)
    {
        var agent = routes.MapGroup("/agent").Needs(TicketPermissions.Read);
        agent.MapGet("/search", SearchAsync);
        agent.MapGet("/palette", FindForPaletteAsync);
        agent.MapGet("/notifications", ShowNotificationsAsync);
        agent.MapPost("/notifications/reading", ReadNotificationsAsync);
        agent.MapGet("/blocked-senders", ShowBlockedAsync).Needs(TicketPermissions.Block);
        agent.MapPost("/blocked-senders", BlockAsync).Needs(TicketPermissions.Block);
        agent.MapPost("/blocked-senders/{id:long}/lifting", LiftAsync).Needs(TicketPermissions.Block);
        agent.MapGet("/tickets/new", ShowNewAsync).Needs(TicketPermissions.Reply);
        agent.MapPost("/tickets", OpenAsync).Needs(TicketPermissions.Reply);
        agent.MapGet("/tickets/{id:long}/subject", ShowSubjectAsync).Needs(TicketPermissions.Change);
        agent.MapPost("/tickets/{id:long}/subject", RenameAsync).Needs(TicketPermissions.Change);
        agent.MapGet("/tickets/{id:long}/merger", ShowMergerAsync).Needs(TicketPermissions.Change);
        agent.MapPost("/tickets/{id:long}/merger", MergeAsync).Needs(TicketPermissions.Change);
    }

    private static async Task<IResult> SearchAsync(HttpContext http, SearchTickets search, InboxReader inbox, Database database, RailReader rails, DeskNamesCache names, TimeProvider time, string? query, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var text = (query ?? "").Trim();
        var found = await search.FindAsync(text, http.Texts().TimeZone, staff, isTyping: false, cancellation);
        var rows = await RowsAsync(found, inbox, database, staff, SearchTickets.MostResults, cancellation);
        var excerpts = await new SearchExcerpts(database).ReadAsync(text, found, cancellation);
        return Page.Show<SearchPage>(new { Query = text, Rows = rows, Excerpts = excerpts, Staff = staff, Rail = await rails.ReadAsync(staff, cancellation), Names = await names.ReadAsync(cancellation), Now = time.Now() });
    }

    private static async Task<IResult> FindForPaletteAsync(HttpContext http, SearchTickets search, InboxReader inbox, Database database, string? query, CancellationToken cancellation)
    {
        const int shown = 7;
        var text = (query ?? "").Trim();
        var found = await search.FindAsync(text, http.Texts().TimeZone, http.Staff(), isTyping: true, cancellation);
        var rows = await RowsAsync(found, inbox, database, http.Staff(), shown, cancellation);
        return Page.Show<PaletteResults>(new { Query = text, Rows = rows, Staff = http.Staff() });
    }

    private static async Task<IReadOnlyList<InboxRow>> RowsAsync(
        IReadOnlyList<FoundTicket> found, InboxReader inbox, Database database, Staff staff, int most, CancellationToken cancellation)
    {
        var ids = found.Take(most).Select(ticket => ticket.TicketId).ToList();
        if (ids.Count == 0)
            return [];
        var rows = await inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff).Where(ticket => ids.Contains(ticket.Id))).ToDictionaryAsync(row => row.Id, cancellation);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    private static async Task<IResult> ShowNotificationsAsync(HttpContext http, Database database, RailReader rails, TimeProvider time, CancellationToken cancellation)
    {
        const int shown = 100;
        var staff = http.Staff();
        var rows = await (
            from notification in database.Set<StaffNotification>().AsNoTracking().Where(row => row.StaffId == staff.Id).OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(shown)
            join ticket in database.Set<Ticket>().AsNoTracking().VisibleTo(staff) on notification.TicketId equals ticket.Id
            orderby notification.CreatedAt descending, notification.Id descending
            select new NotificationsPage.Row(notification.Kind, notification.ActorName, notification.TicketId, notification.MessageId, ticket.Subject, ticket.Language, notification.CreatedAt, notification.ReadAt == null, null)).ToListAsync(cancellation);
        rows.AddRange(await database.Set<StaffNotice>().AsNoTracking().Where(notice => notice.StaffId == staff.Id).OrderByDescending(notice => notice.CreatedAt).ThenByDescending(notice => notice.Id).Take(shown)
            .Select(notice => new NotificationsPage.Row(notice.Kind, notice.ActorName, null, null, notice.Subject, notice.Language, notice.CreatedAt, notice.ReadAt == null, notice.Address)).ToListAsync(cancellation));
        return Page.Show<NotificationsPage>(new { Rows = rows.OrderByDescending(row => row.At).Take(shown).ToList(), Rail = await rails.ReadAsync(staff, cancellation), Now = time.Now() });
    }

    private static async Task<IResult> ReadNotificationsAsync(HttpContext http, Database database, TimeProvider time, CancellationToken cancellation)
    {
        var (staff, now) = (http.Staff(), time.Now());
        await database.Set<StaffNotification>().Where(row => row.StaffId == staff.Id && row.ReadAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadAt, now), cancellation);
        await database.Set<StaffNotice>().Where(row => row.StaffId == staff.Id && row.ReadAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ReadAt, now), cancellation);
        return Page.GoTo("/agent/notifications");
    }

    private static Task<IResult> ShowBlockedAsync(HttpContext http, Database database, RailReader rails, DeskNamesCache names, TimeProvider time, long? ticket, CancellationToken cancellation) =>
        BlockedPageAsync(http, database, rails, names, time, "", ticket, [], cancellation);

    private static async Task<IResult> BlockAsync(
        HttpContext http, Database database, BlockSender block, RailReader rails, DeskNamesCache names, TimeProvider time,
        [FromForm] string? pattern, [FromForm] string? chosen, [FromForm] string? reason, [FromForm] long? ticket, CancellationToken cancellation)
    {
        var outcome = await block.RunAsync(chosen ?? pattern ?? "", reason ?? "", http.Staff(), cancellation);
        return outcome.Succeeded
            ? Page.GoTo(ticket is { } number ? $"/agent/blocked-senders?ticket={number}" : "/agent/blocked-senders")
            : await BlockedPageAsync(http, database, rails, names, time, pattern ?? "", ticket, outcome.Problems, cancellation);
    }

    private static async Task<IResult> LiftAsync(HttpContext http, BlockSender block, long id, CancellationToken cancellation) =>
        await block.LiftAsync(id, http.Staff(), cancellation) ? Page.GoTo("/agent/blocked-senders") : TypedResults.NotFound();

    private static async Task<IResult> BlockedPageAsync(
        HttpContext http, Database database, RailReader rails, DeskNamesCache names, TimeProvider time, string pattern, long? ticketId, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        const int shown = 500;
        var staff = http.Staff();
        var rows = await database.Set<BlockedSender>().AsNoTracking().OrderByDescending(row => row.Id).Take(shown).ToListAsync(cancellation);
        var known = rows.Select(row => row.Pattern).ToHashSet(StringComparer.Ordinal);
        var ticket = ticketId is null ? null : await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(row => row.Id == ticketId, cancellation);
        var proposals = ticket is null || staff.MasksContacts ? [] : await PatternsOfAsync(database, ticket, cancellation);
        var parameters = new
        {
            Rows = rows, Pattern = pattern, TicketId = ticket?.Id, Proposals = proposals.Where(proposal => !known.Contains(proposal)).ToList(),
            Problems = problems, Rail = await rails.ReadAsync(staff, cancellation), Names = await names.ReadAsync(cancellation), Now = time.Now(),
        };
        return problems.Count > 0 ? Page.ShowProblems<BlockedPage>(parameters) : Page.Show<BlockedPage>(parameters);
    }

    /// <summary>What a ticket's sender can be blocked by: addresses and numbers, and the network that a visitor without any came from.</summary>
    private static async Task<List<string>> PatternsOfAsync(Database database, Ticket ticket, CancellationToken cancellation)
    {
        const int mostContacts = 10;
        var contacts = await database.Set<CustomerContact>().Where(contact => contact.CustomerId == ticket.CustomerId).OrderBy(contact => contact.Id).Select(contact => contact.Value).Take(mostContacts).ToListAsync(cancellation);
        var last = await database.Set<Visitor>().Where(visitor => visitor.CustomerId == ticket.CustomerId && visitor.SiteId == ticket.SiteId && visitor.Address != null)
            .OrderByDescending(visitor => visitor.LastSeenAt).Select(visitor => visitor.Address).FirstOrDefaultAsync(cancellation);
        return BlockSender.NetworkAddress(last) is { } address ? [.. contacts, address.ToString(), .. BlockSender.RangeOf(address) is { } range ? [range] : Array.Empty<string>()] : contacts;
    }

    private static async Task<IResult> ShowNewAsync(HttpContext http, RailReader rails, DeskNamesCache names, CancellationToken cancellation) =>
        Page.Show<NewTicketPage>(new { Rail = await rails.ReadAsync(http.Staff(), cancellation), Names = await names.ReadAsync(cancellation), Request = new NewTicketPage.Fields { Submission = Tokens.New() } });

    private static async Task<IResult> OpenAsync(
        HttpContext http, Database database, OpenTicket open, FindCustomer find, RailReader rails, DeskNamesCache names, TimeProvider time, [FromForm] NewTicketPage.Fields? fields, CancellationToken cancellation)
    {
        fields ??= new NewTicketPage.Fields();
        var staff = http.Staff();
        var address = ContactAddress.Parse(fields.Contact, ContactAddress.CountryOf(staff.Language));
        var problems = new List<Problem>();
        if (fields.Contact.Trim().Length > 0 && address is null)
            problems.Add(new Problem("contact", "new.contact-wrong"));
        if (!staff.SeesSite(fields.Site) || !(await names.ReadAsync(cancellation)).Sites.ContainsKey(fields.Site))
            problems.Add(new Problem("site", "ticket.not-found"));
        if (problems.Count == 0)
        {
            var customer = (address is null ? null : await find.ByContactAsync(address, cancellation)) ?? NewCustomer(database, fields, address, time.Now());
            // Pressed again after a lost answer, it is the same ticket also where nothing is known of the customer.
            var token = Tokens.For(fields.Submission, $"staff:{staff.Id}");
            // What a caller said is the caller's question, which waits for an answer; what we write first is ours, and goes out.
            var request = NewTicketPage.Noted.Contains(fields.Channel)
                ? new OpenTicket.Request(fields.Site, customer, fields.Channel, fields.Submission, fields.Text, Actor.Customer(customer.Id, customer.DisplayName), fields.Subject, NotedBy: staff.AsActor(), Token: token)
                : new OpenTicket.Request(fields.Site, customer, "workspace", fields.Submission, fields.Text, staff.AsActor(), fields.Subject, Token: token);
            var outcome = await open.RunAsync(request, cancellation);
            if (outcome.Succeeded)
                return Page.GoTo($"/agent/tickets/{outcome.Value.Ticket.Id}");
            problems.AddRange(outcome.Problems);
        }

        return Page.ShowProblems<NewTicketPage>(new { Rail = await rails.ReadAsync(staff, cancellation), Names = await names.ReadAsync(cancellation), Request = fields, Problems = problems });
    }

    private static Customer NewCustomer(Database database, NewTicketPage.Fields fields, ContactAddress? address, DateTime now)
    {
        var customer = new Customer { Name = PersonName.Tidy(fields.Name, null), CreatedAt = now };
        if (address is not null)
            customer.AddContact(address, now);
        database.Add(customer);
        return customer;
    }

    private static async Task<IResult> ShowSubjectAsync(HttpContext http, Database database, RailReader rails, long id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        return await FindTicketAsync(database, staff, id, cancellation) is { } ticket
            ? Page.Show<SubjectPage>(new { Ticket = ticket, Subject = ticket.Subject, Rail = await rails.ReadAsync(staff, cancellation) })
            : TypedResults.NotFound();
    }

    private static async Task<IResult> RenameAsync(HttpContext http, Database database, ChangeTickets changes, RailReader rails, long id, [FromForm] string? subject, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var outcome = await changes.RunAsync([id], new ChangeTickets.Changes { Subject = subject ?? "" }, staff, cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"/agent/tickets/{id}");
        return await FindTicketAsync(database, staff, id, cancellation) is { } ticket
            ? Page.ShowProblems<SubjectPage>(new { Ticket = ticket, Subject = subject ?? "", outcome.Problems, Rail = await rails.ReadAsync(staff, cancellation) })
            : TypedResults.NotFound();
    }

    private static async Task<IResult> ShowMergerAsync(HttpContext http, Database database, InboxReader inbox, RailReader rails, long id, CancellationToken cancellation) =>
        await MergerPageAsync(http, database, inbox, rails, id, "", [], cancellation);

    private static async Task<IResult> MergeAsync(
        HttpContext http, Database database, MergeTickets merge, InboxReader inbox, RailReader rails, long id, [FromForm] string? into, CancellationToken cancellation)
    {
        var target = long.TryParse((into ?? "").Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var outcome = await merge.RunAsync(id, target, http.Staff(), cancellation);
        return outcome.Succeeded ? Page.GoTo($"/agent/tickets/{outcome.Value.Id}") : await MergerPageAsync(http, database, inbox, rails, id, into ?? "", outcome.Problems, cancellation);
    }

    private static async Task<IResult> MergerPageAsync(
        HttpContext http, Database database, InboxReader inbox, RailReader rails, long id, string into, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        const int shown = 10;
        var staff = http.Staff();
        if (await FindTicketAsync(database, staff, id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        var candidates = await inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff)
            .Where(row => row.CustomerId == ticket.CustomerId && row.SiteId == ticket.SiteId && row.Id != id && row.MergedIntoId == null)
            .OrderByDescending(row => row.CreatedAt).Take(shown)).ToListAsync(cancellation);
        var parameters = new { Ticket = ticket, Into = into, Candidates = candidates, Problems = problems, Rail = await rails.ReadAsync(staff, cancellation) };
        return problems.Count > 0 ? Page.ShowProblems<MergerPage>(parameters) : Page.Show<MergerPage>(parameters);
    }

    private static Task<Ticket?> FindTicketAsync(Database database, Staff staff, long id, CancellationToken cancellation) =>
        database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation);
}
