namespace SiteDesk.Accounts;

/// <summary>Says in two words which browser it was, so that a person recognises their own.</summary>
public static class BrowserName
{
    // More special names first: every browser also calls itself something else.
    private static readonly (string Mark, string Name)[] Browsers =
        [("YaBrowser/", "Yandex"), ("Edg", "Edge"), ("OPR/", "Opera"), ("MicroMessenger/", "WeChat"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public static string Of(string? userAgent)
    {
        var agent = userAgent ?? "";
        var browser = Array.Find(Browsers, known => agent.Contains(known.Mark, StringComparison.Ordinal)).Name;
        var system = Array.Find(Systems, known => agent.Contains(known.Mark, StringComparison.Ordinal)).Name;
        return (browser, system) switch
        {
            (not null, not null) => $"{browser}, {system}",
            (null, null) => agent.Length > 0 ? agent[..Math.Min(agent.Length, 40)] : "?",
            _ => browser ?? system!,
        };
    }
}
