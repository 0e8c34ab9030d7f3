using SiteDesk.Customers.SignIn;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>Sign-in links are opened in the help centre of their site.</summary>
internal sealed class SignInPage : ISignInPage
{
    public string Of(Site site, string language) => HelpAddress.Of(site).SignIn(language);
}
