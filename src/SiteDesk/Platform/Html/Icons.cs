using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace SiteDesk.Platform.Html;

/// <summary>The drawings of the sprite <c>icons.svg</c>, as decoration: what an icon means stands beside it or in a label.</summary>
public sealed class Icons
{
    private readonly Assets _assets;
    private readonly Func<(string, string), MarkupString> _make; // kept: a page asks for some hundred icons
    private readonly ConcurrentDictionary<(string, string), MarkupString> _made = new();

    public Icons(Assets assets) => (_assets, _make) = (assets, Make);

    /// <param name="name">The symbol's id in the sprite.</param>
    public MarkupString this[string name] => this[name, ""];

    /// <param name="name">The symbol's id in the sprite.</param>
    /// <param name="classes">Further classes, for example <c>icon-small</c>.</param>
    public MarkupString this[string name, string classes] => _made.GetOrAdd((name, classes), _make);

    private MarkupString Make((string Name, string Classes) icon) =>
        new($"""<svg class="{(icon.Classes.Length > 0 ? $"icon {icon.Classes}" : "icon")}" aria-hidden="true" focusable="false"><use href="{_assets["icons.svg"]}#{icon.Name}"></use></svg>""");
}
