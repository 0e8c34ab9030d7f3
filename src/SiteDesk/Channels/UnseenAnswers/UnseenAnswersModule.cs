using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.UnseenAnswers;

/// <summary>What happens to an answer whose reader has left our pages. Shared by the channels that live on them.</summary>
public static class UnseenAnswersModule
{
    public static IServiceCollection AddUnseenAnswers(this IServiceCollection services)
    {
        services.AddHandler<MessageAdded, WaitingAnswers>(message => message is { IsNote: false, ByCustomer: false });
        services.AddHandler<AnswerMayBeUnseen, WaitingAnswers>();
        services.AddScoped<IKnowWhatLeft>(provider => provider.GetRequiredService<WaitingAnswers>());
        return services;
    }
}

internal sealed class UnseenAnswersTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<WaitingAnswer>(answer =>
        {
            answer.ToTable("channels_waiting_answers");
            answer.Property(row => row.SettledBy).HasMaxLength(20);
            answer.HasIndex(row => new { row.TicketId, row.MessageId }).IsUnique();
            answer.HasIndex(row => row.SettledAt);
            answer.HasOne<Ticket>().WithMany().HasForeignKey(row => row.TicketId);
        });
    }
}
