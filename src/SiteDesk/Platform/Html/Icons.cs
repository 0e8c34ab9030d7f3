using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace SiteDesk.Platform.Html;

/// <summary>The drawings of the sprite <c>icons.svg</c>, as decoration: what an icon means stands beside it or in a label.</summary>
public sealed class Icons(Assets assets)
{
    private readonly ConcurrentDictionary<(string, string), MarkupString> _made = new();

    /// <param name="name">The symbol's id in the sprite.</param>
    public MarkupString this[string name] => this[name, ""];

    /// <param name="name">The symbol's id in the sprite.</param>
    /// <param name="classes">Further classes, for example <c>icon-small</c>.</param>
    public MarkupString this[string name, string classes] => _made.GetOrAdd((name, classes), Make);

    private MarkupString Make((string Name, string Classes) icon) =>
        new($"""<svg class="{(icon.Classes.Length > 0 ? $"icon {icon.Classes}" : "icon")}" aria-hidden="true" focusable="false"><use href="{assets["icons.svg"]}#{icon.Name}"></use></svg>""");
}
