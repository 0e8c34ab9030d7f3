using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>When an address outside was last asked for, and what it answered.</summary>
public sealed class LinkCheck
{
    public const int LongestAddress = 500;

    public long Id { get; init; }

    public required string Address { get; init; }

    public required DateTime CheckedAt { get; set; }

    /// <summary>HTTP status; 0 when it could not be reached.</summary>
    public required int Status { get; set; }

    /// <summary>How often in a row it did not answer well: once is the network, twice is the link.</summary>
    public int Failures { get; set; }

    public bool IsBroken => Failures >= 2;
}

internal sealed class AuthoringTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine) => model.Entity<LinkCheck>(check =>
    {
        check.ToTable("help_link_checks");
        check.Property(row => row.Address).HasMaxLength(LinkCheck.LongestAddress);
        check.Ignore(row => row.IsBroken);
        check.HasIndex(row => row.Address).IsUnique();
    });
}
