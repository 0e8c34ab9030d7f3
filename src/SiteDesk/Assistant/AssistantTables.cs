using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Data;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant;

internal sealed class AssistantTables : IMapTables
{
    private const int LanguageLength = 16;
    private const int CandidateLength = 80;

    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<KnowledgeVersion>(version =>
        {
            version.ToVersionedTable("assistant_knowledge");
            version.Property(row => row.Document).HasJson();
            version.Property(row => row.ByName).HasMaxLength(200);
            version.Property(row => row.Note).HasMaxLength(1000);
            version.HasIndex(row => row.Number).IsUnique();
            version.HasIndex(row => row.IsLive).HasFilter("\"IsLive\"");
        });
        model.Entity<AssistantTalk>(talk =>
        {
            talk.ToVersionedTable("assistant_talks");
            talk.HasKey(row => row.TicketId);
            talk.Property(row => row.TicketId).ValueGeneratedNever();
            talk.Property(row => row.Language).HasMaxLength(LanguageLength);
            talk.Property(row => row.Memory).HasJson();
            talk.HasIndex(row => new { row.IsWaiting, row.HeardAt }).HasFilter("\"IsWaiting\"");
            talk.HasIndex(row => row.AnsweredAt).HasFilter("\"AnsweredAt\" IS NOT NULL");
            talk.HasIndex(row => new { row.SiteId, row.StartedAt });
            talk.HasOne<Ticket>().WithOne().HasForeignKey<AssistantTalk>(row => row.TicketId);
            talk.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
        });
        model.Entity<AssistantTurn>(turn =>
        {
            turn.ToVersionedTable("assistant_turns");
            turn.Property(row => row.Language).HasMaxLength(LanguageLength);
            turn.Property(row => row.Candidate).HasMaxLength(CandidateLength);
            turn.Property(row => row.Correction).HasJson();
            turn.HasIndex(row => row.QuestionId).IsUnique();
            turn.HasIndex(row => new { row.TicketId, row.Id });
            turn.HasIndex(row => new { row.SiteId, row.At });
            turn.HasIndex(row => new { row.SiteId, row.Candidate, row.At });
            turn.HasIndex(row => new { row.IsOpen, row.At }).HasFilter("\"IsOpen\"");
            turn.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId);
            turn.HasOne<Message>().WithMany().HasForeignKey(row => row.QuestionId);
        });
    }
}
