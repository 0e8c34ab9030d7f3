namespace SiteDesk.Tickets;

/// <summary>Where a ticket stands. Own statuses refine these.</summary>
public enum StandardStatus
{
    /// <summary>Nobody has taken it up.</summary>
    New,
    Open,

    /// <summary>Waits for the customer.</summary>
    Pending,

    /// <summary>Waits for somebody else.</summary>
    OnHold,
    Solved,

    /// <summary>Ended for good: a new message makes a new ticket.</summary>
    Closed,
}

/// <summary>The piles a desk works through.</summary>
public enum TicketStage
{
    /// <summary>Somebody here has to do something.</summary>
    Active,

    /// <summary>Waits for the customer or for somebody else.</summary>
    Waiting,

    /// <summary>Solved or closed.</summary>
    Done,
    Junk,

    /// <summary>The assistant answers: nobody here has to do anything until it hands over or somebody takes it.</summary>
    Assistant,
}

/// <summary>In rising order.</summary>
public enum TicketPriority
{
    Low,
    Normal,
    High,
    Urgent,
}
