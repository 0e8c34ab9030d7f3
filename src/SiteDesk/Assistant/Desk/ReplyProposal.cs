using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Customers;
using SiteDesk.HelpCenter.Authoring;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Desk;

/// <summary>Proposes what to reply: the owner's words for what is asked, the passage of the article that answers it, or what a colleague answered to the like.</summary>
internal sealed class ReplyProposal(Database database, ArticleBodies bodies)
{
    private const int LongestPassage = 700;
    private const int LongestLabel = 160;

    /// <summary>A colleague's answer is only worth proposing when the questions are nearly the same.</summary>
    private const double LeastLikeness = 0.5;

    /// <summary>Of the most alike tickets, how many are asked for their answers.</summary>
    private const int MostAsked = 3;

    /// <returns>Null when the assistant is not sure enough to answer by itself.</returns>
    public async Task<Suggestion?> OfKnowledgeAsync(SiteKnowledge knowledge, Understanding understood, CancellationToken cancellation)
    {
        if (understood.Probability < knowledge.Thresholds.Answer || ShippedIntent.Of(understood.First).IsCourtesy)
            return null;
        if (knowledge.AnswerOf(understood.First).Texts.GetValueOrDefault(understood.Language) is { Length: > 0 } own)
            return Of($"intent:{understood.First}", own, "assistant-desk.why-own-words", understood.Language);
        var articleId = IntentRanking.ArticleOf(understood.First) ?? knowledge.ArticlesOf(understood.First).Select(id => (long?)id).FirstOrDefault();
        if (articleId is null || !knowledge.Articles.Shelves.TryGetValue(understood.Language, out var shelf)
            || !shelf.ArticlesById.TryGetValue(articleId.Value, out var article) || !article.IsFor(ReaderLevel.Everybody))
            return null;
        var body = await bodies.ReadAsync(article.VersionId, shelf.Language, cancellation);
        var passage = BestPassage(body.Markup.Text.Plain, understood.Text);
        return passage.Length == 0 ? null : Of(FormattableString.Invariant($"article:{article.Id}"), passage, "assistant-desk.why-passage", understood.Language);
    }

    /// <summary>What a colleague answered in the most alike ticket that has an answer; names, addresses and numbers of its customer are taken out.</summary>
    public async Task<Suggestion?> OfColleaguesAsync(IReadOnlyList<LikeTicket> like, Staff staff, Texts texts, CancellationToken cancellation)
    {
        foreach (var ticket in like.Where(ticket => ticket.Likeness >= LeastLikeness).Take(MostAsked))
        {
            var answer = await database.Set<Message>().AsNoTracking()
                .Where(message => message.TicketId == ticket.TicketId && message.Kind == MessageKind.Public && message.AuthorKind == ActorKind.Staff)
                .OrderBy(message => message.Id).Select(message => new { message.Text, message.AuthorName }).FirstOrDefaultAsync(cancellation);
            if (answer is null)
                continue;
            var of = await database.Set<Ticket>().AsNoTracking().Where(row => row.Id == ticket.TicketId).Join(database.Set<Customer>(), row => row.CustomerId, customer => customer.Id, (row, customer) => new { row.Language, customer.Name, customer.AddressAs }).FirstAsync(cancellation);
            var words = texts.In(Languages.Match(of.Language) ?? texts.Language);
            var mask = new PersonMask([of.Name, of.AddressAs, answer.AuthorName, staff.Name], words["help-desk.mask-name"], words["help-desk.mask-address"], words["help-desk.mask-number"]);
            return Of(FormattableString.Invariant($"ticket:{ticket.TicketId}"), mask.Apply(answer.Text), "assistant-desk.why-colleague", of.Language);
        }

        return null;
    }

    /// <summary>The paragraph that has most of the question's words, with those after it while there is room.</summary>
    internal static string BestPassage(string article, string question)
    {
        var paragraphs = article.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (paragraphs.Length == 0)
            return "";
        var asked = LikeTickets.ContentWords(question).ToHashSet(StringComparer.Ordinal);
        var best = paragraphs.Index().MaxBy(pair => SearchText.ForIndex(pair.Item).Split(' ').Distinct(StringComparer.Ordinal).Count(asked.Contains)).Index;
        var passage = paragraphs[best];
        foreach (var next in paragraphs.Skip(best + 1))
        {
            if (passage.Length + next.Length + 1 > LongestPassage)
                break;
            passage += "\n" + next;
        }

        return passage.Length <= LongestPassage ? passage : Shortened(passage, LongestPassage);
    }

    private static Suggestion Of(string value, string text, string reason, string? language) =>
        new(SuggestionKind.Reply, value, Shortened(FormattedWords.Of(text).ReplaceLineEndings(" "), LongestLabel), reason, Insert: text, Language: language);

    internal static string Shortened(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)].TrimEnd() + "…";
}
