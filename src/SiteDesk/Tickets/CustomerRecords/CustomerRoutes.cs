using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets.CustomerRecords;

/// <summary>A customer's own page: who they are, how to reach and address them, everything they asked.</summary>
public static class CustomerRoutes
{
    public static IServiceCollection AddCustomerRecords(this IServiceCollection services)
    {
        services.AddScoped<DuplicateReader>();
        services.AddScoped<CustomerPages>();
        services.AddScoped<RemoveCustomer>();
        services.AddScoped<EraseCustomer>();
        services.AddScoped<ExportCustomer>();
        services.AddHandler<CustomersMerged, TellOfMerges>();
        services.AddHandler<CustomersSplit, TellOfMerges>();
        return services;
    }

    public static void MapCustomerPages(this IEndpointRouteBuilder routes)
    {
        const string one = "/agent/customers/{id:long}";
        routes.MapGet(one, ShowAsync).Needs(CustomerPermissions.Read);
        routes.MapPost(one, CorrectAsync).Needs(CustomerPermissions.Change);
        routes.MapPost(one + "/contacts", AddContactAsync).Needs(CustomerPermissions.Change);
        routes.MapPost(one + "/contacts/{contactId:long}/proof", ProveAsync).Needs(CustomerPermissions.Change);
        routes.MapPost(one + "/contacts/{contactId:long}/removal", RemoveContactAsync).Needs(CustomerPermissions.Change);
        routes.MapGet(one + "/merger", ShowMergerAsync).Needs(CustomerPermissions.Change);
        routes.MapPost(one + "/merger", MergeAsync).Needs(CustomerPermissions.Change);
        routes.MapPost(one + "/merges/{mergeId:long}/undoing", SplitAsync).Needs(CustomerPermissions.Change);
        routes.MapGet(one + "/data", ExportAsync).Needs(CustomerPermissions.Export);
        routes.MapGet(one + "/erasure", ShowErasureAsync).Needs(CustomerPermissions.Erase);
        routes.MapPost(one + "/erasure", EraseAsync).Needs(CustomerPermissions.Erase);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, CustomerPages pages, FindCustomer find, long id, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http.Staff(), id, cancellation) is { } customer)
            return await pages.ShowAsync(http, customer, [], cancellation);

        // A record that was merged leads to the one it became, for whoever may see that.
        return await find.ByIdAsync(id, cancellation) is { } root && root.Id != id && await pages.FindAsync(http.Staff(), root.Id, cancellation) is not null
            ? Page.GoTo($"/agent/customers/{root.Id}")
            : TypedResults.NotFound();
    }

    private static async Task<IResult> CorrectAsync(HttpContext http, CustomerPages pages, CorrectCustomer correct, long id, [FromForm] CustomerPage.Fields? fields, CancellationToken cancellation)
    {
        fields ??= new CustomerPage.Fields();
        if (await pages.FindAsync(http.Staff(), id, cancellation) is not { } customer)
            return TypedResults.NotFound();
        var outcome = await correct.RunAsync(customer, new CustomerCorrection(fields.Name, fields.AddressAs, fields.Language, fields.Remarks, fields.Version), http.Staff(), cancellation);
        return outcome.Succeeded ? Done(id, "saved") : await pages.ShowAgainAsync(http, id, outcome.Problems, cancellation, fields);
    }

    private static async Task<IResult> AddContactAsync(HttpContext http, CustomerPages pages, CorrectCustomer correct, long id, [FromForm(Name = "Contact")] string? text, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http.Staff(), id, cancellation) is not { } customer)
            return TypedResults.NotFound();
        var outcome = await correct.AddContactAsync(customer, text ?? "", ContactAddress.CountryOf(http.Texts().Language), http.Staff(), cancellation);
        return outcome.Succeeded ? Done(id, "contact-added") : await pages.ShowAgainAsync(http, id, outcome.Problems, cancellation, newContact: text);
    }

    private static async Task<IResult> RemoveContactAsync(HttpContext http, CustomerPages pages, CorrectCustomer correct, long id, long contactId, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http.Staff(), id, cancellation) is not { } customer)
            return TypedResults.NotFound();
        var outcome = await correct.RemoveContactAsync(customer, contactId, http.Staff(), cancellation);
        return outcome.Succeeded ? Done(id, "contact-removed") : await pages.ShowAgainAsync(http, id, outcome.Problems, cancellation);
    }

    private static async Task<IResult> ProveAsync(HttpContext http, CustomerPages pages, ProveContact prove, long id, long contactId, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (await pages.FindAsync(staff, id, cancellation) is not { } customer || customer.Contacts.Find(contact => contact.Id == contactId) is not { } contact)
            return TypedResults.NotFound();
        if (staff.MasksContacts)
            return await pages.ShowAgainAsync(http, id, [new Problem("Contact", "customer.contacts-masked")], cancellation);
        var outcome = await prove.RunAsync(new ProveContact.Request(id, new ContactAddress(contact.Kind, contact.Value, contact.Shown), ContactProof.StaffDecision, staff.AsActor()), cancellation);
        return outcome.Succeeded ? Done(id, "contact-proven") : await pages.ShowAgainAsync(http, id, outcome.Problems, cancellation);
    }

    private static async Task<IResult> ShowMergerAsync(HttpContext http, CustomerPages pages, long id, long? with, string? query, CancellationToken cancellation) =>
        await pages.ShowMergerAsync(http, id, with, query ?? "", [], cancellation);

    private static async Task<IResult> MergeAsync(
        HttpContext http, CustomerPages pages, MergeCustomers merge, long id, [FromForm] long? with, [FromForm] long? stays, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (await pages.FindAsync(staff, id, cancellation) is null)
            return TypedResults.NotFound();
        if (with is not { } other || stays is not { } into || into != id && into != other || await pages.FindAsync(staff, other, cancellation) is null)
            return await pages.ShowMergerAsync(http, id, null, "", [new Problem("with", "merge-customers.unknown")], cancellation);
        if (!await pages.SeesAllOfAsync(staff, id, other, cancellation))
            return await pages.ShowMergerAsync(http, id, other, "", [new Problem("", "customer-data.not-all-visible")], cancellation);
        var outcome = await merge.RunAsync(into == id ? other : id, into, MergeReason.StaffDecision, staff.AsActor(), cancellation);
        return outcome.Succeeded ? Done(outcome.Value, "merged") : await pages.ShowMergerAsync(http, id, other, "", outcome.Problems, cancellation);
    }

    private static async Task<IResult> SplitAsync(HttpContext http, Database database, CustomerPages pages, SplitCustomers split, long id, long mergeId, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var isTheirs = await database.Set<CustomerMerge>().AnyAsync(merge => merge.Id == mergeId && merge.IntoId == id, cancellation);
        if (!isTheirs || await pages.FindAsync(staff, id, cancellation) is null)
            return TypedResults.NotFound();
        if (!await staff.SeesAllOfAsync(database, id, cancellation))
            return await pages.ShowAgainAsync(http, id, [new Problem("", "customer-data.not-all-visible")], cancellation);
        var outcome = await split.RunAsync(mergeId, staff.AsActor(), cancellation);
        return outcome.Succeeded ? Done(id, "split") : await pages.ShowAgainAsync(http, id, outcome.Problems, cancellation);
    }

    private static async Task<IResult> ExportAsync(HttpContext http, CustomerPages pages, ExportCustomer export, long id, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http.Staff(), id, cancellation) is not { } customer)
            return TypedResults.NotFound();

        // Who sees addresses masked would see them whole in the archive.
        return http.Staff().MasksContacts
            ? await pages.ShowAgainAsync(http, id, [new Problem("", "customer.contacts-masked")], cancellation)
            : TypedResults.Stream(await export.RunAsync(customer, http.Staff(), cancellation), "application/zip", $"customer-{id}.zip");
    }

    private static async Task<IResult> ShowErasureAsync(HttpContext http, CustomerPages pages, long id, CancellationToken cancellation) =>
        await pages.ShowErasureAsync(http, id, [], cancellation);

    private static async Task<IResult> EraseAsync(HttpContext http, CustomerPages pages, EraseCustomer erase, long id, [FromForm] string? confirmation, CancellationToken cancellation)
    {
        if (await pages.FindAsync(http.Staff(), id, cancellation) is null)
            return TypedResults.NotFound();
        if (confirmation?.Trim().TrimStart('#') != id.ToString(System.Globalization.CultureInfo.InvariantCulture))
            return await pages.ShowErasureAsync(http, id, [new Problem("confirmation", "customer-data.confirm-wrong")], cancellation);
        var outcome = await erase.RunAsync(id, http.Staff(), cancellation);
        if (!outcome.Succeeded)
            return await pages.ShowErasureAsync(http, id, outcome.Problems, cancellation);
        return TurboStream.IsWanted(http)
            ? TurboStream.Show<LeaveStreams>(new { Text = http.Texts()["toast.customer-erased", ("count", outcome.Value.Tickets)], To = "/agent/tickets" })
            : Page.GoTo("/agent/tickets");
    }

    private static RedirectSeeOther Done(long id, string what) => Page.GoTo($"/agent/customers/{id}?done={what}");
}
