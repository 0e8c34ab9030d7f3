namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>Of what a member of staff wants to be told by mail; who chose nothing has the defaults.</summary>
public sealed class StaffMailChoice
{
    public required long StaffId { get; init; }

    public bool Assigned { get; set; } = true;

    public bool Mentioned { get; set; } = true;

    public bool CustomerReplied { get; set; } = true;

    public bool Followed { get; set; }

    /// <summary>The kinds a person may do without. That their own answer was held is told in any case: without them it goes nowhere.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["assigned", "mentioned", "customer-replied", "followed"];

    /// <summary>No more mail of a kind.</summary>
    public void Refuse(string kind)
    {
        switch (kind)
        {
            case "assigned": Assigned = false; break;
            case "mentioned": Mentioned = false; break;
            case "customer-replied": CustomerReplied = false; break;
            case "followed": Followed = false; break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of notice can be refused.");
        }
    }

    /// <param name="kind">Of a <see cref="Tickets.StaffNotification"/>.</param>
    public bool Wants(string kind) => kind switch
    {
        "assigned" => Assigned,
        "mentioned" => Mentioned,
        "customer-replied" => CustomerReplied,
        "followed" => Followed,
        Tickets.StaffNotification.ReplyHeld => true,
        _ => false,
    };
}
