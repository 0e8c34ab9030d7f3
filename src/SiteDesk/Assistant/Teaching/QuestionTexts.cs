using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.HelpCenter.Authoring;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Teaching;

/// <summary>Reads what customers asked, with and without what says who they are.</summary>
internal sealed class QuestionTexts(Database database, TextCatalog catalog)
{
    /// <param name="Names">Of whoever asked.</param>
    public sealed record Question(long TurnId, string Text, string Language, IReadOnlyList<string> Names);

    /// <summary>The questions of turns by the turns' keys; a message that was taken back or erased has none. Of a button that was pressed it is what was written before.</summary>
    public async Task<IReadOnlyDictionary<long, Question>> ReadAsync(IReadOnlyCollection<long> turnIds, CancellationToken cancellation)
    {
        var rows = await (from turn in database.Set<Talk.AssistantTurn>()
                          join message in database.Set<Message>() on turn.QuestionId equals message.Id
                          join ticket in database.Set<Ticket>() on turn.TicketId equals ticket.Id
                          join customer in database.Set<Customer>() on ticket.CustomerId equals customer.Id
                          where turnIds.Contains(turn.Id)
                          let written = message.Choice == null ? message.Text : database.Set<Message>()
                              .Where(other => other.TicketId == turn.TicketId && other.Id < message.Id && other.Kind == MessageKind.Public && other.AuthorKind == ActorKind.Customer && other.Choice == null)
                              .OrderByDescending(other => other.Id).Select(other => other.Text).FirstOrDefault()
                          select new { turn.Id, Text = written ?? message.Text, turn.Language, message.AuthorName, customer.Name }).AsNoTracking().ToListAsync(cancellation);
        return rows.ToDictionary(row => row.Id, row => new Question(row.Id, row.Text, row.Language, [.. new[] { row.AuthorName, row.Name }.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)]));
    }

    /// <summary>A question without names, addresses and numbers: what may become a phrase, or be shown to who sees no contacts.</summary>
    /// <remarks>
    /// What stands for a number in a phrase is a word of the question's language in brackets: the classifier learns "order [number]", which is
    /// what every order with a number then looks like.
    /// </remarks>
    public string Mask(Question question) => MaskFor(question.Names, question.Language).Apply(question.Text);

    /// <summary>As somebody may see it, no longer than a list has room for.</summary>
    public string Show(Question question, bool isMasked, int longest = 240)
    {
        var text = isMasked ? Mask(question) : question.Text;
        return text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1)] + "…";
    }

    private PersonMask MaskFor(IReadOnlyList<string> names, string language)
    {
        var spoken = Languages.All.Contains(language, StringComparer.Ordinal) ? language : Languages.English;
        return new PersonMask(names, catalog.Get(spoken, "help-desk.mask-name"), catalog.Get(spoken, "help-desk.mask-address"), catalog.Get(spoken, "help-desk.mask-number"));
    }
}
