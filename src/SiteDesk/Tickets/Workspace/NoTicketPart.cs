using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>
/// Something that a higher floor shows in the ticket's pane while no ticket is open. The workspace knows only its address, and
/// loads it as a frame named <c>no-ticket-{Key}</c>.
/// </summary>
/// <param name="Key">Stable name: letters and hyphens.</param>
/// <param name="Address">The frame's address.</param>
/// <param name="Permission">Who sees it.</param>
/// <param name="IsWanted">Whether there can be anything to show; asked at every page, so it only remembers.</param>
public sealed record NoTicketPart(string Key, string Address, Permission Permission, Func<bool> IsWanted);
