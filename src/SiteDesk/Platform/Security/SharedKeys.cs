using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Security;

/// <summary>
/// Keys for signing, shared by all nodes through the database: what one node signed, another checks. Each is made by whoever asks
/// for it first, and kept in memory from then on.
/// </summary>
public sealed class SharedKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection)
{
    private const int KeyBytes = 32;

    private readonly ConcurrentDictionary<string, byte[]> _known = new(StringComparer.Ordinal);

    /// <param name="name">Of the secret that holds it.</param>
    /// <param name="purpose">What it is encrypted for at rest; the same for ever, or the stored key cannot be read any more.</param>
    /// <returns>32 bytes, the same on every node. The caller does not change them.</returns>
    public async ValueTask<byte[]> ReadAsync(string name, string purpose, CancellationToken cancellation)
    {
        if (_known.TryGetValue(name, out var known))
            return known;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        var protector = protection.CreateProtector(purpose);

        // Another node or request may be quicker: its key counts.
        var secret = await database.AgainOnConflictAsync(2, () => FindOrMakeAsync(database, name, protector, cancellation), cancellation);
        return _known[name] = Base64Url.DecodeFromChars(protector.Unprotect(secret.Protected));
    }

    private static async Task<Secret> FindOrMakeAsync(Database database, string name, IDataProtector protector, CancellationToken cancellation)
    {
        if (await database.Set<Secret>().FirstOrDefaultAsync(row => row.Name == name, cancellation) is { } stored)
            return stored;
        var secret = new Secret { Name = name, Protected = protector.Protect(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes))) };
        database.Add(secret);
        await database.SaveChangesAsync(cancellation);
        return secret;
    }
}
