using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets.Workspace;

/// <summary>
/// Something that a higher floor offers to put into a reply, such as an article of the help centre. The composer knows only its title and
/// address: it asks there with <c>query</c> and shows the answer, entries of the class <c>menu-item</c> whose <c>data-insert</c> is the
/// Markdown that a choice puts in.
/// </summary>
/// <param name="Title">Key of the title's text: what the button says.</param>
/// <param name="Icon">Name in the sprite.</param>
/// <param name="Address">From the ticket's number to the address that is asked.</param>
/// <param name="Permission">Who may look there.</param>
public sealed record ComposerSource(string Title, string Icon, Func<long, string> Address, Permission Permission);
