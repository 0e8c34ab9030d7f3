using System.Security.Cryptography;

namespace SiteDesk.Platform.Security;

/// <summary>
/// Sets the headers that keep a page's powers small. Scripts and styles come from this origin or carry the request's nonce;
/// style attributes do not work on purpose.
/// </summary>
public sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    private static readonly object NonceKey = new();

    /// <summary>This request's nonce for the few inline elements a page needs (import map, a site's colour).</summary>
    public static string NonceOf(HttpContext http)
    {
        if (http.Items.TryGetValue(NonceKey, out var nonce))
            return (string)nonce!;
        var made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        http.Items[NonceKey] = made;
        return made;
    }

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            if (!IsPartOfPage(http.Response.ContentType))
            {
                // A page that has a secret in its address says something stricter itself.
                headers.TryAdd("Referrer-Policy", "strict-origin-when-cross-origin");
                headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            }
            else
            {
                // The tag says what the date would, and nobody asks for a part of a script: fifty times what a page need not carry.
                headers.Remove("Last-Modified");
                headers.Remove("Accept-Ranges");
            }

            if (http.Request.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000";
            if (http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true && headers.ContentSecurityPolicy.Count == 0)
            {
                var nonce = NonceOf(http);
                headers.ContentSecurityPolicy =
                    $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; " +
                    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; frame-src 'self'; " +
                    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; object-src 'none'";
            }

            return Task.CompletedTask;
        });
        return next(http);
    }

    /// <summary>Browsers heed some headers only on documents; a page of the workspace has fifty scripts and styles that would repeat them.</summary>
    private static bool IsPartOfPage(string? contentType) =>
        contentType is not null && (contentType.StartsWith("text/css", StringComparison.OrdinalIgnoreCase) || contentType.StartsWith("text/javascript", StringComparison.OrdinalIgnoreCase));
}
