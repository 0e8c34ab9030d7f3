using System.Net;
using System.Text.RegularExpressions;

namespace SiteDesk.Tests.Testing;

/// <summary>An HTTP client that behaves like a browser: keeps cookies, reads the page's antiforgery token before it posts.</summary>
public sealed partial class DeskClient : IDisposable
{
    private readonly CookieContainer _cookies;
    private readonly HttpClient _http;

    /// <param name="handler">Another way to the server (a certificate to trust, a proxy); null for the ordinary one.</param>
    public DeskClient(Uri address, bool followRedirects, HttpMessageHandler? handler = null)
    {
        _cookies = new CookieContainer();
        _http = new HttpClient(handler ?? new HttpClientHandler { AllowAutoRedirect = followRedirects, CookieContainer = _cookies })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(4), // ends what hangs; a busy machine took longer than a minute over some pages
            DefaultRequestHeaders = { { "Accept", "text/html,application/xhtml+xml,*/*;q=0.8" } },
        };
    }

    /// <summary>The browser's cookies.</summary>
    public CookieContainer Cookies => _cookies;

    public HttpClient Http => _http;

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    public async Task<string> GetTextAsync(string path)
    {
        var answer = await GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    /// <summary>Posts a form with the token of the page it stands on.</summary>
    /// <param name="page">The page with the form; the address itself when null.</param>
    public async Task<HttpResponseMessage> PostFormAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, string? page = null)
    {
        var token = await TokenAsync(page ?? path);
        using var form = new FormUrlEncodedContent([.. fields, new("__RequestVerificationToken", token)]);
        return await _http.PostAsync(new Uri(path, UriKind.Relative), form);
    }

    /// <summary>The antiforgery token of a page: its form's or its head's.</summary>
    public async Task<string> TokenAsync(string page)
    {
        var html = await (await GetAsync(page)).Content.ReadAsStringAsync();
        var match = TokenPattern().Match(html);
        match.Success.ShouldBeTrue($"{page} has no antiforgery token: {html}");
        return WebUtility.HtmlDecode(match.Groups["token"].Value);
    }

    public async Task SignInAsync(string email, string password)
    {
        var answer = await PostFormAsync("/sign-in", [new("email", email), new("password", password)]);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<token>[^"]+)"|name="antiforgery-token" content="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenPattern();
}
