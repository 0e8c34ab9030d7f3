using System.Globalization;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Actions;

/// <summary>Says when somebody is there, in the site's own time.</summary>
internal sealed class OpeningHours(TextCatalog catalog, TimeProvider time) : IAssistantAction
{
    public string Key => ActionKeys.OpeningHours;

    public IReadOnlyList<ActionInput> Inputs => [];

    public ActionEffect Effect => ActionEffect.Reads;

    public ActionRight Right => ActionRight.Anybody;

    public ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal));

    public Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation)
    {
        var hours = request.Site.Hours;
        var texts = new Texts(catalog, request.Language, request.TimeZone);
        if (hours.Always)
            return Task.FromResult(new ActionResult(texts["action.opening-hours.always"], true, []));
        var now = time.Now();
        var state = hours.IsOpenAt(now) ? texts["action.opening-hours.open"]
            : hours.NextOpening(now) is { } next ? texts["action.opening-hours.closed", ("when", texts.DateAndTime(next))]
            : texts["action.opening-hours.nobody"];
        var week = WeekOf(hours, texts.Culture);
        return Task.FromResult(new ActionResult(week.Count == 0 ? state : $"{state}\n\n{string.Join('\n', week)}\n{texts["action.opening-hours.zone", ("zone", hours.TimeZone)]}", true, []));
    }

    /// <summary>Days with the same hours stand in one line.</summary>
    private static List<string> WeekOf(BusinessHours hours, CultureInfo culture)
    {
        var days = Enumerable.Range(1, 7).Select(day => (Day: day, Hours: string.Join(", ", hours.Week.Where(period => period.Day == day).OrderBy(period => period.Opens)
            .Select(period => string.Create(CultureInfo.InvariantCulture, $"{period.Opens:HH:mm}–{period.Closes:HH:mm}"))))).ToList();
        var lines = new List<string>();
        for (var first = 0; first < days.Count;)
        {
            var last = first;
            while (last + 1 < days.Count && days[last + 1].Hours == days[first].Hours)
                last++;
            if (days[first].Hours.Length > 0)
                lines.Add($"- {NameOf(days[first].Day)}{(last > first ? $"–{NameOf(days[last].Day)}" : "")}: {days[first].Hours}");
            first = last + 1;
        }
        return lines;

        string NameOf(int day) => culture.DateTimeFormat.GetAbbreviatedDayName((DayOfWeek)(day % 7));
    }
}
