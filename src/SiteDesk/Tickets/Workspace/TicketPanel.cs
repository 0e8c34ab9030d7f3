using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>
/// Something that a higher floor shows beside a ticket, such as the customer's orders. The ticket's page knows only its
/// title and address, and loads it as a frame named <c>panel-{Key}</c> when it comes into sight.
/// </summary>
/// <param name="Key">Stable name: letters and hyphens.</param>
/// <param name="Title">Key of the title's text.</param>
/// <param name="Address">From the ticket's number to the frame's address.</param>
/// <param name="Permission">Who sees it.</param>
/// <param name="Position">Panels stand in ascending order.</param>
public sealed record TicketPanel(string Key, string Title, Func<long, string> Address, Permission Permission, int Position = 0);

/// <summary>An entry of the rail below the views: a feature's own pages.</summary>
/// <param name="Text">Key of its text.</param>
/// <param name="Icon">Name in the sprite.</param>
public sealed record RailEntry(string Text, string Address, string Icon, Permission? Permission, int Position = 0);

/// <summary>Something that a higher floor does with a message, from the message's menu. The address gets the message's key as the field <c>message</c>.</summary>
/// <param name="Text">Key of its text.</param>
/// <param name="Icon">Name in the sprite.</param>
/// <param name="Address">From the ticket's number to the address that is posted to; it leads to a page.</param>
public sealed record MessageAction(string Text, string Icon, Func<long, string> Address, Permission Permission);
