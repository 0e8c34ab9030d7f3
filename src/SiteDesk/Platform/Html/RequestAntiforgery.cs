using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Forms;

namespace SiteDesk.Platform.Html;

/// <summary>The token that <c>&lt;AntiforgeryToken /&gt;</c> writes into a form: the one of the request that is answered.</summary>
internal sealed class RequestAntiforgery(IAntiforgery antiforgery, IHttpContextAccessor http) : AntiforgeryStateProvider
{
    public override AntiforgeryRequestToken? GetAntiforgeryToken()
    {
        if (http.HttpContext is not { } request)
            return null;
        var tokens = antiforgery.GetAndStoreTokens(request);
        return new AntiforgeryRequestToken(tokens.RequestToken!, tokens.FormFieldName);
    }
}
