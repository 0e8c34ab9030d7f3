using SiteDesk.Platform.Security;

namespace SiteDesk.Platform.Web;

/// <summary>
/// Whoever watches a site, checks links or balances load asks with HEAD, and a 404 tells them that the page is gone (RFC 9110, section 9.1:
/// what answers GET answers HEAD). The server leaves the content out by itself.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Lets the public pages of a group answer HEAD as they answer GET; the API names its methods in its document.</summary>
    public static void AnswerHead(this RouteGroupBuilder routes) => ((IEndpointConventionBuilder)routes).Finally(endpoint =>
    {
        var isPublic = endpoint.Metadata.OfType<RouteRule>().LastOrDefault()?.PublicBecause is not null;
        var isApi = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText?.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) == true;
        if (!isPublic || isApi || endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is not { } methods || methods.HttpMethods is not ["GET"])
            return;
        endpoint.Metadata.Remove(methods);
        endpoint.Metadata.Add(new HttpMethodMetadata(["GET", "HEAD"], methods.AcceptCorsPreflight));
    });
}
