using SiteDesk.Platform;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>The fields of a mailbox's form that say how access tokens are renewed.</summary>
internal static class TokenRenewalForm
{
    private const int LongestSecret = 8000;

    public static IEnumerable<Problem> Check(MailboxForm form, TokenRenewal? stored)
    {
        if (!IsWanted(form))
            yield break;
        if (form.TokenEndpoint.Length > 500 || !Uri.TryCreate(form.TokenEndpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme != Uri.UriSchemeHttps && !(endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback))
            yield return new Problem("TokenEndpoint", "mail.renewal.endpoint-wrong");
        if (form.ClientId.Length is 0 or > 300)
            yield return new Problem("ClientId", "mail.renewal.client-needed");
        if (form.RefreshToken.Length > LongestSecret || form.RefreshToken.Length == 0 && stored is null)
            yield return new Problem("RefreshToken", "mail.renewal.token-needed");
        if (form.ClientSecret.Length > LongestSecret || form.TokenScope.Length > 1000)
            yield return new Problem("ClientSecret", "mail.renewal.too-long");
    }

    /// <returns>Null when tokens are not renewed.</returns>
    public static TokenRenewal? Read(MailboxForm form, TokenRenewal? stored, MailSecrets secrets) => !IsWanted(form) ? null : new TokenRenewal(
        form.TokenEndpoint, form.ClientId,
        form.ClientSecret.Length > 0 ? secrets.Seal(form.ClientSecret) : stored?.SealedClientSecret,
        form.RefreshToken.Length > 0 ? secrets.Seal(form.RefreshToken) : stored!.SealedRefreshToken,
        form.TokenScope);

    private static bool IsWanted(MailboxForm form) => form.SecretKind == nameof(MailSecretKind.AccessToken) && form.TokenEndpoint.Length > 0;
}
