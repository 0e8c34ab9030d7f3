using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.Desk;

/// <summary>What is shown below an answer of the assistant's.</summary>
/// <param name="Helped">What the customer said; null for neither.</param>
/// <param name="CorrectedBy">Who of the staff said that it was wrong; null for nobody.</param>
public sealed record AnswerNote(long TurnId, bool? Helped, string? CorrectedBy);

/// <summary>Reads what became of the assistant's answers; tickets without any are not asked.</summary>
internal sealed class AnswerNotes(Database database) : IAddToMessages
{
    public async Task<IReadOnlyDictionary<long, MessageAddition>> ReadAsync(long ticketId, IReadOnlyList<Message> messages, CancellationToken cancellation)
    {
        var answers = messages.Where(message => message.AuthorKind == ActorKind.Assistant).ToList();
        if (answers.Count == 0)
            return new Dictionary<long, MessageAddition>();
        var tickets = answers.Select(message => message.TicketId).Distinct().ToList();
        var ids = answers.ConvertAll(message => (long?)message.Id);
        var turns = await database.Set<AssistantTurn>().AsNoTracking().Where(turn => tickets.Contains(turn.TicketId) && ids.Contains(turn.ReplyId)).ToListAsync(cancellation);
        return turns.GroupBy(turn => turn.ReplyId!.Value).ToDictionary(
            group => group.Key,
            group => new MessageAddition(typeof(AnswerNoteLine), NoteOf(group.MaxBy(turn => turn.Id)!)));
    }

    private static AnswerNote NoteOf(AssistantTurn turn) => new(turn.Id, turn.Helped, turn.Correction?.ByName);
}
