using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Customers.SignIn;

internal sealed class SignInTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine) => model.Entity<SignInLink>(link =>
    {
        link.ToTable("customers_sign_in_links");
        link.Property(row => row.Path).HasMaxLength(SignInLink.LongestPath);
        link.HasIndex(row => row.CreatedAt);
        link.HasIndex(row => row.ContactId);
        link.HasOne<CustomerContact>().WithMany().HasForeignKey(row => row.ContactId);
    });
}
