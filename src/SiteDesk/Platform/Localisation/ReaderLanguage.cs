namespace SiteDesk.Platform.Localisation;

/// <summary>Decides in which language and zone a request is answered.</summary>
public static class ReaderLanguage
{
    public const string Cookie = "sitedesk.language";
    private static readonly object Key = new();

    /// <summary>Sets it for the rest of the request (a signed-in person's own, a site's visitor's).</summary>
    public static void SetReader(this HttpContext http, string language, string? timeZone = null) =>
        http.Items[Key] = new Texts(http.RequestServices.GetRequiredService<TextCatalog>(), language, TimeZones.Find(timeZone));

    /// <summary>The reader's words: what was set, else the question <c>?language=</c>, the cookie, the browser, English.</summary>
    public static Texts Texts(this HttpContext http)
    {
        if (http.Items.TryGetValue(Key, out var known))
            return (Texts)known!;
        http.SetReader(Ask(http));
        return (Texts)http.Items[Key]!;
    }

    public static IServiceCollection AddLocalisation(this IServiceCollection services)
    {
        services.AddSingleton<TextCatalog>();
        services.AddScoped(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Texts()
            ?? new Texts(provider.GetRequiredService<TextCatalog>(), Languages.English, TimeZoneInfo.Utc));
        return services;
    }

    private static string Ask(HttpContext http) =>
        Languages.Match(http.Request.Query["language"])
        ?? Languages.Match(http.Request.Cookies[Cookie])
        ?? Languages.MatchHeader(http.Request.Headers.AcceptLanguage)
        ?? Languages.English;
}
