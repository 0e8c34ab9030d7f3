using Microsoft.AspNetCore.Components;
using SiteDesk.Customers;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Says a line of history as a sentence.</summary>
public static class ChangeWords
{
    public static string IconOf(string field) => field switch
    {
        "status" => "check-circle",
        "priority" => "flag",
        "assignee" => "user",
        "team" => "users",
        "tag" => "tag",
        "subject" => "pencil",
        "junk" => "junk",
        "merge" or "merged" => "merge",
        "split-off" or "split-from" => "split",
        "withdraw" => "undo",
        "assistant" => "spark",
        "language" => "language",
        "link" => "link",
        "noted" => "note",
        "consent" => "lock",
        _ => "pencil",
    };

    /// <param name="changes">Of one actor at one time; at least one.</param>
    /// <returns>Escaped HTML in which the actor's name stands out.</returns>
    public static MarkupString Say(Texts texts, DeskNames names, Staff reader, IReadOnlyList<TicketChange> changes)
    {
        var actor = changes[0].ActorKind == ActorKind.System ? texts["change.system"] : ContactMask.Name(reader, changes[0].ActorName);
        var sentence = string.Join(texts["change.and"], changes.Select(change => Sentence(texts, names, change)));
        return new($"<b>{MessageBody.Encode(actor)}</b> {MessageBody.Encode(sentence)}");
    }

    private static string Sentence(Texts texts, DeskNames names, TicketChange change)
    {
        if (change.Field == "assignee" && change.ActorId is not null && change.To == change.ActorId?.ToString(System.Globalization.CultureInfo.InvariantCulture))
            return texts["change.taken"];
        var (key, value) = Split(texts, names, change);
        return texts[$"change.{key}", ("value", value)];
    }

    private static (string Key, string Value) Split(Texts texts, DeskNames names, TicketChange change)
    {
        var field = change.Field.StartsWith("field:", StringComparison.Ordinal) ? "field" : change.Field;
        var known = texts.Has($"change.{field}") || texts.Has($"change.{field}.cleared");
        if (!known)
            return ("other", change.Field);
        var value = Value(texts, names, change, change.To);
        if (change.To is null)
            return ($"{field}.cleared", field is "tag" or "link" ? change.From ?? "" : FieldName(texts, names, change));
        return field == "field" ? (field, $"{FieldName(texts, names, change)}: {value}") : (field, value);
    }

    private static string Value(Texts texts, DeskNames names, TicketChange change, string? value) => (change.Field, value) switch
    {
        (_, null) => "",
        ("status", _) => StatusOf(texts, names, value),
        ("priority", _) when Enum.TryParse<TicketPriority>(value, out var priority) => texts.Priority(priority),
        ("assignee", _) when long.TryParse(value, out var staff) => names.NameOfStaff(staff) ?? texts["ticket.somebody"],
        ("team", _) when long.TryParse(value, out var team) => names.NameOfTeam(team, texts.Language) ?? value,
        ("junk", _) => texts[$"junk.reason.{value}"],
        ("language", _) => Languages.OwnName(value),
        _ => value,
    };

    private static string StatusOf(Texts texts, DeskNames names, string value)
    {
        var parts = value.Split(':');
        if (!Enum.TryParse<StandardStatus>(parts[0], out var status))
            return value;
        return texts.Status(names, status, parts.Length > 1 && long.TryParse(parts[1], out var custom) ? custom : null);
    }

    private static string FieldName(Texts texts, DeskNames names, TicketChange change)
    {
        var id = change.Field.Split(':') is [_, var number] && long.TryParse(number, out var parsed) ? parsed : 0;
        var field = names.Fields.FirstOrDefault(field => field.Id == id);
        return field is null ? "" : DeskNames.InLanguage(field.Names, texts.Language);
    }
}
