using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;

namespace SiteDesk.Tickets.ReplyTemplates;

internal sealed class ReplyTemplateTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine) => model.Entity<ReplyTemplate>(template =>
    {
        template.ToVersionedTable("tickets_reply_templates");
        template.Property(row => row.Name).HasMaxLength(ReplyTemplate.LongestName);
        template.Property(row => row.Texts).HasJson();
        template.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId).OnDelete(DeleteBehavior.Restrict);
    });
}
