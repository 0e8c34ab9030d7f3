using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Insights;

/// <summary>The lead's page on what readers do, and its tables for spreadsheets.</summary>
internal static class InsightsRoutes
{
    public static readonly IReadOnlyList<string> Tables = ["searched", "missed", "unhelpful", "saved"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/agent/help/insights", ShowAsync).Needs(HelpCenterPermissions.Insights);
        routes.MapGet("/agent/help/insights/{table}.csv", ExportAsync).Needs(HelpCenterPermissions.Insights);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, InsightsReader reader, SiteDirectory sites, TimeProvider time, string? site, string? language, string? from, string? to, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var filter = InsightsFilter.Read(site, language, from, to, DateOnly.FromDateTime(time.Now()));
        return Page.Show<InsightsPage>(new
        {
            Filter = filter,
            Sites = await sites.VisibleToAsync(staff, cancellation),
            Totals = await reader.TotalsAsync(staff, filter, cancellation),
            Searched = await reader.SearchedAsync(staff, filter, InsightsReader.MostShown, cancellation),
            Missed = await reader.MissedAsync(staff, filter, InsightsReader.MostShown, cancellation),
            Unhelpful = await reader.UnhelpfulAsync(staff, filter, InsightsReader.MostShown, cancellation),
            Saved = await reader.SavedAsync(staff, filter, InsightsReader.MostShown, cancellation),
        });
    }

    private static async Task<IResult> ExportAsync(
        HttpContext http, InsightsReader reader, TimeProvider time, string table, string? site, string? language, string? from, string? to, CancellationToken cancellation)
    {
        if (!Tables.Contains(table, StringComparer.Ordinal))
            return TypedResults.NotFound();
        var filter = InsightsFilter.Read(site, language, from, to, DateOnly.FromDateTime(time.Now()));
        var rows = await RowsAsync(reader, table, http.Staff(), filter, http.Texts(), cancellation);
        // Known to spreadsheets as UTF-8 by its mark.
        return TypedResults.Text("\uFEFF" + string.Concat(rows), "text/csv", System.Text.Encoding.UTF8);
    }

    private static async Task<IEnumerable<string>> RowsAsync(InsightsReader reader, string table, Staff staff, InsightsFilter filter, Texts texts, CancellationToken cancellation)
    {
        const int most = InsightsReader.MostExported;
        return table switch
        {
            "searched" or "missed" => (table == "searched" ? await reader.SearchedAsync(staff, filter, most, cancellation) : await reader.MissedAsync(staff, filter, most, cancellation))
                .Select(line => CsvRow.Of(line.Words, line.Language, Number(line.Times), Number(line.Empty), Number(line.Opened)))
                .Prepend(Head(texts, "words", "language", "times", "empty", "opened")),
            "unhelpful" => (await reader.UnhelpfulAsync(staff, filter, most, cancellation))
                .Select(line => CsvRow.Of(line.Article.Title, Number(line.No), Number(line.Yes), string.Join("; ", line.Reasons.Select(reason => $"{texts[$"help.reason.{reason.Reason.ToString().ToLowerInvariant()}"]}: {reason.Times}")), string.Join(" | ", line.Remarks)))
                .Prepend(Head(texts, "article", "no", "yes", "reasons", "remarks")),
            _ => (await reader.SavedAsync(staff, filter, most, cancellation))
                .Select(line => CsvRow.Of(line.Article.Title, Number(line.Opened), Number(line.Saved), Number(line.Answered)))
                .Prepend(Head(texts, "article", "opened-writing", "saved", "answered")),
        };
    }

    private static string Head(Texts texts, params string[] columns) => CsvRow.Of(columns.Select(column => texts[$"help.insights.{column}"]));

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
