using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Settings;

/// <summary>The fields of an own ticket field; names in the order of <see cref="Languages.All"/>.</summary>
public sealed class FieldForm
{
    public string Key { get; set => field = value ?? ""; } = "";

    public TicketFieldType Type { get; set; }

    public List<string> Names { get; set => field = NamesInLanguages.Fill(value); } = NamesInLanguages.Fill(null);

    /// <summary>One choice a line.</summary>
    public string Choices { get; set => field = value ?? ""; } = "";

    /// <summary>Null for all sites.</summary>
    public long? SiteId { get; set; }

    public int? Position { get; set; }

    public static FieldForm Of(TicketField field) => new()
    {
        Key = field.Key,
        Type = field.Type,
        Names = NamesInLanguages.ToList(field.Names),
        Choices = string.Join('\n', field.Choices),
        SiteId = field.SiteId,
        Position = field.Position,
    };
}

/// <summary>Adds, changes and retires own ticket fields.</summary>
public sealed partial class KeepField(Database database, AuditLog audit, TimeProvider time)
{
    /// <summary>Own fields an installation may have.</summary>
    public const int Most = 100;

    /// <summary>Choices a field may have.</summary>
    public const int MostChoices = 200;

    /// <summary>Characters of a choice.</summary>
    public const int LongestChoice = 100;

    /// <param name="id">Null for a new one. Key and type are chosen once: tickets have values already.</param>
    public async Task<Outcome<TicketField>> RunAsync(long? id, FieldForm form, Staff by, CancellationToken cancellation)
    {
        var field = id is null ? null : await database.Set<TicketField>().FirstOrDefaultAsync(row => row.Id == id, cancellation);
        if (id is not null && (field is null || !IsFor(field.SiteId, by)))
            return new Problem("", "ticket-settings.unknown");
        var choices = form.Choices.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        var problems = Check(form, field?.Type ?? form.Type, choices, by);
        if (field is null && !KeyPattern().IsMatch(form.Key))
            problems.Add(new Problem("Key", "own-field.key-needed"));
        else if (field is null && await database.Set<TicketField>().AnyAsync(row => row.Key == form.Key, cancellation))
            problems.Add(new Problem("Key", "own-field.key-taken"));
        if (field is null && await database.Set<TicketField>().CountAsync(cancellation) >= Most)
            problems.Add(new Problem("", "ticket-settings.too-many", ("count", Most)));
        if (problems.Count > 0)
            return problems;

        if (field is null)
        {
            field = new TicketField { Key = form.Key, Type = form.Type };
            database.Add(field);
        }

        field.Names = NamesInLanguages.ToTexts(form.Names);
        field.Choices = field.Type == TicketFieldType.Choice ? choices : [];
        field.SiteId = form.SiteId;
        field.Position = form.Position ?? field.Position;
        return await SaveAsync(field, id is null ? "own-field.added" : "own-field.changed", by, cancellation);
    }

    /// <summary>It is not shown any more; the values stay.</summary>
    /// <returns>Null when there is no such field.</returns>
    public async Task<TicketField?> RetireAsync(long id, bool retired, Staff by, CancellationToken cancellation)
    {
        if (await database.Set<TicketField>().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } field || !IsFor(field.SiteId, by))
            return null;
        field.RetiredAt = retired ? field.RetiredAt ?? time.Now() : null;
        return await SaveAsync(field, retired ? "own-field.retired" : "own-field.restored", by, cancellation);
    }

    /// <summary>Who is confined to sites decides about the fields of these sites, not about those of all.</summary>
    private static bool IsFor(long? siteId, Staff by) => by.SiteIds is null || siteId is not null && by.SeesSite(siteId.Value);

    private static List<Problem> Check(FieldForm form, TicketFieldType type, List<string> choices, Staff by)
    {
        var problems = NamesInLanguages.Check(form.Names, "Names", required: true).ToList();
        if (!Enum.IsDefined(type))
            problems.Add(new Problem("Type", "own-field.type-needed"));
        if (type == TicketFieldType.Choice && (choices.Count is 0 or > MostChoices || choices.Exists(choice => choice.Length > LongestChoice)))
            problems.Add(new Problem("Choices", "own-field.choices-needed", ("most", MostChoices), ("length", LongestChoice)));
        if (form.Position is < 0 or > 1000)
            problems.Add(new Problem("Position", "ticket-settings.position-range"));
        if (!IsFor(form.SiteId, by))
            problems.Add(new Problem("SiteId", "own-field.site-needed"));
        return problems;
    }

    private async Task<TicketField> SaveAsync(TicketField field, string action, Staff by, CancellationToken cancellation)
    {
        audit.Write(by.AsActor(), action, string.Create(CultureInfo.InvariantCulture, $"own-field:{field.Key}"), ("name", field.Names.Values.FirstOrDefault()));
        await database.SaveChangesAsync(cancellation);
        return field;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex KeyPattern();
}
