using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Sites;

internal sealed class SiteTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<Site>(site =>
        {
            site.ToVersionedTable("sites_sites");
            site.Property(row => row.Key).HasMaxLength(40);
            site.Property(row => row.Name).HasMaxLength(100);
            site.Property(row => row.Color).HasMaxLength(7);
            site.Property(row => row.Address).HasMaxLength(300);
            site.Property(row => row.Logo).HasMaxLength(40);
            site.Property(row => row.Domains).HasJson();
            site.Property(row => row.Languages).HasJson();
            site.Property(row => row.Hours).HasJson();
            site.Property(row => row.Widget).HasJson();
            site.Property(row => row.Privacy).HasJson();
            site.Property(row => row.Assistant).HasJson();
            site.Ignore(row => row.DefaultLanguage);
            site.Property(row => row.HelpOrigin).HasMaxLength(300);
            site.HasIndex(row => row.Key).IsUnique();
            site.HasIndex(row => row.HelpOrigin).IsUnique();
        });
        model.Entity<ConsentText>(text =>
        {
            text.ToTable("sites_consent_texts");
            text.Property(row => row.Language).HasMaxLength(16);
            text.HasIndex(row => new { row.SiteId, row.Number, row.Language }).IsUnique();
            text.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
        });
    }
}
