using System.Globalization;

namespace SiteDesk.Tickets.Search;

/// <summary>What a search asks of an own field: that it equals something or, for numbers and dates, lies before or after it.</summary>
public sealed record OwnFieldFilter(long FieldId, TicketFieldType Type, OwnFieldComparison Comparison, string Text, double Number, DateTime Day)
{
    /// <param name="written">What stands behind the colon: <c>4711</c>, <c>&gt;100</c>, <c>&lt;=2026-03-01</c>, <c>"two words"</c>, <c>yes</c>.</param>
    /// <returns>Null when it does not suit the field.</returns>
    public static OwnFieldFilter? Parse(TicketField field, string written)
    {
        var comparison = written switch
        {
            ['>', '=', ..] => OwnFieldComparison.AtLeast,
            ['<', '=', ..] => OwnFieldComparison.AtMost,
            ['>', ..] => OwnFieldComparison.More,
            ['<', ..] => OwnFieldComparison.Less,
            _ => OwnFieldComparison.Equal,
        };
        var text = written.TrimStart('<', '>', '=').Trim('"').Trim();
        var filter = new OwnFieldFilter(field.Id, field.Type, comparison, text, 0, default);
        return field.Type switch
        {
            TicketFieldType.Number => decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? filter with { Number = (double)number } : null,
            TicketFieldType.Date => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day) ? filter with { Day = day } : null,
            TicketFieldType.Checkbox => Yes.Contains(text.ToLowerInvariant()) ? filter with { Text = "true" } : No.Contains(text.ToLowerInvariant()) ? filter with { Text = "" } : null,
            _ => text.Length > 0 ? filter with { Text = text } : null,
        };
    }

    private static readonly string[] Yes = ["yes", "true", "1", "да", "是"];
    private static readonly string[] No = ["no", "false", "0", "нет", "否"];

    /// <summary>
    /// Confines tickets to those whose field is as asked. The rows are found first, by the index over field and value, and the tickets
    /// by their keys: a rare value costs the same however many tickets there are.
    /// </summary>
    /// <param name="values">The rows of all own fields.</param>
    public IQueryable<Ticket> Confine(IQueryable<Ticket> tickets, IQueryable<TicketFieldValue> values)
    {
        var id = FieldId;
        var found = Matching(values.Where(value => value.FieldId == id)).Select(value => value.TicketId);
        return Type == TicketFieldType.Checkbox && Text.Length == 0
            ? tickets.Where(ticket => !found.Contains(ticket.Id))
            : tickets.Where(ticket => found.Contains(ticket.Id));
    }

    private IQueryable<TicketFieldValue> Matching(IQueryable<TicketFieldValue> values)
    {
        var (number, day) = (Number, Day);

        // As it was typed, and all in small or large letters: order numbers and the like are written both ways.
        string[] writings = [Text, Text.ToLowerInvariant(), Text.ToUpperInvariant()];
        return (Type, Comparison) switch
        {
            (TicketFieldType.Checkbox, _) => values.Where(value => value.Value == "true"),
            (TicketFieldType.Number, OwnFieldComparison.More) => values.Where(value => value.Number > number),
            (TicketFieldType.Number, OwnFieldComparison.AtLeast) => values.Where(value => value.Number >= number),
            (TicketFieldType.Number, OwnFieldComparison.Less) => values.Where(value => value.Number < number),
            (TicketFieldType.Number, OwnFieldComparison.AtMost) => values.Where(value => value.Number <= number),
            (TicketFieldType.Number, _) => values.Where(value => value.Number == number),
            (TicketFieldType.Date, OwnFieldComparison.More) => values.Where(value => value.Day > day),
            (TicketFieldType.Date, OwnFieldComparison.AtLeast) => values.Where(value => value.Day >= day),
            (TicketFieldType.Date, OwnFieldComparison.Less) => values.Where(value => value.Day < day),
            (TicketFieldType.Date, OwnFieldComparison.AtMost) => values.Where(value => value.Day <= day),
            (TicketFieldType.Date, _) => values.Where(value => value.Day == day),
            _ => values.Where(value => writings.Contains(value.Value)),
        };
    }
}

public enum OwnFieldComparison
{
    Equal,
    More,
    AtLeast,
    Less,
    AtMost,
}
