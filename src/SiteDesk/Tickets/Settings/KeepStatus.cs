using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Settings;

/// <summary>The fields of an own status; names in the order of <see cref="Languages.All"/>.</summary>
public sealed class StatusForm
{
    public StandardStatus Standard { get; set; } = StandardStatus.Open;

    public List<string> Names { get; set => field = NamesInLanguages.Fill(value); } = NamesInLanguages.Fill(null);

    public List<string> CustomerNames { get; set => field = NamesInLanguages.Fill(value); } = NamesInLanguages.Fill(null);

    public int? Position { get; set; }

    public static StatusForm Of(CustomStatus status) => new()
    {
        Standard = status.Standard,
        Names = NamesInLanguages.ToList(status.Names),
        CustomerNames = NamesInLanguages.ToList(status.CustomerNames),
        Position = status.Position,
    };
}

/// <summary>Adds, changes and retires own statuses.</summary>
public sealed class KeepStatus(Database database, AuditLog audit, TimeProvider time)
{
    /// <summary>Own statuses an installation may have; more than that nobody finds the right one.</summary>
    public const int Most = 50;

    /// <param name="id">Null for a new one. What a status refines is chosen once: tickets have it already.</param>
    public async Task<Outcome<CustomStatus>> RunAsync(long? id, StatusForm form, Staff by, CancellationToken cancellation)
    {
        var problems = NamesInLanguages.Check(form.Names, "Names", required: true).Concat(NamesInLanguages.Check(form.CustomerNames, "CustomerNames", required: false)).ToList();
        if (form.Position is < 0 or > 1000)
            problems.Add(new Problem("Position", "ticket-settings.position-range"));
        if (!Enum.IsDefined(form.Standard) || form.Standard == StandardStatus.New)
            problems.Add(new Problem("Standard", "own-status.standard-needed"));
        if (id is null && await database.Set<CustomStatus>().CountAsync(cancellation) >= Most)
            problems.Add(new Problem("", "ticket-settings.too-many", ("count", Most)));
        if (problems.Count > 0)
            return problems;

        var status = id is null ? null : await database.Set<CustomStatus>().FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (status is null && id is not null)
            return new Problem("", "ticket-settings.unknown");
        if (status is null)
        {
            status = new CustomStatus { Standard = form.Standard };
            database.Add(status);
        }

        status.Names = NamesInLanguages.ToTexts(form.Names);
        status.CustomerNames = NamesInLanguages.ToTexts(form.CustomerNames);
        status.Position = form.Position ?? status.Position;
        return await SaveAsync(status, id is null ? "own-status.added" : "own-status.changed", by, cancellation);
    }

    /// <summary>It cannot be chosen any more; tickets that have it keep it.</summary>
    /// <returns>Null when there is no such status.</returns>
    public async Task<CustomStatus?> RetireAsync(long id, bool retired, Staff by, CancellationToken cancellation)
    {
        if (await database.Set<CustomStatus>().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } status)
            return null;
        status.RetiredAt = retired ? status.RetiredAt ?? time.Now() : null;
        return await SaveAsync(status, retired ? "own-status.retired" : "own-status.restored", by, cancellation);
    }

    private async Task<CustomStatus> SaveAsync(CustomStatus status, string action, Staff by, CancellationToken cancellation) =>
        await database.InTransactionAsync(async () =>
        {
            await database.SaveChangesAsync(cancellation);
            audit.Write(by.AsActor(), action, string.Create(CultureInfo.InvariantCulture, $"own-status:{status.Id}"), ("name", status.Names.Values.FirstOrDefault()));
            await database.SaveChangesAsync(cancellation);
            return status;
        }, cancellation);
}

/// <summary>Names that exist in several languages, as a form's list and as they are stored.</summary>
public static class NamesInLanguages
{
    /// <summary>Characters of a name.</summary>
    public const int Longest = 60;

    /// <returns>One entry for every language, empty where there is none.</returns>
    public static List<string> Fill(List<string>? given) => [.. Languages.All.Select((_, index) => given?.ElementAtOrDefault(index) ?? "")];

    public static List<string> ToList(IReadOnlyDictionary<string, string> texts) => [.. Languages.All.Select(language => texts.GetValueOrDefault(language, ""))];

    public static Dictionary<string, string> ToTexts(List<string> names) =>
        Languages.All.Zip(names).Where(pair => pair.Second.Trim().Length > 0).ToDictionary(pair => pair.First, pair => pair.Second.Trim(), StringComparer.Ordinal);

    /// <summary>The name in the reader's language or the nearest there is.</summary>
    public static string For(IReadOnlyDictionary<string, string> texts, string language) =>
        texts.GetValueOrDefault(language) ?? texts.GetValueOrDefault(Languages.English) ?? texts.Values.FirstOrDefault() ?? "";

    public static IEnumerable<Problem> Check(List<string> names, string field, bool required)
    {
        if (required && names.TrueForAll(string.IsNullOrWhiteSpace))
            yield return new Problem($"{field}-0", "ticket-settings.name-needed");
        for (var index = 0; index < names.Count; index++)
        {
            if (names[index].Trim().Length > Longest)
                yield return new Problem($"{field}-{index}", "ticket-settings.name-length", ("count", Longest));
        }
    }
}
