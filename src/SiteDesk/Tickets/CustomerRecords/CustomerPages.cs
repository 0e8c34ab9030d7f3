using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.CustomerRecords;

/// <summary>Reads what the pages of a customer's record show.</summary>
public sealed class CustomerPages(
    Database database, InboxReader inbox, RailReader rails, DeskNamesCache names, DuplicateReader duplicates, EraseCustomer erase, TimeProvider time)
{
    private const int TicketsShown = 50, MergesShown = 20;

    /// <summary>The record, tracked, if this person may see it.</summary>
    public Task<Customer?> FindAsync(Staff staff, long id, CancellationToken cancellation) =>
        database.Set<Customer>().Include(customer => customer.Contacts).VisibleTo(database, staff).FirstOrDefaultAsync(customer => customer.Id == id, cancellation);

    public async Task<bool> SeesAllOfAsync(Staff staff, long one, long other, CancellationToken cancellation) =>
        await staff.SeesAllOfAsync(database, one, cancellation) && await staff.SeesAllOfAsync(database, other, cancellation);

    /// <summary>The page once more, with what has to be mended, as the record is now.</summary>
    public async Task<IResult> ShowAgainAsync(
        HttpContext http, long id, IReadOnlyList<Problem> problems, CancellationToken cancellation, CustomerPage.Fields? fields = null, string? newContact = null)
    {
        database.ChangeTracker.Clear();
        return await FindAsync(http.Staff(), id, cancellation) is { } customer
            ? await ShowAsync(http, customer, problems, cancellation, fields, newContact)
            : TypedResults.NotFound();
    }

    public async Task<IResult> ShowAsync(
        HttpContext http, Customer customer, IReadOnlyList<Problem> problems, CancellationToken cancellation, CustomerPage.Fields? fields = null, string? newContact = null)
    {
        var staff = http.Staff();
        var rows = await inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff).Where(ticket => ticket.CustomerId == customer.Id)
            .OrderByDescending(ticket => ticket.CreatedAt).Take(TicketsShown)).ToListAsync(cancellation);
        var merges = await database.Set<CustomerMerge>().AsNoTracking()
            .Where(merge => merge.IntoId == customer.Id && merge.UndoneAt == null && database.Set<Customer>().Any(from => from.Id == merge.FromId && from.MergedIntoId == customer.Id))
            .OrderByDescending(merge => merge.At).Take(MergesShown).ToListAsync(cancellation);
        var parameters = new
        {
            Customer = customer,
            Request = fields ?? CustomerPage.Fields.Of(customer),
            NewContact = newContact ?? "",
            Rows = rows,
            Duplicates = staff.May(CustomerPermissions.Change) ? await duplicates.LikelyAsync(customer, staff, cancellation) : [],
            Merges = (IReadOnlyList<CustomerMerge>)merges,
            Problems = problems,
            Notice = NoticeOf(http),
            Rail = await rails.ReadAsync(staff, cancellation),
            Names = await names.ReadAsync(cancellation),
            Now = time.Now(),
        };
        return problems.Count > 0 ? Page.ShowProblems<CustomerPage>(parameters) : Page.Show<CustomerPage>(parameters);
    }

    public async Task<IResult> ShowMergerAsync(HttpContext http, long id, long? with, string query, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var staff = http.Staff();
        database.ChangeTracker.Clear();
        if (await FindAsync(staff, id, cancellation) is not { } customer)
            return TypedResults.NotFound();
        var other = with is { } otherId && otherId != id ? await FindAsync(staff, otherId, cancellation) : null;
        if (with is not null && other is null && problems.Count == 0)
            problems = [new Problem("with", "merge-customers.unknown")];
        var parameters = new
        {
            Customer = customer,
            Own = other is null ? null : await SideAsync(customer, staff, cancellation),
            Other = other is null ? null : await SideAsync(other, staff, cancellation),
            Query = query,
            Candidates = other is not null ? [] : query.Length > 0 ? await duplicates.SearchAsync(query, id, staff, cancellation) : await duplicates.LikelyAsync(customer, staff, cancellation),
            Problems = problems,
            Rail = await rails.ReadAsync(staff, cancellation),
        };
        return problems.Count > 0 ? Page.ShowProblems<CustomerMergerPage>(parameters) : Page.Show<CustomerMergerPage>(parameters);
    }

    public async Task<IResult> ShowErasureAsync(HttpContext http, long id, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        database.ChangeTracker.Clear();
        if (await FindAsync(http.Staff(), id, cancellation) is not { } customer)
            return TypedResults.NotFound();
        var parameters = new { Customer = customer, Count = await erase.CountAsync(id, cancellation), Problems = problems, Rail = await rails.ReadAsync(http.Staff(), cancellation) };
        return problems.Count > 0 ? Page.ShowProblems<CustomerErasurePage>(parameters) : Page.Show<CustomerErasurePage>(parameters);
    }

    private async Task<CustomerMergerPage.Side> SideAsync(Customer customer, Staff staff, CancellationToken cancellation) => new(
        customer,
        await database.Set<Ticket>().VisibleTo(staff).CountAsync(ticket => ticket.CustomerId == customer.Id, cancellation),
        await database.Set<PageVisit>().CountAsync(visit => visit.CustomerId == customer.Id, cancellation));

    /// <summary>What was just done, from the address a form led to; only texts that exist are shown.</summary>
    private static string? NoticeOf(HttpContext http) =>
        http.Request.Query["done"].ToString() is { Length: > 0 and < 40 } done && http.Texts().Has($"customer-done.{done}") ? $"customer-done.{done}" : null;
}
