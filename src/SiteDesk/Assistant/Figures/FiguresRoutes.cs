using System.Globalization;
using SiteDesk.Assistant.Intents;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Figures;

/// <summary>What the assistant did, and for whom it is reckoned.</summary>
internal static class FiguresRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var figures = routes.MapGroup("/agent/assistant").Needs(AssistantPermissions.Read);
        figures.MapGet("", ShowAsync);
        figures.MapGet("/conversations", ShowTalksAsync);
        figures.MapGet("/figures.csv", ExportAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, FiguresReader reader, SiteDirectory directory, KnowledgeDraft draft, TimeProvider time, string? site, string? language, string? channel, string? from, string? to, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var filter = FiguresFilter.Read(site, language, channel, from, to, DateOnly.FromDateTime(time.Now()));
        var sites = await directory.VisibleToAsync(staff, cancellation);
        return Page.Show<FiguresPage>(new
        {
            Filter = filter, Sites = sites, Figures = await reader.ReadAsync(staff, filter, cancellation), Before = await reader.ReadAsync(staff, filter.Before, cancellation),
            Unhelpful = await reader.UnhelpfulAsync(staff, filter, http.Texts(), cancellation), IsOn = sites.Any(one => one.Assistant.Answers), MayDecide = staff.May(AssistantPermissions.Settings),
            Changes = (await draft.ReadAsync(cancellation)).Changes.Count,
        });
    }

    private static async Task<IResult> ShowTalksAsync(
        HttpContext http, FiguresReader reader, TimeProvider time, string? kind, string? cause, string? site, string? language, string? channel, string? from, string? to, CancellationToken cancellation)
    {
        var filter = FiguresFilter.Read(site, language, channel, from, to, DateOnly.FromDateTime(time.Now()));
        var wanted = FiguresReader.Kinds.Contains(kind, StringComparer.Ordinal) ? kind! : FiguresReader.Kinds[0];
        return Page.Show<TalksPage>(new { Filter = filter, Kind = wanted, Lines = await reader.BehindAsync(http.Staff(), filter, wanted, cause, cancellation), Now = time.Now() });
    }

    private static async Task<IResult> ExportAsync(
        HttpContext http, FiguresReader reader, TimeProvider time, string? site, string? language, string? channel, string? from, string? to, CancellationToken cancellation)
    {
        var (staff, texts) = (http.Staff(), http.Texts());
        var filter = FiguresFilter.Read(site, language, channel, from, to, DateOnly.FromDateTime(time.Now()));
        var (now, before) = (await reader.ReadAsync(staff, filter, cancellation), await reader.ReadAsync(staff, filter.Before, cancellation));
        List<string> rows = [CsvRow.Of(texts["assist-figure.figure"], Period(filter), Period(filter.Before))];
        rows.AddRange(Numbers.Select(figure => CsvRow.Of(texts[$"assist-figure.{figure.Name}"], Text(figure.Read(now)), Text(figure.Read(before)))));
        rows.AddRange(now.Causes.Select(cause => CsvRow.Of($"{texts["assist-figure.handed-over"]}: {texts[$"assist-cause.{cause.Cause}"]}", Text(cause.Count), Text(before.Causes.FirstOrDefault(other => other.Cause == cause.Cause).Count))));
        rows.AddRange(now.Money.Select(money => CsvRow.Of($"{texts["assist-figure.money"]}, {money.Currency}", Settings.Money.Typed(money.Minor, money.Currency), Settings.Money.Typed(before.Money.FirstOrDefault(other => other.Currency == money.Currency).Minor, money.Currency))));
        rows.AddRange((await reader.UnhelpfulAsync(staff, filter, texts, cancellation)).Select(line => CsvRow.Of($"{texts["assist-figure.not-helped"]}: {line.Name}", Text(line.NotHelped), "")));
        // Known to spreadsheets as UTF-8 by its mark.
        return TypedResults.Text("\uFEFF" + string.Concat(rows), "text/csv", System.Text.Encoding.UTF8);
    }

    private static readonly (string Name, Func<AssistantFigures, long?> Read)[] Numbers =
    [
        ("conversations", figures => figures.Conversations), ("involved", figures => figures.Involved), ("confirmed", figures => figures.Confirmed), ("assumed", figures => figures.Assumed),
        ("handed-over", figures => figures.HandedOver), ("taken-over", figures => figures.TakenOver), ("answers", figures => figures.Answers), ("helped", figures => figures.Helped),
        ("not-helped", figures => figures.NotHelped), ("median", figures => figures.MedianMilliseconds), ("minutes", figures => figures.MinutesSaved),
    ];

    private static string Period(FiguresFilter filter) => string.Create(CultureInfo.InvariantCulture, $"{filter.From:yyyy-MM-dd} – {filter.To:yyyy-MM-dd}");

    private static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
