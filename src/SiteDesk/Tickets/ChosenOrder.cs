namespace SiteDesk.Tickets;

/// <summary>The order in which a member of staff reads one view.</summary>
public sealed class ChosenOrder
{
    public required long StaffId { get; init; }

    /// <summary>A standard view's name, or the number of a saved one.</summary>
    public required string View { get; init; }

    /// <summary>Key of the order (<c>Workspace/InboxOrder</c>).</summary>
    public required string Order { get; set; }

    public required DateTime UpdatedAt { get; set; }
}
