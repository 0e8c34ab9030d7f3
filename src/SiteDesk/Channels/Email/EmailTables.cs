using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email.StaffMail;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email;

internal sealed class EmailTables : IMapTables
{
    private const int HashLength = 64;
    private const int LongestAddress = 320;

    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        MapMailbox(model);
        MapReceived(model);
        MapOutgoing(model);
        model.Entity<Correspondence>(correspondence =>
        {
            correspondence.ToTable("email_correspondence");
            correspondence.HasKey(row => row.TicketId);
            correspondence.Property(row => row.TicketId).ValueGeneratedNever();
            correspondence.Property(row => row.To).HasJson();
            correspondence.Property(row => row.Cc).HasJson();
            correspondence.Property(row => row.NextBcc).HasJson();
            correspondence.HasOne<Ticket>().WithOne().HasForeignKey<Correspondence>(row => row.TicketId);
        });
        model.Entity<StaffMailChoice>(choice =>
        {
            choice.ToTable("email_staff_choices");
            choice.HasKey(row => row.StaffId);
            choice.Property(row => row.StaffId).ValueGeneratedNever();
            choice.HasOne<StaffMember>().WithOne().HasForeignKey<StaffMailChoice>(row => row.StaffId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<UnreachableAddress>(address =>
        {
            address.ToTable("email_unreachable_addresses");
            address.HasKey(row => row.Address);
            address.Property(row => row.Address).HasMaxLength(LongestAddress);
            address.Property(row => row.Reason).HasMaxLength(500);
        });
    }

    private static void MapMailbox(ModelBuilder model)
    {
        model.Entity<Mailbox>(mailbox =>
        {
            mailbox.ToVersionedTable("email_mailboxes");
            mailbox.Property(row => row.Address).HasMaxLength(LongestAddress);
            mailbox.Property(row => row.AddressKey).HasMaxLength(LongestAddress);
            mailbox.Property(row => row.Incoming).HasJson();
            mailbox.Property(row => row.Outgoing).HasJson();
            mailbox.Property(row => row.UserName).HasMaxLength(LongestAddress);
            mailbox.Property(row => row.Folder).HasMaxLength(200);
            mailbox.Property(row => row.SenderNames).HasJson();
            mailbox.Property(row => row.Signatures).HasJson();
            mailbox.Property(row => row.TrustedHosts).HasJson();
            mailbox.Property(row => row.ConfirmationTexts).HasJson();
            mailbox.Property(row => row.Renewal).HasJson();
            mailbox.Property(row => row.Dkim).HasJson();
            mailbox.Property(row => row.PostSecretHash).HasMaxLength(HashLength);
            mailbox.Property(row => row.DeskAddress).HasMaxLength(300);
            mailbox.Ignore(row => row.IsFollowed);
            mailbox.Ignore(row => row.Domain);
            mailbox.Ignore(row => row.SendsCopies);
            mailbox.HasIndex(row => row.AddressKey);
            mailbox.HasIndex(row => row.PostSecretHash).IsUnique();
            mailbox.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<MailboxState>(state =>
        {
            state.ToTable("email_mailbox_states");
            state.HasKey(row => row.MailboxId);
            state.Property(row => row.MailboxId).ValueGeneratedNever();
            state.Property(row => row.FetchError).HasMaxLength(500);
            state.Property(row => row.SendError).HasMaxLength(500);
            state.HasOne<Mailbox>().WithOne().HasForeignKey<MailboxState>(row => row.MailboxId);
        });
    }

    private static void MapReceived(ModelBuilder model)
    {
        model.Entity<RawMail>(mail =>
        {
            mail.ToTable("email_raw_mails");
            mail.Property(row => row.ContentHash).HasMaxLength(HashLength);
            mail.Property(row => row.MessageIdHash).HasMaxLength(HashLength);
            mail.Property(row => row.Fingerprint).HasMaxLength(HashLength);
            mail.Property(row => row.Sender).HasMaxLength(LongestAddress);
            mail.Property(row => row.Subject).HasMaxLength(300);
            mail.Property(row => row.State).HasConversion<int>();
            mail.Property(row => row.Outcome).HasMaxLength(20);
            mail.Property(row => row.Reason).HasMaxLength(1000);
            mail.Property(row => row.Step).HasMaxLength(40);
            mail.HasIndex(row => new { row.MailboxId, row.ContentHash }).IsUnique();
            mail.HasIndex(row => row.Fingerprint).IsUnique();
            mail.HasIndex(row => new { row.SiteId, row.MessageIdHash });
            mail.HasIndex(row => new { row.SiteId, row.Sender, row.ReceivedAt });
            mail.HasIndex(row => new { row.State, row.Id });
            mail.HasIndex(row => new { row.SiteId, row.ReceivedAt });
            mail.HasOne<Mailbox>().WithMany().HasForeignKey(row => row.MailboxId).OnDelete(DeleteBehavior.Restrict);
            // The mail as it came goes with what was made of it.
            mail.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId).OnDelete(DeleteBehavior.Cascade);
            mail.HasOne<Message>().WithMany().HasForeignKey(row => row.MessageId).OnDelete(DeleteBehavior.Cascade);
            mail.HasOne(row => row.Content).WithOne().HasForeignKey<RawMailContent>(row => row.RawMailId);
        });
        model.Entity<RawMailContent>(content =>
        {
            content.ToTable("email_raw_contents");
            content.HasKey(row => row.RawMailId);
        });
        model.Entity<MessageMail>(mail =>
        {
            mail.ToTable("email_message_mails");
            mail.HasKey(row => row.MessageId);
            mail.Property(row => row.MessageId).ValueGeneratedNever();
            mail.Property(row => row.MailId).HasMaxLength(1000);
            mail.Property(row => row.From).HasJson();
            mail.Property(row => row.To).HasJson();
            mail.Property(row => row.Cc).HasJson();
            mail.Property(row => row.RefusedFiles).HasJson();
            mail.Property(row => row.Spf).HasMaxLength(20);
            mail.Property(row => row.Dkim).HasMaxLength(20);
            mail.Property(row => row.Dmarc).HasMaxLength(20);
            mail.Property(row => row.AutomaticReason).HasMaxLength(300);
            mail.HasOne<Message>().WithOne().HasForeignKey<MessageMail>(row => row.MessageId);
        });
    }

    private static void MapOutgoing(ModelBuilder model)
    {
        model.Entity<OutgoingMail>(mail =>
        {
            mail.ToTable("email_outgoing_mails");
            mail.Property(row => row.Key).HasMaxLength(60);
            mail.Property(row => row.MailId).HasMaxLength(400);
            mail.Property(row => row.MailIdHash).HasMaxLength(HashLength);
            mail.Property(row => row.Subject).HasMaxLength(320);
            mail.Property(row => row.Language).HasMaxLength(16);
            mail.Property(row => row.InReplyTo).HasMaxLength(1000);
            mail.Property(row => row.References).HasJson();
            mail.Property(row => row.Recipients).HasJson();
            mail.Property(row => row.State).HasConversion<int>();
            mail.Property(row => row.LastAnswer).HasMaxLength(1000);
            mail.HasIndex(row => row.Key).IsUnique();
            mail.HasIndex(row => row.MailIdHash);
            mail.HasIndex(row => new { row.State, row.NotBefore });
            mail.HasIndex(row => row.MessageId);
            mail.HasIndex(row => new { row.MailboxId, row.ClaimedAt });
            mail.HasOne<StaffNotification>().WithMany().HasForeignKey(row => row.NotificationId).OnDelete(DeleteBehavior.Cascade);
            mail.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId).OnDelete(DeleteBehavior.Cascade);
            mail.HasOne<Message>().WithMany().HasForeignKey(row => row.MessageId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
