using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Api;

/// <summary>Customers. Staff who are confined to sites or teams see the customers of the tickets they may see.</summary>
internal static class CustomerEndpoints
{
    public static void MapCustomerApi(this RouteGroupBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");
        customers.MapGet("", ListAsync).Scoped(ApiScopes.ReadCustomers).Needs(CustomerPermissions.Read)
            .WithSummary("List customers, newest first; or find them by address or own key").Produces<ApiPage<CustomerResource>>();
        customers.MapPost("", MakeAsync).Scoped(ApiScopes.WriteCustomers).Needs(CustomerPermissions.Change).Takes<CustomerReference>()
            .WithSummary("Make a customer").WithDescription("Gives the record that is already there for the same external key or address (200), so a repeat is harmless.")
            .Produces<CustomerResource>(StatusCodes.Status201Created).Produces<CustomerResource>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        customers.MapGet("/{id:long}", GetAsync).Scoped(ApiScopes.ReadCustomers).Needs(CustomerPermissions.Read)
            .WithSummary("Get a customer").Produces<CustomerResource>().ProducesProblem(StatusCodes.Status404NotFound);
        customers.MapPatch("/{id:long}", ChangeAsync).Scoped(ApiScopes.WriteCustomers).Needs(CustomerPermissions.Change).Takes<CustomerChanges>()
            .WithSummary("Change a customer").Produces<CustomerResource>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Records that claim one address; more are not told apart by a list.</summary>
    private const int MostOwners = 1000;

    /// <summary>How often a change is begun anew when somebody else was quicker.</summary>
    private const int Tries = 5;

    private static async Task<IResult> ListAsync(
        HttpContext http, Database database, string? email, string? phone, string? externalId, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (ApiCursor.IsForeign(cursor, 1))
            return ApiCursor.Refuse(http);
        var customers = database.Set<Customer>().AsNoTracking().VisibleTo(database, http.Staff());
        if (externalId is not null)
            customers = customers.Where(customer => customer.ExternalId == externalId);
        // Who sees addresses masked would otherwise try whether one is there.
        if (http.Staff().MasksContacts && (email ?? phone) is not null)
            return ApiProblem.Of(http, [new Problem(email is null ? "phone" : "email", "customer.contacts-masked")]);
        foreach (var (text, kind) in new[] { (email, ContactKind.Email), (phone, ContactKind.Phone) })
        {
            if (text is null)
                continue;
            var value = ContactAddress.Parse(text)?.Value ?? "";
            // Whose address it is has an index; asked of each customer in turn it would be asked of all.
            var owners = await database.Set<CustomerContact>().Where(contact => contact.Kind == kind && contact.Value == value)
                .OrderByDescending(contact => contact.CustomerId).Select(contact => contact.CustomerId).Take(MostOwners).ToListAsync(cancellation);
            customers = customers.Where(customer => owners.Contains(customer.Id));
        }

        if (ApiCursor.Read(cursor, 1) is [var before])
            customers = customers.Where(customer => customer.Id < before);
        var wanted = ApiCursor.Limit(limit);
        var rows = await customers.OrderByDescending(customer => customer.Id).Include(customer => customer.Contacts).Take(wanted + 1).ToListAsync(cancellation);
        var page = rows.Take(wanted).ToList();
        return TypedResults.Ok(new ApiPage<CustomerResource>(
            page.ConvertAll(customer => CustomerResource.Of(customer, http.Staff())), rows.Count > wanted ? ApiCursor.Write(page[^1].Id) : null));
    }

    /// <summary>A record that was merged is answered with the one it became: programs keep old numbers.</summary>
    private static async Task<IResult> GetAsync(HttpContext http, Database database, FindCustomer find, long id, CancellationToken cancellation)
    {
        var root = (await find.ByIdAsync(id, cancellation))?.Id;
        return await database.Set<Customer>().AsNoTracking().VisibleTo(database, http.Staff()).Include(customer => customer.Contacts).FirstOrDefaultAsync(customer => customer.Id == root, cancellation) is { } customer
            ? TypedResults.Ok(CustomerResource.Of(customer, http.Staff()))
            : ApiProblem.Of(http, StatusCodes.Status404NotFound, "customer.not-found");
    }

    private static async Task<IResult> MakeAsync(HttpContext http, Database database, CustomerOfRequest customers, SiteDirectory sites, CancellationToken cancellation)
    {
        var (body, problem) = await ApiProblem.ReadAsync<CustomerReference>(http);
        if (body is null)
            return problem!;
        var staff = http.Staff();
        if ((await sites.VisibleToAsync(staff, cancellation)).FirstOrDefault() is not { } site)
            return ApiProblem.Of(http, [new Problem("", "api.site-needed")]);
        // The same key may be stored at the same moment: then the record is there when it is looked for again.
        return await database.AgainOnConflictAsync(Tries, FindOrStoreAsync, cancellation);

        async Task<IResult> FindOrStoreAsync()
        {
            var outcome = await customers.FindOrMakeAsync(body, site, staff, cancellation);
            if (!outcome.Succeeded)
                return ApiProblem.Of(http, outcome.Problems);
            var customer = outcome.Value;
            if (!await customers.IsVisibleAsync(customer, staff, cancellation))
                return ApiProblem.Of(http, StatusCodes.Status409Conflict, "api.customer-elsewhere");
            if (customer.Id != 0)
                return TypedResults.Ok(CustomerResource.Of(customer, staff));
            database.Add(customer);
            await database.SaveChangesAsync(cancellation);
            return TypedResults.Created($"/api/v1/customers/{customer.Id}", CustomerResource.Of(customer, staff));
        }
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, Database database, AuditLog audit, TimeProvider time, long id, CancellationToken cancellation)
    {
        var (body, problem) = await ApiProblem.ReadAsync<CustomerChanges>(http);
        if (body is null)
            return problem!;
        var staff = http.Staff();
        // What is left out stays, so a change of somebody else at the same moment is no obstacle: this one is made on top of it.
        return await database.AgainOnConflictAsync(Tries, ApplyAsync, cancellation);

        async Task<IResult> ApplyAsync()
        {
            var customer = await database.Set<Customer>().VisibleTo(database, staff).Include(customer => customer.Contacts).FirstOrDefaultAsync(customer => customer.Id == id, cancellation);
            if (customer is null)
                return ApiProblem.Of(http, StatusCodes.Status404NotFound, "customer.not-found");
            if (Apply(body, customer, staff, time.Now()) is { Count: > 0 } problems)
                return ApiProblem.Of(http, problems);
            audit.Write(staff.AsActor(), "customer.changed", $"customer:{customer.Id}");
            await database.SaveChangesAsync(cancellation);
            return TypedResults.Ok(CustomerResource.Of(customer, staff));
        }
    }

    private static List<Problem> Apply(CustomerChanges changes, Customer customer, Staff staff, DateTime now)
    {
        var problems = new List<Problem>();
        if (changes.Language is not null && Languages.Match(changes.Language) is null)
            problems.Add(new Problem("language", "api.value-unknown", ("field", "language")));
        if (changes.TimeZone is not null && !TimeZones.Exists(changes.TimeZone))
            problems.Add(new Problem("timeZone", "api.value-unknown", ("field", "timeZone")));
        if (changes.Remarks?.Length > CorrectCustomer.LongestRemarks)
            problems.Add(new Problem("remarks", "customer.too-long"));
        var contacts = ContactsOf(changes, customer, staff, problems);
        if (problems.Count > 0)
            return problems;

        customer.Name = changes.Name is null ? customer.Name : PersonName.Tidy(CustomerOfRequest.Bounded(changes.Name), Languages.Match(changes.Language) ?? customer.Language);
        customer.AddressAs = changes.AddressAs is null ? customer.AddressAs : CustomerOfRequest.Bounded(changes.AddressAs);
        customer.Language = changes.Language is null ? customer.Language : Languages.Match(changes.Language);
        customer.TimeZone = changes.TimeZone ?? customer.TimeZone;
        customer.Remarks = changes.Remarks is null ? customer.Remarks : MessageComposer.Clean(changes.Remarks);
        foreach (var contact in contacts)
            customer.AddContact(contact, now);
        return problems;
    }

    /// <summary>What is to be added to the addresses and numbers of the record, by the rules of its page (<see cref="CorrectCustomer"/>).</summary>
    private static List<ContactAddress> ContactsOf(CustomerChanges changes, Customer customer, Staff staff, List<Problem> problems)
    {
        var contacts = new List<ContactAddress>();
        foreach (var (field, text, address) in new[]
        {
            ("email", changes.Email, changes.Email is null ? null : ContactAddress.ParseEmail(changes.Email)),
            ("phone", changes.Phone, changes.Phone is null ? null : ContactAddress.ParsePhone(changes.Phone)),
        })
        {
            if (text is null)
                continue;
            if (staff.MasksContacts)
                problems.Add(new Problem(field, "customer.contacts-masked"));
            else if (address is null)
                problems.Add(new Problem(field, "api.value-unknown", ("field", field)));
            else if (!customer.Contacts.Exists(known => known.Kind == address.Kind && known.Value == address.Value))
                contacts.Add(address);
        }

        if (customer.Contacts.Count + contacts.Count > CorrectCustomer.MostContacts)
            problems.Add(new Problem("", "customer.too-many-contacts", ("count", CorrectCustomer.MostContacts)));
        return contacts;
    }
}
