using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

public sealed partial class Ticket
{
    /// <summary>Takes a change back, unless what it set was changed again since.</summary>
    public void Revert(TicketChange change, Actor by, DateTime at)
    {
        switch (change.Field)
        {
            case "status" when StatusText(Status, CustomStatusId) == change.To && change.From is not null:
                var parts = change.From.Split(':');
                SetStatus(Enum.Parse<StandardStatus>(parts[0]), parts.Length > 1 ? long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : null, by, at);
                AwaitsReply = Status is StandardStatus.New or StandardStatus.Open;
                break;
            case "priority" when Priority.ToString() == change.To && change.From is not null:
                SetPriority(Enum.Parse<TicketPriority>(change.From), by, at);
                break;
            case "assignee" when AssigneeId?.ToString() == change.To:
                Assign(KeyIn(change.From), by, at);
                break;
            case "team" when TeamId?.ToString() == change.To:
                HandTo(KeyIn(change.From), by, at);
                break;
            case "subject" when Subject == change.To && change.From is not null:
                Rename(change.From, by, at);
                break;
            case "language" when Language == change.To && change.From is not null:
                SpeakIn(change.From, by, at);
                break;
            case "tag" when change.To is not null:
                Untag(change.To, by, at);
                break;
            case "tag" when change.From is not null:
                Tag(change.From, by, at);
                break;
            case "junk" when change.To is not null:
                RestoreFromJunk(by, at);
                break;
            case "junk" when change.From is not null:
                MarkJunk(change.From, by, at);
                break;
            case var field when field.StartsWith("field:", StringComparison.Ordinal):
                var id = long.Parse(field["field:".Length..], System.Globalization.CultureInfo.InvariantCulture);
                if (Fields.Find(value => value.FieldId == id)?.Value == change.To)
                    SetField(id, change.From, by, at);
                break;
        }
    }

    private static long? KeyIn(string? text) => text is null ? null : long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
