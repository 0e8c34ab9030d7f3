using System.Globalization;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Accounts;

/// <summary>The audit log's page.</summary>
internal static class AuditRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/agent/audit", ShowAsync).Needs(AccountPermissions.ReadAudit);

    private static async Task<IResult> ShowAsync(
        HttpContext http, AuditReader reader, StaffReader staff, TextCatalog texts, string? person, string? action, string? day, string? before, CancellationToken cancellation)
    {
        var filter = new AuditFilter(
            long.TryParse(person, NumberStyles.None, CultureInfo.InvariantCulture, out var actor) ? actor : null,
            action,
            DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 2000 and < 9999 ? date : null,
            long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : null);
        var page = await reader.ReadAsync(http.Staff(), filter, http.Texts().TimeZone, cancellation);
        const string start = "audit.";
        var actions = texts.KeysOf(http.Texts().Language).Where(key => key.StartsWith(start, StringComparison.Ordinal)).Select(key => key[start.Length..]).Order(StringComparer.Ordinal).ToList();
        return Page.Show<AuditPage>(new { Filter = filter, Lines = page.Lines, page.HasMore, Actions = actions, People = await staff.ListAsync(cancellation), HidesDetails = http.Staff().MasksContacts });
    }
}
