namespace SiteDesk.Channels.Email.StaffMail;

/// <summary>Of what a member of staff wants to be told by mail; who chose nothing has the defaults.</summary>
public sealed class StaffMailChoice
{
    public required long StaffId { get; init; }

    public bool Assigned { get; set; } = true;

    public bool Mentioned { get; set; } = true;

    public bool CustomerReplied { get; set; } = true;

    public bool Followed { get; set; }

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
