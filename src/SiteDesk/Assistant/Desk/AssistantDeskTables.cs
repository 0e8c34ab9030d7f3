using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Desk;

internal sealed class AssistantDeskTables : IMapTables
{
    private const int KindLength = 16;

    public void Map(ModelBuilder model, DatabaseEngine engine) => model.Entity<SuggestionDecision>(decision =>
    {
        decision.ToTable("assistant_suggestions");
        decision.Property(row => row.Kind).HasMaxLength(KindLength);
        decision.Property(row => row.Value).HasMaxLength(SuggestionDecision.LongestValue);
        decision.HasIndex(row => new { row.TicketId, row.Kind, row.Value }).IsUnique();
        decision.HasIndex(row => new { row.SiteId, row.At });
        decision.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId);
    });
}
