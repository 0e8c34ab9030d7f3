using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.HandOver;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Insertions;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.Desk;

/// <summary>Reads what is suggested beside a ticket: only what is sure enough, and nothing that was taken or dismissed there before.</summary>
internal sealed class SuggestionReader(
    Database database, SiteDirectory sites, HelpSnapshots snapshots, KnowledgeAtHand knowledge, LikeTickets likeTickets, ReplyProposal replies, DeskNamesCache namesCache, TimeProvider time)
{
    /// <summary>Looking through past tickets ends by then; what is known without it is shown all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int MessagesRead = 4;
    private const int LongestQuestion = 1_500;
    private const int MostArticles = 3;
    private const int MostTags = 2;

    /// <summary>Solved tickets that must agree, and their share of all that are alike, weighed by likeness.</summary>
    private const int LeastAgreeing = 3;
    private const double LeastShare = 0.6;

    /// <summary>From where a language is taken to be another than the ticket's.</summary>
    private const double SureOfLanguage = 0.85;

    /// <param name="desk">The installation's address, without a slash at the end.</param>
    /// <returns>Null when there is nothing to suggest here at all: no such ticket for this person, or the site does without.</returns>
    public async Task<SuggestionsOfTicket?> ReadAsync(long ticketId, Staff staff, Texts texts, string desk, CancellationToken cancellation)
    {
        var ticket = await database.Set<Ticket>().AsNoTracking().Include(row => row.Tags).VisibleTo(staff).FirstOrDefaultAsync(row => row.Id == ticketId, cancellation);
        if (ticket is null || await sites.FindAsync(ticket.SiteId, cancellation) is not { Assistant.SuggestsToAgents: true } site)
            return null;
        if (ticket.MergedIntoId is not null || ticket.Junk is not null || ticket.Status == StandardStatus.Closed)
            return new SuggestionsOfTicket(ticketId, []);

        var question = await QuestionAsync(ticket, cancellation);
        var detected = LanguageDetector.Detect(question);
        var language = Languages.Match(detected.Code) ?? Languages.Match(ticket.Language) ?? site.DefaultLanguage;
        var found = new List<Suggestion>();
        var isLearning = false;
        Understanding? understood = null;
        SiteKnowledge? known = null;

        // Where nothing was written and nothing is answered, nothing would come of training but intents nobody uses.
        if (site.Assistant.Answers || !(await snapshots.ReadAsync(site.Id, cancellation)).IsEmpty)
        {
            known = knowledge.Find(site.Id);
            isLearning = known is null;
            understood = question.Length == 0 ? null : known?.Understand(question, language);
        }

        if (understood is not null && staff.May(TicketPermissions.Reply))
        {
            if (await replies.OfKnowledgeAsync(known!, understood, cancellation) is { } reply)
                found.Add(reply);
            found.AddRange(Articles(known!, understood, site, desk));
        }

        var (like, isCutShort) = await LikeAsync(question, ticket, staff, cancellation);
        if (staff.May(TicketPermissions.Reply) && await replies.OfColleaguesAsync(like, staff, texts, cancellation) is { } answer
            && !found.Exists(suggestion => suggestion.Insert == answer.Insert)) // one of two equal replies is enough
            found.Insert(Math.Min(1, found.Count(suggestion => suggestion.Kind == SuggestionKind.Reply)), answer);
        if (staff.May(TicketPermissions.Change))
            found.AddRange(Changes(ticket, known, understood, like, detected.Confidence >= SureOfLanguage ? Languages.Match(detected.Code) : null, await namesCache.ReadAsync(cancellation), texts));

        var decided = await database.Set<SuggestionDecision>().AsNoTracking().Where(row => row.TicketId == ticketId).Select(row => new { row.Kind, row.Value }).ToListAsync(cancellation);
        var left = found.Where(suggestion => !decided.Exists(row => row.Kind == suggestion.Kind && row.Value == suggestion.Value)).Take(Suggestion.Most).ToList();
        return new SuggestionsOfTicket(ticketId, left, isLearning, isCutShort);
    }

    /// <summary>What the customer wrote since somebody answered, or last; presses of buttons say nothing by themselves.</summary>
    private async Task<string> QuestionAsync(Ticket ticket, CancellationToken cancellation)
    {
        var written = await database.Set<Message>().AsNoTracking().Where(message => message.TicketId == ticket.Id && message.Kind == MessageKind.Public && message.AuthorKind != ActorKind.System)
            .OrderByDescending(message => message.Id).Take(MessagesRead * 3).Select(message => new { message.AuthorKind, message.Text, HasChoice = message.Choice != null }).ToListAsync(cancellation);
        var texts = written.SkipWhile(message => message.AuthorKind != ActorKind.Customer).TakeWhile(message => message.AuthorKind != ActorKind.Staff)
            .Where(message => message.AuthorKind == ActorKind.Customer && !message.HasChoice).Take(MessagesRead).Select(message => message.Text).Reverse().ToList();
        var question = string.Join('\n', texts.Count > 0 ? texts : [ticket.Subject]);
        return question.Length <= LongestQuestion ? question : question[^LongestQuestion..];
    }

    private static IEnumerable<Suggestion> Articles(SiteKnowledge known, Understanding understood, Site site, string desk)
    {
        if (!known.Articles.Shelves.TryGetValue(understood.Language, out var shelf))
            return [];
        var tied = understood.Probability >= known.Thresholds.Answer ? known.ArticlesOf(understood.First) : [];
        return tied.Concat(understood.Articles.Where(hit => hit.Score >= SuggestArticles.LeastLikeness).Select(hit => hit.Id)).Distinct()
            .Where(id => shelf.ArticlesById.TryGetValue(id, out var article) && article.IsFor(ReaderLevel.Everybody)).Take(MostArticles)
            .Select(id => shelf.ArticlesById[id])
            .Select(article =>
            {
                var entry = new InsertionMenu.Entry(article.Title, article.Summary, HelpAddress.Encoded(HelpAddress.Of(site, desk).Article(shelf.Language, article.Slug)), shelf.Language);
                return new Suggestion(
                    SuggestionKind.Article, article.Id.ToString(CultureInfo.InvariantCulture), article.Title, "assistant-desk.why-article",
                    Insert: entry.Link, InsertMore: article.Summary.Length > 0 ? entry.WithWords : null, Language: shelf.Language);
            });
    }

    private async Task<(IReadOnlyList<LikeTicket> Like, bool IsCutShort)> LikeAsync(string question, Ticket ticket, Staff staff, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return (await likeTickets.FindAsync(question, ticket, staff, either.Token), false);
        }
        catch (Exception) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // Each engine tells in its own way that it was stopped; the page says that this part is missing.
            return ([], true);
        }
    }

    private static IEnumerable<Suggestion> Changes(
        Ticket ticket, SiteKnowledge? known, Understanding? understood, IReadOnlyList<LikeTicket> like, string? language, DeskNames names, Texts texts)
    {
        var weight = like.Sum(other => other.Likeness);
        foreach (var (tag, agreeing) in like.SelectMany(other => other.Tags.Select(tag => (tag, other))).GroupBy(pair => pair.tag, pair => pair.other, StringComparer.Ordinal)
            .Select(group => (group.Key, group.ToList())).Where(pair => IsSure(pair.Item2)).OrderByDescending(pair => pair.Item2.Sum(other => other.Likeness)).Take(MostTags))
        {
            if (!ticket.Tags.Exists(has => has.Name == tag))
                yield return new Suggestion(SuggestionKind.Tag, tag, tag, "assistant-desk.why-like", agreeing.Count);
        }

        if (PriorityFor() is { } priority && priority.Priority > ticket.Priority)
            yield return new Suggestion(SuggestionKind.Priority, priority.Priority.ToString(), texts.Priority(priority.Priority), priority.Reason, priority.Count);
        if (ticket.TeamId is null && TeamFor() is { } team && names.NameOfTeam(team.Id, texts.Language) is { } name)
            yield return new Suggestion(SuggestionKind.Team, team.Id.ToString(CultureInfo.InvariantCulture), name, team.Reason, team.Count);
        if (language is not null && language != ticket.Language)
            yield return new Suggestion(SuggestionKind.Language, language, Languages.OwnName(language), "assistant-desk.why-language", Language: language);

        bool IsSure(List<LikeTicket> agreeing) => agreeing.Count >= LeastAgreeing && agreeing.Sum(other => other.Likeness) >= LeastShare * weight;

        (TicketPriority Priority, string Reason, int Count)? PriorityFor() => understood?.Urgency switch
        {
            HandOverReason.Safety or HandOverReason.Fraud => (TicketPriority.Urgent, $"assistant-desk.why-{(understood.Urgency == HandOverReason.Fraud ? "fraud" : "safety")}", 0),
            HandOverReason.Anger or HandOverReason.Threat => (TicketPriority.High, $"assistant-desk.why-{(understood.Urgency == HandOverReason.Anger ? "anger" : "threat")}", 0),
            _ => like.GroupBy(other => other.Priority).Select(group => (group.Key, Agreeing: group.ToList())).Where(group => IsSure(group.Agreeing))
                .Select(group => ((TicketPriority, string, int)?)(group.Key, "assistant-desk.why-like", group.Agreeing.Count)).FirstOrDefault(),
        };

        (long Id, string Reason, int Count)? TeamFor() =>
            understood is not null && understood.Probability >= known!.Thresholds.Answer && known.AnswerOf(understood.First).TeamId is { } own
                ? (own, "assistant-desk.why-rule", 0)
                : like.Where(other => other.TeamId is not null).GroupBy(other => other.TeamId!.Value).Select(group => (group.Key, Agreeing: group.ToList())).Where(group => IsSure(group.Agreeing))
                    .Select(group => ((long, string, int)?)(group.Key, "assistant-desk.why-like", group.Agreeing.Count)).FirstOrDefault();
    }
}
