using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Sites;

/// <summary>
/// A line that a site may put at the top of its pages, so that "report a problem" knows of script errors from before the widget was
/// there. No browser remembers these; failed requests it does, and the widget looks them up. The widget works without the line.
/// </summary>
public static class EarlyFailures
{
    // At most twenty: where the widget never comes, nothing grows.
    private const string Script = """SiteDeskEarly=[];["error","unhandledrejection"].forEach(function(t){addEventListener(t,function(e){SiteDeskEarly.length<20&&SiteDeskEarly.push(e)},true)})""";

    public const string Snippet = $"<script>{Script}</script>";

    /// <summary>What a strict content policy says in script-src to allow the line (CSP level 2, hash sources).</summary>
    public static string PolicySource { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'";
}
