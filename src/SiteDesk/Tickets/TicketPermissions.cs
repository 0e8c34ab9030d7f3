using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>What the staff may be allowed to do with tickets.</summary>
public static class TicketPermissions
{
    public static readonly Permission Read = Permission.Of(
        "tickets.read", Role.Owner, Role.Administrator, Role.Lead, Role.Agent, Role.Engineer, Role.Security, Role.ReadOnly);

    public static readonly Permission Reply = Permission.Of(
        "tickets.reply", Role.Owner, Role.Administrator, Role.Lead, Role.Agent);

    public static readonly Permission Note = Permission.Of(
        "tickets.note", Role.Owner, Role.Administrator, Role.Lead, Role.Agent, Role.Engineer, Role.Security);

    public static readonly Permission Change = Permission.Of(
        "tickets.change", Role.Owner, Role.Administrator, Role.Lead, Role.Agent, Role.Engineer);

    public static readonly Permission Junk = Permission.Of(
        "tickets.junk", Role.Owner, Role.Administrator, Role.Lead, Role.Agent, Role.Security);

    public static readonly Permission Block = Permission.Of(
        "tickets.block", Role.Owner, Role.Administrator, Role.Lead, Role.Security);

    public static readonly Permission ShareViews = Permission.Of(
        "tickets.share-views", Role.Owner, Role.Administrator, Role.Lead);

    /// <summary>Templates of replies.</summary>
    public static readonly Permission Templates = Permission.Of(
        "tickets.templates", Role.Owner, Role.Administrator, Role.Lead);

    public static readonly Permission Settings = Permission.Of(
        "tickets.settings", Role.Owner, Role.Administrator);
}
