using System.Globalization;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Sites;

/// <summary>The general fields of a site as its form sends them.</summary>
public sealed class SiteForm
{
    /// <summary>Of the site as the form showed it; as in every form of a site.</summary>
    public int? Version { get; set; }

    public string Name { get; set => field = value ?? ""; } = "";

    public string Address { get; set => field = value ?? ""; } = "";

    /// <summary>One host a line.</summary>
    public string Domains { get; set => field = value ?? ""; } = "";

    public List<string> Languages { get; set => field = value ?? []; } = [];

    public string DefaultLanguage { get; set => field = value ?? ""; } = "";

    public string Color { get; set => field = value ?? ""; } = "";

    public static SiteForm Of(Site site) => new()
    {
        Name = site.Name,
        Address = site.Address ?? "",
        Domains = string.Join('\n', site.Domains),
        Languages = [.. site.Languages],
        DefaultLanguage = site.DefaultLanguage,
        Color = site.Color,
    };
}

/// <summary>
/// The week and the special days as text fields of a form: up to two periods a day. Kept as they were typed, so that a
/// mistake can be shown and mended.
/// </summary>
public sealed class HoursForm
{
    /// <summary>Periods a day has room for.</summary>
    public const int PeriodsPerDay = 2;

    /// <summary>Special days a site has room for: some years of holidays.</summary>
    public const int MostSpecialDays = 100;

    private const int SpareRows = 3;

    public string TimeZone { get; private init; } = "";

    public bool Always { get; private init; }

    /// <summary>Day (1 is Monday) and period to opening and closing time.</summary>
    public Dictionary<(int Day, int Period), (string Opens, string Closes)> Week { get; } = [];

    public List<SpecialRow> Special { get; } = [];

    /// <summary>A special day as typed; no periods is a day off.</summary>
    public sealed record SpecialRow(string Date, IReadOnlyList<(string Opens, string Closes)> Periods);

