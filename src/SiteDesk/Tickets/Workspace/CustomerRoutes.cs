using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>A customer's own page: who they are, how to reach and address them, everything they asked.</summary>
public static class CustomerRoutes
{
    private const int TicketsShown = 50, LongestRemarks = 4000;

    public static void MapCustomerPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/agent/customers/{id:long}", ShowAsync).Needs(CustomerPermissions.Read);
        routes.MapPost("/agent/customers/{id:long}", ChangeAsync).Needs(CustomerPermissions.Change);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, Database database, InboxReader inbox, RailReader rails, DeskNamesCache names, TimeProvider time, long id, CancellationToken cancellation)
    {
        if (await FindAsync(database, http.Staff(), id, cancellation) is not { } customer)
            return TypedResults.NotFound();
        var fields = new CustomerPage.Fields { Name = customer.Name, AddressAs = customer.AddressAs, Language = customer.Language, Remarks = customer.Remarks, Version = customer.Version };
        return await PageAsync(http, database, inbox, rails, names, time, customer, fields, [], cancellation);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http, Database database, InboxReader inbox, RailReader rails, DeskNamesCache names, TimeProvider time, long id, [FromForm] CustomerPage.Fields fields, CancellationToken cancellation)
    {
        if (await FindAsync(database, http.Staff(), id, cancellation) is not { } customer)
            return TypedResults.NotFound();
        var problems = Check(fields, customer, out var contact);
        if (problems.Count > 0)
            return await PageAsync(http, database, inbox, rails, names, time, customer, fields, problems, cancellation);

        customer.Name = fields.Name.Trim();
        customer.AddressAs = fields.AddressAs.Trim();
        customer.Language = Languages.Match(fields.Language);
        customer.Remarks = fields.Remarks.Trim();
        if (contact is not null && !http.Staff().MasksContacts)
            customer.AddContact(contact, time.Now());
        await database.SaveChangesAsync(cancellation);
        return Page.GoTo($"/agent/customers/{id}");
    }

    private static List<Problem> Check(CustomerPage.Fields fields, Customer customer, out ContactAddress? contact)
    {
        var problems = new List<Problem>();
        contact = ContactAddress.Parse(fields.Contact);
        if (fields.Name.Length > 200 || fields.AddressAs.Length > 200 || fields.Remarks.Length > LongestRemarks)
            problems.Add(new Problem("Name", "customer.too-long"));
        if (fields.Contact.Trim().Length > 0 && contact is null)
            problems.Add(new Problem("Contact", "new.contact-wrong"));
        if (fields.Version != customer.Version)
            problems.Add(new Problem("", "customer.moved"));
        fields.Version = customer.Version;
        return problems;
    }

    /// <summary>Staff confined to sites or teams see the customers of the tickets they may see, and nobody else.</summary>
    private static async Task<Customer?> FindAsync(Database database, Staff staff, long id, CancellationToken cancellation)
    {
        var isConfined = staff.SiteIds is not null || staff.TeamIds is not null;
        if (isConfined && !await database.Set<Ticket>().VisibleTo(staff).AnyAsync(ticket => ticket.CustomerId == id, cancellation))
            return null;
        return await database.Set<Customer>().Include(customer => customer.Contacts).FirstOrDefaultAsync(customer => customer.Id == id, cancellation);
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, Database database, InboxReader inbox, RailReader rails, DeskNamesCache names, TimeProvider time,
        Customer customer, CustomerPage.Fields fields, IReadOnlyList<Problem> problems, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var rows = await inbox.RowsOf(database.Set<Ticket>().AsNoTracking().VisibleTo(staff).Where(ticket => ticket.CustomerId == customer.Id)
            .OrderByDescending(ticket => ticket.CreatedAt).Take(TicketsShown)).ToListAsync(cancellation);
        var parameters = new { Customer = customer, Request = fields, Rows = rows, Problems = problems, Rail = await rails.ReadAsync(staff, cancellation), Names = await names.ReadAsync(cancellation), Now = time.Now() };
        return problems.Count > 0 ? Page.ShowProblems<CustomerPage>(parameters) : Page.Show<CustomerPage>(parameters);
    }
}
