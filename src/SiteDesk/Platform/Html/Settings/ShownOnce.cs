using Microsoft.AspNetCore.DataProtection;

namespace SiteDesk.Platform.Html.Settings;

/// <summary>
/// Carries a secret from the form that made it to the page that shows it, once: in an encrypted cookie that the page takes
/// away. The database keeps only the secret's hash, and a reload does not show it again.
/// </summary>
public sealed class ShownOnce(IDataProtectionProvider protection)
{
    private const string Cookie = "sitedesk.shown-once";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector(nameof(ShownOnce)).ToTimeLimitedDataProtector();

    public void Keep(HttpContext http, string value) =>
        http.Response.Cookies.Append(Cookie, _protector.Protect(value, Lifetime), Options(http));

    /// <returns>What the last form kept for this browser, and forgets it; null when there is nothing.</returns>
    public string? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } cookie)
            return null;
        http.Response.Cookies.Delete(Cookie, Options(http));
        try
        {
            return _protector.Unprotect(cookie);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Too old, or not ours: then there is nothing to show.
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/agent", IsEssential = true };
}
