using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Sites;

namespace SiteDesk.Tickets;

internal sealed class TicketTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        MapTicket(model);
        MapMessage(model);
        MapSettings(model);
        model.Entity<Draft>(draft =>
        {
            draft.ToTable("tickets_drafts");
            draft.HasKey(row => new { row.StaffId, row.TicketId, row.Kind });
            draft.Property(row => row.FileTokens).HasJson();
            draft.Property(row => row.Held).HasJson();
            draft.Property(row => row.Revision).IsConcurrencyToken();
            draft.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId);
        });
        model.Entity<TicketLink>(link =>
        {
            link.ToTable("tickets_links");
            link.HasKey(row => new { row.LowId, row.HighId });
            link.HasIndex(row => row.HighId);
            link.HasOne<Ticket>().WithMany().HasForeignKey(row => row.LowId);
            link.HasOne<Ticket>().WithMany().HasForeignKey(row => row.HighId);
        });
        model.Entity<ChosenOrder>(order =>
        {
            order.ToTable("tickets_view_orders");
            order.HasKey(row => new { row.StaffId, row.View });
            order.Property(row => row.View).HasMaxLength(20);
            order.Property(row => row.Order).HasMaxLength(20);
        });
        model.Entity<BlockedSender>(blocked =>
        {
            blocked.ToTable("tickets_blocked_senders");
            blocked.Property(row => row.Pattern).HasMaxLength(254);
            blocked.HasIndex(row => row.Pattern).IsUnique();
        });
        model.Entity<StaffNotification>(notification =>
        {
            notification.ToTable("tickets_notifications");
            notification.Property(row => row.Kind).HasMaxLength(40);
            notification.Property(row => row.Key).HasMaxLength(100);
            notification.HasIndex(row => new { row.StaffId, row.CreatedAt });
            notification.HasIndex(row => row.Key).IsUnique();
            notification.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId);
        });
        model.Entity<StaffNotice>(notice =>
        {
            notice.ToTable("tickets_notices");
            notice.Property(row => row.Kind).HasMaxLength(40);
            notice.Property(row => row.ActorName).HasMaxLength(200);
            notice.Property(row => row.Subject).HasMaxLength(StaffNotice.Longest);
            notice.Property(row => row.Language).HasMaxLength(16);
            notice.Property(row => row.Address).HasMaxLength(StaffNotice.Longest);
            notice.Property(row => row.Key).HasMaxLength(100);
            notice.HasIndex(row => new { row.StaffId, row.CreatedAt });
            notice.HasIndex(row => row.Address);
            notice.HasIndex(row => row.CreatedAt);
            notice.HasIndex(row => row.Key).IsUnique();
        });
    }

    private static void MapTicket(ModelBuilder model)
    {
        model.Entity<Ticket>(ticket =>
        {
            ticket.ToVersionedTable("tickets_tickets");
            ticket.Property(row => row.Token).HasMaxLength(40);
            ticket.Property(row => row.Channel).HasMaxLength(20);
            ticket.Property(row => row.Subject).HasMaxLength(300);
            ticket.Property(row => row.Language).HasMaxLength(16);
            ticket.Property(row => row.Preview).HasMaxLength(Ticket.PreviewLength);
            ticket.Property(row => row.Priority).HasConversion<int>();
            ticket.Property(row => row.Status).HasMaxLength(10);
            ticket.Property(row => row.Stage).HasConversion<int>();
            ticket.OwnsOne(row => row.Junk, junk =>
            {
                junk.Property(mark => mark.Reason).HasColumnName("JunkReason").HasMaxLength(40);
                junk.Property(mark => mark.At).HasColumnName("JunkAt");
                junk.Property(mark => mark.ById).HasColumnName("JunkById");
            });
            ticket.HasIndex(row => row.Token).IsUnique();
            ticket.HasIndex(row => new { row.Stage, row.UpdatedAt, row.Id });
            ticket.HasIndex(row => new { row.AssigneeId, row.Stage, row.UpdatedAt, row.Id });
            ticket.HasIndex(row => new { row.TeamId, row.Stage, row.UpdatedAt, row.Id });
            ticket.HasIndex(row => new { row.Stage, row.CreatedAt, row.Id });
            ticket.HasIndex(row => new { row.Status, row.UpdatedAt, row.Id });
            ticket.HasIndex(row => new { row.Stage, row.AwaitsReply, row.LastMessageAt, row.Id });
            ticket.HasIndex(row => new { row.Stage, row.Priority, row.UpdatedAt, row.Id });
            ticket.HasIndex(row => new { row.SiteId, row.Stage, row.UpdatedAt, row.Id });
            ticket.HasIndex(row => row.MergedIntoId).HasFilter("\"MergedIntoId\" IS NOT NULL");
            ticket.HasIndex(row => new { row.CustomerId, row.CreatedAt });
            ticket.HasIndex(row => new { row.SiteId, row.UpdatedAt });
            ticket.HasIndex(row => row.UpdatedAt);
            ticket.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId).OnDelete(DeleteBehavior.Restrict);
            ticket.HasOne(row => row.Customer).WithMany().HasForeignKey(row => row.CustomerId).OnDelete(DeleteBehavior.Restrict);
            ticket.HasMany(row => row.Tags).WithOne().HasForeignKey(tag => tag.TicketId);
            ticket.HasMany(row => row.Fields).WithOne().HasForeignKey(field => field.TicketId);
            ticket.HasMany(row => row.Followers).WithOne().HasForeignKey(follower => follower.TicketId);
            ticket.HasMany(row => row.Changes).WithOne().HasForeignKey(change => change.TicketId);
        });
        model.Entity<TicketTag>(tag =>
        {
            tag.ToTable("tickets_tags");
            tag.HasKey(row => new { row.TicketId, row.Name });
            tag.Property(row => row.Name).HasMaxLength(60);
            tag.HasIndex(row => new { row.Name, row.TicketId });
        });
        model.Entity<TicketFollower>(follower =>
        {
            follower.ToTable("tickets_followers");
            follower.HasKey(row => new { row.TicketId, row.StaffId });
            follower.HasIndex(row => row.StaffId);
        });
        model.Entity<TicketFieldValue>(value =>
        {
            value.ToTable("tickets_field_values");
            value.HasKey(row => new { row.TicketId, row.FieldId });
            value.Property(row => row.Value).HasMaxLength(1000);
            value.HasIndex(row => new { row.FieldId, row.Value });
            value.HasIndex(row => new { row.FieldId, row.Number });
            value.HasIndex(row => new { row.FieldId, row.Day });
        });
        model.Entity<TicketChange>(change =>
        {
            change.ToTable("tickets_changes");
            change.Property(row => row.Field).HasMaxLength(40);
            change.Property(row => row.ActorName).HasMaxLength(200);
            change.Property(row => row.Batch).HasMaxLength(40);
            change.HasIndex(row => new { row.TicketId, row.Id });
            change.HasIndex(row => row.Batch);
        });
    }

    private static void MapMessage(ModelBuilder model)
    {
        model.Entity<Message>(message =>
        {
            message.ToTable("tickets_messages");
            message.Property(row => row.AuthorName).HasMaxLength(200);
            message.Property(row => row.Channel).HasMaxLength(20);
            message.Property(row => row.ClientId).HasMaxLength(64);
            message.Property(row => row.Report).HasJson();
            message.Property(row => row.Offer).HasJson();
            message.Property(row => row.Choice).HasJson();
            message.Property(row => row.MentionedIds).HasJson();
            message.HasIndex(row => new { row.TicketId, row.Id });
            message.HasIndex(row => new { row.TicketId, row.ClientId }).IsUnique();
            message.HasIndex(row => new { row.TicketId, row.WithdrawnAt }).HasFilter("\"WithdrawnAt\" IS NOT NULL");
            if (!EF.IsDesignTime) // what is generated knows no filters, see CompiledModels
                message.HasQueryFilter(Message.Stands);
            message.HasOne(row => row.Ticket).WithMany().HasForeignKey(row => row.TicketId);
            message.HasOne(row => row.Tokens).WithOne().HasForeignKey<MessageTokens>(tokens => tokens.MessageId);
            message.HasMany(row => row.Files).WithOne().HasForeignKey(file => file.MessageId);
        });
        model.Entity<MessageFile>(file =>
        {
            file.ToTable("tickets_message_files");
            file.HasKey(row => new { row.MessageId, row.FileId });
            file.HasOne(row => row.File).WithMany().HasForeignKey(row => row.FileId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<MessageTokens>(tokens =>
        {
            tokens.ToTable("tickets_message_tokens");
            tokens.HasKey(row => row.MessageId);
        });
    }

    private static void MapSettings(ModelBuilder model)
    {
        model.Entity<CustomStatus>(status =>
        {
            status.ToTable("tickets_statuses");
            status.Property(row => row.Names).HasJson();
            status.Property(row => row.CustomerNames).HasJson();
        });
        model.Entity<TicketField>(field =>
        {
            field.ToTable("tickets_fields");
            field.Property(row => row.Key).HasMaxLength(40);
            field.Property(row => row.Names).HasJson();
            field.Property(row => row.Choices).HasJson();
            field.HasIndex(row => row.Key).IsUnique();
        });
        model.Entity<TicketView>(view =>
        {
            view.ToVersionedTable("tickets_views");
            view.Property(row => row.Name).HasMaxLength(100);
            view.Property(row => row.Order).HasMaxLength(20);
            view.HasIndex(row => row.StaffId);
        });
    }
}
