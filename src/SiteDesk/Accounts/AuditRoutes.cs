using System.Globalization;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Accounts;

/// <summary>The audit log's page and its export.</summary>
internal static class AuditRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/agent/audit", ShowAsync).Needs(AccountPermissions.ReadAudit);
        routes.MapGet("/agent/audit/export", ExportAsync).Needs(AccountPermissions.ReadAudit);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, AuditReader reader, StaffReader staff, Database database, SiteDirectory sites, TextCatalog texts, string? person, string? action, string? from, string? to, string? before, CancellationToken cancellation)
    {
        var filter = Read(person, action, from, to, before);
        var page = await reader.ReadAsync(http.Staff(), filter, http.Texts().TimeZone, cancellation);
        const string start = "audit.";
        var actions = texts.KeysOf(http.Texts().Language).Where(key => key.StartsWith(start, StringComparison.Ordinal)).Select(key => key[start.Length..]).Order(StringComparer.Ordinal).ToList();
        return Page.Show<AuditPage>(new
        {
            Filter = filter, Lines = page.Lines, page.HasMore, Actions = actions, People = await staff.ListAsync(cancellation), HidesDetails = http.Staff().MasksContacts,
            Names = await AuditNames.ReadAsync(database, sites, http.Staff(), http.Texts(), cancellation),
        });
    }

    private static async Task<IResult> ExportAsync(
        HttpContext http, AuditExport export, string? person, string? action, string? from, string? to, CancellationToken cancellation)
    {
        var (staff, texts, filter) = (http.Staff(), http.Texts(), Read(person, action, from, to, before: null));
        await export.NoteAsync(staff, cancellation);
        return TypedResults.Stream(target => export.WriteAsync(target, staff, filter, texts, cancellation), "text/csv; charset=utf-8", "audit.csv");
    }

    private static AuditFilter Read(string? person, string? action, string? from, string? to, string? before) => new(NumberIn(person), action, DayIn(from), DayIn(to), NumberIn(before));

    private static long? NumberIn(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateOnly? DayIn(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 2000 and < 9999 ? date : null;
}
