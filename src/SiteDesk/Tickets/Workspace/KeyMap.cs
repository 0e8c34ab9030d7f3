namespace SiteDesk.Tickets.Workspace;

/// <summary>
/// Every key of the workspace, for the sheet under "?". The controls themselves carry their key as data-key; a test
/// compares both.
/// </summary>
public static class KeyMap
{
    public sealed record Group(string Title, IReadOnlyList<Entry> Entries);

    /// <param name="Text">Key of what it does.</param>
    /// <param name="Keys">As in data-key: keys of a sequence are separated by a space.</param>
    public sealed record Entry(string Text, string Keys);

    public static IReadOnlyList<Group> Groups { get; } =
    [
        new("keys.go", [
            new("keys.palette", "mod+k"), new("keys.search", "/"), new("keys.sheet", "?"),
            new("view.mine", "g m"), new("view.unassigned", "g u"), new("view.open", "g o"),
            new("view.waiting", "g w"), new("view.assistant", "g a"), new("view.solved", "g s"), new("view.junk", "g j"), new("rail.notifications", "g n"),
        ]),
        new("keys.list", [
            new("keys.next", "j"), new("keys.previous", "k"), new("keys.open", "Enter"), new("keys.select", "x"),
            new("keys.extend", "shift+j"), new("keys.clear", "shift+x"), new("list.order", "shift+s"), new("ticket.new", "c"),
        ]),
        new("keys.ticket", [
            new("composer.reply", "r"), new("composer.note", "n"), new("keys.send", "mod+Enter"), new("bulk.take", "i"),
            new("ticket.set-status", "s"), new("ticket.set-priority", "p"), new("ticket.set-assignee", "a"), new("ticket.set-team", "m"),
            new("ticket.add-tag", "t"), new("ticket.solve", "e"), new("ticket.follow", "f"), new("junk.mark", "!"),
            new("ticket.copy-link", "l"), new("links.add", "shift+l"), new("customer.title", "o"), new("ticket.more", "."), new("undo", "z"),
        ]),
        new("keys.suggestions", [new("keys.suggestion-take", "alt+1"), new("keys.suggestion-dismiss", "alt+shift+1")]),
    ];

    /// <summary>The keys that open a standard view.</summary>
    public static string KeyOfView(string view) => $"g {view[0]}";

    /// <summary>A key as it is printed on the sheet.</summary>
    public static string Print(string key) => key
        .Replace("mod+", "Ctrl+", StringComparison.Ordinal)
        .Replace("alt+", "Alt+", StringComparison.Ordinal)
        .Replace("shift+", "⇧ ", StringComparison.Ordinal)
        .Replace("Enter", "↵", StringComparison.Ordinal)
        .ToUpperInvariant()
        .Replace("CTRL", "Ctrl", StringComparison.Ordinal)
        .Replace("ALT", "Alt", StringComparison.Ordinal);
}
