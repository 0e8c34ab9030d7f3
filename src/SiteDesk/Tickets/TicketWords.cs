using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets;

/// <summary>How the values of a ticket are said and drawn.</summary>
public static class TicketWords
{
    /// <summary>The name of an enum's member as texts and addresses have it: <c>OnHold</c> is <c>on-hold</c>.</summary>
    public static string KeyOf(string name) => name == nameof(StandardStatus.OnHold) ? "on-hold" : name.ToLowerInvariant();

    public static string Status(this Texts texts, StandardStatus status) => texts[$"status.{KeyOf(status.ToString())}"];

    /// <summary>The own status where there is one, else the standard's name.</summary>
    public static string Status(this Texts texts, DeskNames names, StandardStatus status, long? customStatusId) =>
        customStatusId is not null && names.Statuses.TryGetValue(customStatusId.Value, out var custom) ? DeskNames.InLanguage(custom.Names, texts.Language) : texts.Status(status);

    public static string Priority(this Texts texts, TicketPriority priority) => texts[$"priority.{KeyOf(priority.ToString())}"];

    public static string DotOf(StandardStatus status) => status switch
    {
        StandardStatus.New => "dot dot-new",
        StandardStatus.Open => "dot dot-open",
        StandardStatus.Pending => "dot dot-pending",
        StandardStatus.OnHold => "dot dot-hold",
        StandardStatus.Solved => "dot dot-solved",
        _ => "dot dot-closed",
    };

    public static string IconOfChannel(string channel) => channel switch
    {
        "chat" => "chat",
        "email" => "mail",
        "phone" => "phone",
        "letter" => "file",
        "visit" => "users",
        "form" => "form",
        "api" => "bolt",
        _ => "globe",
    };

    /// <summary>A channel's name; one that this program does not know is shown by its key.</summary>
    public static string Channel(this Texts texts, string channel) => texts.Has($"channel.{channel}") ? texts[$"channel.{channel}"] : channel;
}
