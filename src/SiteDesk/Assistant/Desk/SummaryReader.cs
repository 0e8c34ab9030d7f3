using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Talk;
using SiteDesk.Customers;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Desk;

/// <summary>Reads what the assistant did in a ticket: some rows by key, whatever the talk's length.</summary>
internal sealed class SummaryReader(Database database, SiteDirectory sites, HelpSnapshots snapshots, LiveKnowledge knowledge)
{
    private const int MostTurns = 30;
    private const int MostArticles = 8;
    private const int LongestQuestion = 240;

    /// <returns>Null when the assistant had no part in the ticket and nothing was tried before it, or there is none that this person may see.</returns>
    public async Task<SummaryOfTalk?> ReadAsync(long ticketId, Staff staff, Texts texts, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(row => row.Id == ticketId, cancellation);
        if (ticket is null || await sites.FindAsync(ticket.SiteId, cancellation) is not { } site)
            return null;
        var articles = await snapshots.ReadAsync(ticket.SiteId, cancellation);
        var before = await StepsBeforeAsync(ticket, articles, site, texts, cancellation);
        if (await database.Set<AssistantTalk>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticketId, cancellation) is not { } talk)
        {
            return before.Count == 0 ? null : new SummaryOfTalk
            {
                TicketId = ticketId, State = texts["assistant-desk.state-apart"], Languages = [Languages.OwnName(ticket.Language ?? site.DefaultLanguage)], Questions = [], Facts = [], Tried = [], Before = before,
            };
        }

        var turns = await database.Set<AssistantTurn>().AsNoTracking().Where(turn => turn.TicketId == ticketId).OrderByDescending(turn => turn.Id).Take(MostTurns).ToListAsync(cancellation);
        turns.Reverse();
        var ids = turns.Select(turn => turn.QuestionId).Concat(turns.Select(turn => turn.ReplyId).OfType<long>()).ToList();
        var messages = await database.Set<Message>().AsNoTracking().Where(message => ids.Contains(message.Id)).Select(message => new { message.Id, message.Text, message.Offer }).ToDictionaryAsync(message => message.Id, cancellation);
        var document = knowledge.Find(ticket.SiteId)?.Model.Document;

