using Microsoft.EntityFrameworkCore;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.HelpCenter.Trails;

internal sealed class TrailTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<TrailStep>(step =>
        {
            step.ToTable("help_trail_steps");
            step.Property(row => row.Visit).HasMaxLength(RecordDeflection.LongestVisit);
            step.Property(row => row.Language).HasMaxLength(16);
            step.Property(row => row.Words).HasMaxLength(HelpSearch.LongestWords);
            step.HasIndex(row => row.Visit);
            step.HasIndex(row => row.At);
            step.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
            step.HasOne<Article>().WithMany().HasForeignKey(row => row.ArticleId);
        });
        model.Entity<TicketTrail>(trail =>
        {
            trail.ToTable("help_ticket_trails");
            trail.HasKey(row => row.TicketId);
            trail.Property(row => row.TicketId).ValueGeneratedNever();
            trail.Property(row => row.Steps).HasJson();
            trail.HasOne<Ticket>().WithOne().HasForeignKey<TicketTrail>(row => row.TicketId);
        });
    }
}
