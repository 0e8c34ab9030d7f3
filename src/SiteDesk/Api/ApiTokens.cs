using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using SiteDesk.Accounts;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Api;

/// <summary>Makes, finds and revokes tokens.</summary>
public sealed class ApiTokens(Database database, IMemoryCache cache, AuditLog audit, TimeProvider time)
{
    /// <summary>Marks our secrets, so that scanners of source code recognise one that leaked.</summary>
    public const string Prefix = "sdk_";

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsePrecision = TimeSpan.FromMinutes(5);

    /// <summary>Who calls, with what the token is good for.</summary>
    public sealed record Caller(Staff Staff, IReadOnlyList<string> Scopes, string TokenHash);

    /// <returns>The token and its secret, which is not stored and cannot be shown again.</returns>
    public async Task<Outcome<(ApiToken Token, string Secret)>> CreateAsync(string name, IReadOnlyList<string> scopes, DateTime? expiresAt, Staff staff, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        if (name.Trim().Length is 0 or > 100)
            problems.Add(new Problem("name", "api.name-needed"));
        if (scopes.Count == 0 || scopes.Any(scope => !ApiScopes.All.Contains(scope)))
            problems.Add(new Problem("scopes", "api.scope-needed"));
        if (expiresAt <= time.Now())
            problems.Add(new Problem("expiresAt", "api.expiry-past"));
        if (problems.Count > 0)
            return problems;

        var secret = Prefix + Tokens.New();
        var token = new ApiToken
        {
            Name = name.Trim(),
            StaffId = staff.Id,
            TokenHash = Tokens.Hash(secret),
            Hint = secret[..10],
            Scopes = [.. scopes.Distinct(StringComparer.Ordinal)],
            CreatedAt = time.Now(),
            ExpiresAt = expiresAt,
        };
        database.Add(token);
        audit.Write(staff.AsActor(), "api.token-created", $"api-token:{token.Hint}", ("name", token.Name), ("scopes", string.Join(' ', token.Scopes)));
        await database.SaveChangesAsync(cancellation);
        return (token, secret);
    }

    /// <summary>One's own tokens; who may manage staff sees everybody's.</summary>
    public Task<List<ApiToken>> ListAsync(Staff staff, CancellationToken cancellation) =>
        RevocableBy(staff).AsNoTracking().OrderByDescending(token => token.Id).Take(200).ToListAsync(cancellation);

    public async Task<bool> RevokeAsync(long id, Staff staff, CancellationToken cancellation)
    {
        if (await RevocableBy(staff).FirstOrDefaultAsync(token => token.Id == id, cancellation) is not { } token)
            return false;
        token.RevokedAt = time.Now();
        audit.Write(staff.AsActor(), "api.token-revoked", $"api-token:{token.Hint}", ("name", token.Name));
        await database.SaveChangesAsync(cancellation);
        cache.Remove((nameof(ApiTokens), token.TokenHash));
        return true;
    }

    /// <returns>Null when the secret is unknown, revoked or too old, or its owner has left or may use tokens no more.</returns>
    public async Task<Caller?> FindAsync(string secret, CancellationToken cancellation)
    {
        var hash = Tokens.Hash(secret);
        if (cache.TryGetValue((nameof(ApiTokens), hash), out Caller? known))
            return known;
        var now = time.Now();
        var token = await database.Set<ApiToken>().AsNoTracking()
            .FirstOrDefaultAsync(token => token.TokenHash == hash && token.RevokedAt == null && (token.ExpiresAt == null || token.ExpiresAt > now), cancellation);
        if (token is null)
            return null;
        var member = await database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams)
            .FirstOrDefaultAsync(member => member.Id == token.StaffId && member.DeactivatedAt == null, cancellation);
        if (member is null || !member.AsStaff().May(ApiTokenRoutes.Use))
            return null;
        if (token.LastUsedAt is null || now - token.LastUsedAt > UsePrecision)
            await database.Set<ApiToken>().Where(row => row.Id == token.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), cancellation);
        var caller = new Caller(member.AsStaff(), token.Scopes, hash);
        cache.Set((nameof(ApiTokens), hash), caller, Remembered);
        return caller;
    }

    private IQueryable<ApiToken> RevocableBy(Staff staff)
    {
        var all = staff.May(AccountPermissions.ManageStaff);
        return database.Set<ApiToken>().Where(token => token.RevokedAt == null && (all || token.StaffId == staff.Id));
    }
}
