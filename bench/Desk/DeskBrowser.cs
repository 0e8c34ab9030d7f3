using System.Net;
using System.Text.RegularExpressions;

namespace SiteDesk.Bench.Desk;

/// <summary>Goes through the forms that lead to a signed-in owner.</summary>
internal static partial class DeskBrowser
{
    public const string SiteAddress = "https://shop.example.com";
    private const string Email = "owner@example.com";
    private const string Password = "correct horse battery";

    /// <summary>Sets an empty installation up: an owner (key 1) and a site (key 1).</summary>
    public static Task<string> SetUpAsync(Uri address) => PostAsync(address, "/set-up",
    [
        new("Name", "Olga Owner"), new("Email", Email), new("Password", Password), new("SiteName", "Nordlight"),
        new("SiteAddress", SiteAddress), new("TimeZone", "Europe/Berlin"), new("Languages", "en"), new("Languages", "ru"), new("Languages", "zh-Hans"),
    ]);

    public static Task<string> SignInAsync(Uri address) => PostAsync(address, "/sign-in", [new("email", Email), new("password", Password)]);

    /// <returns>The cookies that are now sent with every request, as a header.</returns>
    private static async Task<string> PostAsync(Uri address, string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = address };
        var html = await client.GetStringAsync(new Uri(path, UriKind.Relative));
        var token = WebUtility.HtmlDecode(TokenPattern().Match(html).Groups["token"].Value);
        using var form = new FormUrlEncodedContent([.. fields, new("__RequestVerificationToken", token)]);
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), form);
        if (answer.StatusCode != HttpStatusCode.SeeOther)
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return cookies.GetCookieHeader(address);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<token>[^"]+)"|name="antiforgery-token" content="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenPattern();
}
