using SiteDesk.Platform.Events;
using SiteDesk.Sites;

namespace SiteDesk.Customers.SignIn;

/// <summary>
/// Somebody asked for a link to sign in. Told before it is known whether the address is anybody's, so that asking takes as long and looks the
/// same for every address.
/// </summary>
/// <param name="Email">As it was typed.</param>
/// <param name="Path">What the reader wanted to see.</param>
public sealed record SignInWished(long SiteId, string Email, string Language, string Path) : IEvent;

/// <summary>The way to an address. Without one nobody can sign in by mail, and the page says what to do instead.</summary>
public interface ISendSignInLinks
{
    /// <summary>Whether mail can leave for this site, with links that lead back here.</summary>
    Task<bool> CanSendAsync(long siteId, CancellationToken cancellation);
}

/// <summary>Where sign-in links are opened.</summary>
public interface ISignInPage
{
    /// <summary>The page without a link's secret: a path of this program, or a whole address on a host of the site's own.</summary>
    string Of(Site site, string language);
}
