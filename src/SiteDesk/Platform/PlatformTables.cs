using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;

namespace SiteDesk.Platform;

internal sealed class PlatformTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<EventDelivery>(delivery =>
        {
            delivery.ToTable("platform_event_deliveries");
            delivery.Property(row => row.Event).HasMaxLength(100);
            delivery.Property(row => row.Handler).HasMaxLength(200);
            delivery.HasIndex(row => row.DueAt);
        });
        model.Entity<Lease>(lease =>
        {
            lease.ToTable("platform_leases");
            lease.HasKey(row => row.Name);
            lease.Property(row => row.Name).HasMaxLength(100);
            lease.Property(row => row.Fence).IsConcurrencyToken();
        });
        model.Entity<StoredFile>(file =>
        {
            file.ToTable("platform_files");
            file.Property(row => row.Token).HasMaxLength(40);
            file.Property(row => row.Name).HasMaxLength(255);
            file.Property(row => row.ContentType).HasMaxLength(100);
            file.Property(row => row.Sha256).HasMaxLength(64);
            file.HasIndex(row => row.Token).IsUnique();
            file.HasIndex(row => row.Sha256);
            file.HasIndex(row => new { row.AttachedAt, row.CreatedAt });
        });
        model.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("platform_audit");
            entry.Property(row => row.Action).HasMaxLength(100);
            entry.Property(row => row.ActorName).HasMaxLength(AuditEntry.LongestName);
            entry.Property(row => row.Subject).HasMaxLength(AuditEntry.LongestName);
            entry.Property(row => row.Address).HasMaxLength(64);
            entry.Property(row => row.Details).HasJson();
            entry.HasIndex(row => row.At);
            entry.HasIndex(row => new { row.ActorId, row.Id });
            entry.HasIndex(row => new { row.Action, row.Id });
            entry.HasIndex(row => new { row.Subject, row.At });
        });
        model.Entity<ProtectionKey>(key =>
        {
            key.ToTable("platform_protection_keys");
            key.Property(row => row.Name).HasMaxLength(200);
        });
        model.Entity<Secret>(secret =>
        {
            secret.ToTable("platform_settings");
            secret.HasKey(row => row.Name);
            secret.Property(row => row.Name).HasMaxLength(100);
        });
    }
}
