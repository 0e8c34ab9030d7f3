using System.Buffers.Text;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Chat;

/// <summary>One request of the widget: for which site, in which language, from whom.</summary>
/// <param name="TokenHash">Hash of the secret the browser sent; null when it sent none that could be one.</param>
public sealed record WidgetVisit(Site Site, string Language, string? TokenHash)
{
    private static readonly object Key = new();

    /// <summary>The visit the group's filter has found.</summary>
    public static WidgetVisit Of(HttpContext http) =>
        http.Items[Key] as WidgetVisit ?? throw new InvalidOperationException("This route is not under the widget's filter.");

    public void SetOn(HttpContext http) => http.Items[Key] = this;

    /// <summary>The visitor behind the secret; null when it is new or was removed.</summary>
    public Task<Visitor?> FindVisitorAsync(Database database, CancellationToken cancellation) => TokenHash is null
        ? Task.FromResult<Visitor?>(null)
        : database.Set<Visitor>().FirstOrDefaultAsync(visitor => visitor.TokenHash == TokenHash && visitor.SiteId == Site.Id, cancellation);

    /// <summary>Reads <c>Authorization: Bearer</c>: 256 bits in base64url, made by the visitor's browser.</summary>
    public static string? HashOfToken(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var token = header[scheme.Length..].Trim();
        // Shorter ones could be guessed; the widget makes 43 characters.
        return token.Length is >= 43 and <= 100 && Base64Url.IsValid(token) ? Tokens.Hash(token) : null;
    }

    /// <summary>The language of the site that serves the page, the browser or the snippet best.</summary>
    /// <param name="wishes">Language tags in the order of the wish.</param>
    public static string LanguageFor(Site site, IEnumerable<string> wishes) =>
        wishes.Select(Languages.Match).FirstOrDefault(language => language is not null && site.Languages.Contains(language)) ?? site.DefaultLanguage;
}
