using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Customers;

internal sealed class CustomerTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<Customer>(customer =>
        {
            customer.ToVersionedTable("customers_customers");
            customer.Property(row => row.Name).HasMaxLength(200);
            customer.Property(row => row.AddressAs).HasMaxLength(200);
            customer.Property(row => row.Language).HasMaxLength(16);
            customer.Property(row => row.TimeZone).HasMaxLength(64);
            customer.Property(row => row.ExternalId).HasMaxLength(100);
            customer.HasIndex(row => row.ExternalId).IsUnique();
            customer.Ignore(row => row.DisplayName);
            customer.HasMany(row => row.Contacts).WithOne().HasForeignKey(contact => contact.CustomerId);
            customer.HasIndex(row => row.MergedIntoId);
            customer.HasIndex(row => row.Name);
            customer.HasOne<Customer>().WithMany().HasForeignKey(row => row.MergedIntoId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<CustomerContact>(contact =>
        {
            contact.ToTable("customers_contacts");
            contact.Property(row => row.Value).HasMaxLength(254);
            contact.Property(row => row.Shown).HasMaxLength(254);
            contact.Property(row => row.ProvenBy).HasMaxLength(20);
            contact.HasIndex(row => new { row.Kind, row.Value });

            // For the beginning of an address: the database's own collation may order otherwise than byte by byte.
            if (engine == DatabaseEngine.Postgres)
                contact.HasIndex(row => new { row.Kind, row.Value }, "IX_customers_contacts_beginning").HasOperators("text_pattern_ops", "text_pattern_ops");
        });
        model.Entity<Visitor>(visitor =>
        {
            visitor.ToTable("customers_visitors");
            visitor.Property(row => row.TokenHash).HasMaxLength(64);
            visitor.Property(row => row.UserAgent).HasMaxLength(300);
            visitor.Property(row => row.Address).HasMaxLength(64);
            visitor.HasIndex(row => row.TokenHash).IsUnique();
            visitor.HasIndex(row => row.CustomerId);
            visitor.HasOne<Customer>().WithMany().HasForeignKey(row => row.CustomerId);
        });
        model.Entity<ConsentRecord>(record =>
        {
            record.ToTable("customers_consents");
            record.Property(row => row.Language).HasMaxLength(16);
            record.Property(row => row.VisitorHash).HasMaxLength(64);
            record.HasIndex(row => new { row.VisitorId, row.At });
        });
        model.Entity<PageVisit>(visit =>
        {
            visit.ToTable("customers_page_visits");
            visit.Property(row => row.Address).HasMaxLength(1000);
            visit.Property(row => row.Title).HasMaxLength(300);
            visit.HasIndex(row => new { row.CustomerId, row.At });
            visit.HasIndex(row => row.At);
            visit.HasIndex(row => row.VisitorId);
            visit.HasOne<Customer>().WithMany().HasForeignKey(row => row.CustomerId);
            visit.HasOne<Visitor>().WithMany().HasForeignKey(row => row.VisitorId);
        });
        model.Entity<CustomerMerge>(merge =>
        {
            // No foreign keys: it speaks of both records and must not follow either.
            merge.ToTable("customers_merges");
            merge.Property(row => row.ByName).HasMaxLength(200);
            merge.Property(row => row.Before).HasJson();
            merge.Property(row => row.Contacts).HasJson();
            merge.HasIndex(row => row.FromId);
            merge.HasIndex(row => new { row.IntoId, row.At });
        });
        model.Entity<MovedRow>(row =>
        {
            row.ToTable("customers_moved_rows");
            row.HasKey(moved => new { moved.MergeId, moved.Place, moved.RowId });
            row.Property(moved => moved.Place).HasMaxLength(100);
            row.HasOne<CustomerMerge>().WithMany().HasForeignKey(moved => moved.MergeId);
        });
    }
}
