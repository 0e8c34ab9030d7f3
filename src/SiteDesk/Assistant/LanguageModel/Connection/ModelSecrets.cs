using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SiteDesk.Assistant.LanguageModel.Connection;

/// <summary>Seals the key of the model's server. It goes in and never comes out on a page again.</summary>
internal sealed class ModelSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("LanguageModelKey");

    public string Seal(string key) => _protector.Protect(key);

    /// <returns>Null when there is none, or when it was sealed with keys that are lost (a database moved without them).</returns>
    public string? Open(string? sealedKey)
    {
        if (sealedKey is null)
            return null;
        try
        {
            return _protector.Unprotect(sealedKey);
        }
        catch (CryptographicException)
        {
            // The keys are gone: the server refuses the request, the test on the settings page says so, and the key is entered anew.
            return null;
        }
    }
}