    public static HoursForm Of(BusinessHours hours)
    {
        var form = new HoursForm { TimeZone = hours.TimeZone, Always = hours.Always };
        foreach (var day in hours.Week.GroupBy(period => period.Day))
        {
            foreach (var (index, period) in day.OrderBy(period => period.Opens).Take(PeriodsPerDay).Index())
                form.Week[(day.Key, index)] = (Write(period.Opens), Write(period.Closes));
        }

        form.Special.AddRange(hours.SpecialDays.OrderBy(day => day.Date).Select(day => new SpecialRow(
            day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), [.. day.Periods.Select(period => (Write(period.Opens), Write(period.Closes)))])));
        form.AddSpareRows();
        return form;
    }

    public static HoursForm Of(IFormCollection fields)
    {
        var form = new HoursForm { TimeZone = fields["TimeZone"].ToString(), Always = fields["Always"] == "true" };
        for (var day = 1; day <= 7; day++)
        {
            for (var period = 0; period < PeriodsPerDay; period++)
            {
                var typed = (fields[$"opens-{day}-{period}"].ToString(), fields[$"closes-{day}-{period}"].ToString());
                if (typed != ("", ""))
                    form.Week[(day, period)] = typed;
            }
        }

        for (var row = 0; row < MostSpecialDays && fields.ContainsKey($"special-{row}"); row++)
        {
            var periods = Enumerable.Range(0, PeriodsPerDay)
                .Select(period => (fields[$"special-{row}-opens-{period}"].ToString(), fields[$"special-{row}-closes-{period}"].ToString()))
                .Where(typed => typed != ("", "")).ToList();
            if (fields[$"special-{row}"].ToString() is { Length: > 0 } date)
                form.Special.Add(new SpecialRow(date, periods));
        }

        form.AddSpareRows();
        return form;
    }

    /// <summary>The hours, or what keeps them from being understood.</summary>
    public Outcome<BusinessHours> Read()
    {
        var problems = new List<Problem>();
        if (!TimeZones.Exists(TimeZone))
            problems.Add(new Problem("TimeZone", "site.time-zone-needed"));
        var week = new List<OpenPeriod>();
        foreach (var ((day, _), (opens, closes)) in Week.OrderBy(entry => entry.Key))
        {
            if (ReadTime(opens) is { } from && ReadTime(closes) is { } until)
                week.Add(new OpenPeriod(day, from, until));
            else
                problems.Add(new Problem($"day-{day}", "site.hours-incomplete"));
        }

        problems.AddRange(week.GroupBy(period => period.Day).Where(day => Overlap(day.Select(period => (period.Opens, period.Closes)))).Select(day => new Problem($"day-{day.Key}", "site.hours-overlap")));
        var special = ReadSpecial(problems);
        if (problems.Count > 0)
            return problems;
        return new BusinessHours { TimeZone = TimeZone, Always = Always, Week = week, SpecialDays = special };
    }

    private List<SpecialDay> ReadSpecial(List<Problem> problems)
    {
        var days = new List<SpecialDay>();
        foreach (var (index, row) in Special.Index().Where(entry => entry.Item.Date.Length > 0))
        {
            var field = $"special-{index}";
            if (!DateOnly.TryParseExact(row.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year is < 2000 or > 2200)
            {
                problems.Add(new Problem(field, "site.date-needed"));
                continue;
            }

            var periods = row.Periods.Select(typed => (From: ReadTime(typed.Opens), Until: ReadTime(typed.Closes))).ToList();
            if (periods.Exists(period => period.From is null || period.Until is null))
                problems.Add(new Problem(field, "site.hours-incomplete"));
            else if (Overlap(periods.Select(period => (period.From!.Value, period.Until!.Value))))
                problems.Add(new Problem(field, "site.hours-overlap"));
            else if (days.Exists(day => day.Date == date))
                problems.Add(new Problem(field, "site.date-twice"));
            else
                days.Add(new SpecialDay(date, [.. periods.Select(period => new DayPeriod(period.From!.Value, period.Until!.Value))]));
        }

        return [.. days.OrderBy(day => day.Date)];
    }

    /// <summary>Closing at or before opening means the next day, so only the last period of a day may do that.</summary>
    private static bool Overlap(IEnumerable<(TimeOnly Opens, TimeOnly Closes)> periods)
    {
        var ordered = periods.OrderBy(period => period.Opens).ToList();
        return ordered.Zip(ordered.Skip(1)).Any(pair => pair.First.Closes <= pair.First.Opens || pair.Second.Opens < pair.First.Closes);
    }

    private void AddSpareRows()
    {
        for (var spare = 0; spare < SpareRows && Special.Count < MostSpecialDays; spare++)
            Special.Add(new SpecialRow("", []));
    }

    private static TimeOnly? ReadTime(string text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static string Write(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}

/// <summary>The widget's fields.</summary>
public sealed class WidgetForm
{
    public int? Version { get; set; }

    /// <summary>Greetings in the order of the site's languages.</summary>
    public List<string> Greetings { get; set => field = [.. (value ?? []).Select(text => text ?? "")]; } = [];

    public string Position { get; set => field = value ?? ""; } = "end";

    public string Theme { get; set => field = value ?? ""; } = "auto";

    public int? Offset { get; set; } = 20;

    public bool AsksContactFirst { get; set; }

    public bool OffersProblemReport { get; set; }

    public bool ShowsAgentNames { get; set; }

    public static WidgetForm Of(Site site) => new()
    {
        Greetings = [.. site.Languages.Select(language => site.Widget.Greeting.GetValueOrDefault(language, ""))],
        Position = site.Widget.Position,
        Theme = site.Widget.Theme,
        Offset = site.Widget.Offset,
        AsksContactFirst = site.Widget.AsksContactFirst,
        OffersProblemReport = site.Widget.OffersProblemReport,
        ShowsAgentNames = site.Widget.ShowsAgentNames,
    };
}

/// <summary>The privacy fields.</summary>
public sealed class PrivacyForm
{
    public int? Version { get; set; }

    public bool TracksPages { get; set; }

    public bool RequiresConsent { get; set; }

    public string PolicyAddress { get; set => field = value ?? ""; } = "";

    public int? PageVisitDays { get; set; }

    /// <summary>0 or empty keeps tickets for good.</summary>
    public int? TicketMonths { get; set; }

    /// <summary>0 or empty keeps mail without a ticket for good.</summary>
    public int? MailMonths { get; set; }

    /// <summary>Wordings in the order of the site's languages.</summary>
    public List<string> Wordings { get; set => field = [.. (value ?? []).Select(text => text ?? "")]; } = [];
}