        return new SummaryOfTalk
        {
            TicketId = ticketId,
            State = StateOf(talk, ticket, turns, texts),
            Mood = MoodOf(talk, texts),
            Languages = [.. turns.Select(turn => turn.Language).Prepend(talk.Language).Distinct(StringComparer.Ordinal).Select(Languages.OwnName)],
            Questions = [.. turns.Select(turn =>
            {
                var offer = turn.ReplyId is { } reply ? messages.GetValueOrDefault(reply)?.Offer : null;
                return new AskedQuestion(
                    turn.QuestionId, ReplyProposal.Shortened(messages.GetValueOrDefault(turn.QuestionId)?.Text ?? "", LongestQuestion), turn.Language,
                    NameOf(turn.Candidate, turn.Language, document, articles, site, texts), texts[$"assistant-desk.did-{turn.Kind.ToString().ToLowerInvariant()}"],
                    turn.ArticleId is { } article ? ArticleIn(articles, site, article, turn.Language) : offer?.Sources.Select(source => new ReadArticle(source.Title, source.Address, source.Language)).FirstOrDefault(),
                    turn.Kind == TurnKind.Ask ? [.. (offer?.Choices ?? []).Select(choice => choice.Label)] : [],
                    turn.Helped is null ? null : texts[turn.Helped.Value ? "assistant-desk.helped" : "assistant-desk.not-helped"], turn.Helped);
            })],
            Facts = [.. talk.Memory.Facts.Select(fact => new CollectedFact(fact.Key, LabelOf(fact.Key, texts), fact.Key is Slot.Contact or Slot.Phone ? ContactMask.Show(staff, fact.Value) : fact.Value))],
            Tried = talk.Memory.Tried,
            Before = before,
        };
    }

    /// <summary>What was looked for and read before the ticket: on the form that became it, or by who began it in the widget.</summary>
    private async Task<IReadOnlyList<EarlierStep>> StepsBeforeAsync(Ticket ticket, HelpSnapshot articles, Site site, Texts texts, CancellationToken cancellation)
    {
        var visit = SuggestArticles.VisitOf(ticket.Token);
        var opened = await database.Set<Deflection>().AsNoTracking().Where(row => row.Visit == visit).OrderBy(row => row.Id).Take(MostArticles).ToListAsync(cancellation);
        var trail = await database.Set<TicketTrail>().AsNoTracking().FirstOrDefaultAsync(row => row.TicketId == ticket.Id, cancellation);
        return [.. (trail?.Steps ?? []).Concat(opened.Select(row => new TrailEntry("", row.ArticleId, row.Language, Answered: row.AnsweredAt is not null))).Select(StepOf).OfType<EarlierStep>()];

        EarlierStep? StepOf(TrailEntry entry) => entry switch
        {
            { ArticleId: { } id } => ArticleIn(articles, site, id, entry.Language) is { } article
                ? new EarlierStep(article with { Note = entry.Answered ? texts["assistant-desk.read-answered"] : entry.NotHelped ? texts["assistant-desk.read-not-helped"] : null }, null) : null,
            { FoundNothing: true } => new EarlierStep(null, texts["assistant-desk.searched-nothing", ("words", entry.Words)]),
            _ => new EarlierStep(null, texts["assistant-desk.searched", ("words", entry.Words)]),
        };
    }

    private static string StateOf(AssistantTalk talk, Ticket ticket, List<AssistantTurn> turns, Texts texts) => talk switch
    {
        { Cause: { } cause } => texts[$"assistant-desk.cause-{cause.ToString().ToLowerInvariant()}"],
        // The ticket knows in the same moment, the talk a little later.
        { State: TalkState.Active } when !ticket.IsWithAssistant => texts["assistant-desk.state-taken"],
        { State: TalkState.TakenOver } => texts["assistant-desk.state-taken"],
        { State: TalkState.Solved, Resolution: TalkResolution.Confirmed } => texts["assistant-desk.state-confirmed"],
        { State: TalkState.Solved } => texts["assistant-desk.state-assumed"],
        _ => texts[turns.Count == 0 ? "assistant-desk.state-begins" : "assistant-desk.state-active"],
    };

    private static string? MoodOf(AssistantTalk talk, Texts texts) => talk.Cause switch
    {
        HandOverCause.Anger => texts["assistant-desk.mood-anger"],
        HandOverCause.Threat => texts["assistant-desk.mood-threat"],
        HandOverCause.Fraud or HandOverCause.Safety => texts["assistant-desk.mood-distress"],
        _ when talk.Memory.NotHelped > 0 => texts["assistant-desk.mood-not-helped", ("count", talk.Memory.NotHelped)],
        _ => null,
    };

    private static string? NameOf(string? candidate, string language, KnowledgeDocument? document, HelpSnapshot articles, Site site, Texts texts)
    {
        if (candidate is null)
            return null;
        if (IntentRanking.ArticleOf(candidate) is { } article)
            return ArticleIn(articles, site, article, language)?.Title;
        var key = $"assistant.intent.{candidate}";
        if (texts.Has(key))
            return texts[key];
        var names = document?.Of(candidate).Names;
        return names?.GetValueOrDefault(texts.Language) ?? names?.Values.FirstOrDefault() ?? candidate;
    }

    private static string LabelOf(string slot, Texts texts) => texts.Has($"assistant-desk.fact-{slot}") ? texts[$"assistant-desk.fact-{slot}"] : slot;

    private static ReadArticle? ArticleIn(HelpSnapshot articles, Site site, long articleId, string language)
    {
        foreach (var (shelf, article) in articles.LanguagesOf(articleId, site.Languages.Prepend(language)))
            return new ReadArticle(article.Title, HelpAddress.Encoded(HelpAddress.Of(site).Article(shelf, article.Slug)), shelf);
        return null;
    }
}
