using SiteDesk.Platform.Security;

namespace SiteDesk.Assistant;

/// <summary>What the staff may do with the assistant.</summary>
public static class AssistantPermissions
{
    /// <summary>See what it is asked and answers, and its figures.</summary>
    public static readonly Permission Read = Permission.Of("assistant.read", Role.Owner, Role.Administrator, Role.Lead, Role.ReadOnly);

    /// <summary>Teach it: phrases, articles, corrections; publish and take back.</summary>
    public static readonly Permission Teach = Permission.Of("assistant.teach", Role.Owner, Role.Administrator, Role.Lead);

    /// <summary>Switch it on and off, decide what goes to a person.</summary>
    public static readonly Permission Settings = Permission.Of("assistant.settings", Role.Owner, Role.Administrator);

    /// <summary>See what it suggests beside a ticket, and say that an answer of it was wrong.</summary>
    public static readonly Permission Suggestions = Permission.Of("assistant.suggestions", Role.Owner, Role.Administrator, Role.Lead, Role.Agent);
}
