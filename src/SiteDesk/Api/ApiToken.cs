using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Platform.Data;

namespace SiteDesk.Api;

/// <summary>
/// A program's key to the API. It acts in the name of a member of staff, with their limits at the time of the call, and only
/// within its scopes.
/// </summary>
public sealed class ApiToken
{
    public long Id { get; init; }

    /// <summary>What it is for, in the owner's words.</summary>
    public required string Name { get; init; }

    public required long StaffId { get; init; }

    /// <summary>SHA-256 of the secret, which is shown once.</summary>
    public required string TokenHash { get; init; }

    /// <summary>First characters of the secret, so that people can tell tokens apart.</summary>
    public required string Hint { get; init; }

    public List<string> Scopes { get; init; } = [];

    public required DateTime CreatedAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    /// <summary>Precise to some minutes.</summary>
    public DateTime? LastUsedAt { get; set; }

    public DateTime? RevokedAt { get; set; }
}

/// <summary>What a token may be good for.</summary>
public static class ApiScopes
{
    public const string ReadTickets = "tickets:read";
    public const string WriteTickets = "tickets:write";
    public const string ReadCustomers = "customers:read";
    public const string WriteCustomers = "customers:write";
    public const string ReadDirectory = "directory:read";
    public const string WriteFiles = "files:write";

    public static IReadOnlyList<string> All { get; } = [ReadTickets, WriteTickets, ReadCustomers, WriteCustomers, ReadDirectory, WriteFiles];
}

internal sealed class ApiTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine) =>
        model.Entity<ApiToken>(token =>
        {
            token.ToTable("api_tokens");
            token.Property(row => row.Name).HasMaxLength(100);
            token.Property(row => row.TokenHash).HasMaxLength(64);
            token.Property(row => row.Hint).HasMaxLength(12);
            token.Property(row => row.Scopes).HasJson();
            token.HasIndex(row => row.TokenHash).IsUnique();
            token.HasIndex(row => row.StaffId);
            token.HasOne<StaffMember>().WithMany().HasForeignKey(row => row.StaffId);
        });
}
