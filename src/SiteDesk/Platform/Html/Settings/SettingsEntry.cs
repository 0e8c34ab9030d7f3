using SiteDesk.Platform.Security;

namespace SiteDesk.Platform.Html.Settings;

/// <summary>A room of the settings: a feature registers its pages, the shell lists those the reader may open.</summary>
/// <param name="Group">Under which heading it stands.</param>
/// <param name="Text">Key of its name.</param>
/// <param name="Icon">Name in the sprite.</param>
/// <param name="Permission">Who sees it; null for everybody who is signed in.</param>
/// <param name="Position">Order within the group, ascending.</param>
public sealed record SettingsEntry(SettingsGroup Group, string Text, string Address, string Icon, Permission? Permission, int Position = 0)
{
    public bool IsVisibleTo(Staff staff) => Permission is null || staff.May(Permission);
}

/// <summary>The headings, in the order in which they stand; the text of one is <c>settings.group.people</c>.</summary>
public enum SettingsGroup
{
    Sites,
    Tickets,
    People,
    System,
    Me,
}

public static class SettingsRegistration
{
    public static IServiceCollection AddSettingsEntry(
        this IServiceCollection services, SettingsGroup group, string text, string address, string icon, Permission? permission, int position = 0) =>
        services.AddSingleton(new SettingsEntry(group, text, address, icon, permission, position));
}

/// <summary>The address <c>/agent/settings</c>: leads to the first room the reader may enter.</summary>
public static class SettingsRoutes
{
    public static void MapSettings(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/agent/settings", (HttpContext http, IEnumerable<SettingsEntry> entries) => Page.GoTo(First(http.Staff(), entries))).NeedsSignIn();

    private static string First(Staff staff, IEnumerable<SettingsEntry> entries) =>
        entries.Where(entry => entry.IsVisibleTo(staff)).OrderBy(entry => entry.Group).ThenBy(entry => entry.Position).Select(entry => entry.Address).FirstOrDefault("/");
}
