using System.Globalization;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Assistant.Settings;

/// <summary>The fields of a site's assistant.</summary>
public sealed class AssistantForm
{
    public bool AnswersInWidget { get; set; }

    public bool AnswersForms { get; set; }

    public bool AnswersMail { get; set; }

    public bool SuggestsToAgents { get; set; }

    /// <summary>Names in the order of the site's languages.</summary>
    public List<string> Names { get; set => field = [.. (value ?? []).Select(name => name ?? "")]; } = [];

    /// <summary>In hundredths.</summary>
    public int? Precision { get; set; }

    public int? AssumedAfterHours { get; set; }

    public int? MinutesSaved { get; set; }

    /// <summary>In whole units, as typed.</summary>
    public string HourlyCost { get; set => field = value ?? ""; } = "";

    public string Currency { get; set => field = value ?? ""; } = "";

    public static AssistantForm Of(Site site) => new()
    {
        AnswersInWidget = site.Assistant.AnswersInWidget,
        AnswersForms = site.Assistant.AnswersForms,
        AnswersMail = site.Assistant.AnswersMail,
        SuggestsToAgents = site.Assistant.SuggestsToAgents,
        Names = [.. site.Languages.Select(language => site.Assistant.Name.GetValueOrDefault(language, ""))],
        Precision = (int)Math.Round(site.Assistant.Precision * 100),
        AssumedAfterHours = site.Assistant.AssumedAfterHours,
        MinutesSaved = site.Assistant.MinutesSaved,
        HourlyCost = Money.Typed(site.Assistant.HourlyCost, site.Assistant.Currency),
        Currency = site.Assistant.Currency,
    };
}

/// <summary>Switches the assistant of a site on and off, and decides how sure it must be and what its work is reckoned at.</summary>
internal sealed class ChangeAssistant(Database database, ChangeSite change)
{
    /// <summary>Longest name, in characters.</summary>
    public const int LongestName = 40;

    /// <summary>Hundredths that may be wished.</summary>
    public static IReadOnlyList<int> Precisions { get; } = [80, 85, 90, 92, 94, 95, 96, 97, 98, 99];

    private const int MostMinutes = 240;

    public async Task<Outcome<Site>> RunAsync(Site site, AssistantForm form, Staff by, CancellationToken cancellation)
    {
        var currency = form.Currency.Trim().ToUpperInvariant();
        var cost = Money.IsCurrency(currency) ? Money.Parse(form.HourlyCost, currency) : 0;
        var problems = Check(site, form, currency, cost);
        if (problems.Count > 0)
            return problems;

        site.Assistant = site.Assistant with
        {
            AnswersInWidget = form.AnswersInWidget,
            AnswersForms = form.AnswersForms,
            AnswersMail = form.AnswersMail,
            SuggestsToAgents = form.SuggestsToAgents,
            Name = site.Languages.Zip(form.Names).Where(pair => pair.Second.Trim().Length > 0).ToDictionary(pair => pair.First, pair => pair.Second.Trim(), StringComparer.Ordinal),
            Precision = form.Precision!.Value / 100.0,
            AssumedAfterHours = form.AssumedAfterHours!.Value,
            MinutesSaved = form.MinutesSaved!.Value,
            HourlyCost = cost!.Value,
            Currency = currency,
        };
        database.Signal(() => new LiveSignal(LiveKnowledge.Topic, "settings", site.Id.ToString(CultureInfo.InvariantCulture)));
        string[] answers = [.. new[] { (form.AnswersInWidget, "widget"), (form.AnswersForms, "forms"), (form.AnswersMail, "mail") }.Where(place => place.Item1).Select(place => place.Item2)];
        return await change.SaveAsync(site, "site.assistant-changed", by, cancellation, ("answers-in", string.Join(' ', answers)), ("precision", $"{form.Precision}"));
    }

    private static List<Problem> Check(Site site, AssistantForm form, string currency, long? cost)
    {
        var problems = new List<Problem>();
        foreach (var (index, name) in form.Names.Take(site.Languages.Count).Index())
        {
            if (name.Trim().Length > LongestName)
                problems.Add(new Problem($"Names-{index}", "assist-settings.name-length", ("count", LongestName)));
        }
        if (form.Precision is not { } precision || !Precisions.Contains(precision))
            problems.Add(new Problem("Precision", "assist-settings.precision-range"));
        if (form.AssumedAfterHours is not (>= AssistantSettings.LeastHours and <= AssistantSettings.MostHours))
            problems.Add(new Problem("AssumedAfterHours", "assist-settings.hours-range", ("least", AssistantSettings.LeastHours), ("most", AssistantSettings.MostHours)));
        if (form.MinutesSaved is not (>= 0 and <= MostMinutes))
            problems.Add(new Problem("MinutesSaved", "assist-settings.minutes-range", ("most", MostMinutes)));
        if (!Money.IsCurrency(currency))
            problems.Add(new Problem("Currency", "assist-settings.currency-needed"));
        if (cost is null)
            problems.Add(new Problem("HourlyCost", "assist-settings.cost-wrong"));
        return problems;
    }
}
