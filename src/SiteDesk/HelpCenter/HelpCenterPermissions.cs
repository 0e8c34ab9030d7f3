using SiteDesk.Platform.Security;

namespace SiteDesk.HelpCenter;

/// <summary>What the staff may be allowed to do with the help centre. Reading it is public, within an article's audience.</summary>
public static class HelpCenterPermissions
{
    /// <summary>See the articles' side for authors, write drafts, ask for a review.</summary>
    public static readonly Permission Write = Permission.Of(
        "help.write", Role.Owner, Role.Administrator, Role.Lead, Role.Agent, Role.Engineer);

    /// <summary>Review, publish, schedule, unpublish, remove.</summary>
    public static readonly Permission Publish = Permission.Of(
        "help.publish", Role.Owner, Role.Administrator, Role.Lead);

    /// <summary>Sections, their order, synonyms, import and export.</summary>
    public static readonly Permission Manage = Permission.Of(
        "help.manage", Role.Owner, Role.Administrator, Role.Lead);

    /// <summary>What readers searched, found, and did not find.</summary>
    public static readonly Permission Insights = Permission.Of(
        "help.insights", Role.Owner, Role.Administrator, Role.Lead, Role.ReadOnly);
}
