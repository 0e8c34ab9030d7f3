using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

internal sealed class ChatTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<ChatConversation>(conversation =>
        {
            conversation.ToTable("chat_conversations");
            conversation.Property(row => row.PageAddress).HasMaxLength(1000);
            conversation.HasIndex(row => new { row.VisitorId, row.TicketId }).IsUnique();
            conversation.HasIndex(row => row.TicketId);
            conversation.HasOne<Visitor>().WithMany().HasForeignKey(row => row.VisitorId);
            conversation.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId);
        });
    }
}
