using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.Intents;
using SiteDesk.Assistant.Talk;
using SiteDesk.Assistant.Teaching;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Figures;

/// <summary>What the assistant did in a period.</summary>
/// <param name="Conversations">All that began in the period.</param>
/// <param name="Involved">Those in which the assistant took part.</param>
/// <param name="Causes">Why it handed over, most frequent first.</param>
/// <param name="MedianMilliseconds">From a question stored to its answer stored; null while nothing was answered.</param>
/// <param name="MinutesSaved">Solved without a person, times what each saves.</param>
/// <param name="Money">In minor units by currency.</param>
public sealed record AssistantFigures(
    int Conversations, int Involved, int Confirmed, int Assumed, int HandedOver, int TakenOver, IReadOnlyList<(string Cause, int Count)> Causes,
    int Answers, int Helped, int NotHelped, int? MedianMilliseconds, long MinutesSaved, IReadOnlyList<(string Currency, long Minor)> Money)
{
    public int Solved => Confirmed + Assumed;
}

/// <summary>An answer that did not help.</summary>
/// <param name="Intent">Key of the intent, for its page; null for an article that belongs to none.</param>
public sealed record UnhelpfulLine(string Name, string? Intent, int NotHelped, int Helped);

/// <summary>A conversation behind a figure.</summary>
public sealed record TalkLine(long TicketId, string Subject, string SiteName, string Language, DateTime StartedAt, string State, string? Cause, string? Resolution);

/// <summary>Reads the figures, bounded by period and by what its reader may see.</summary>
internal sealed class FiguresReader(Database database, SiteDirectory directory, HelpSnapshots snapshots, KnowledgeDraft draft)
{
    /// <summary>Conversations on the page behind a figure.</summary>
    public const int MostTalks = 200;

    private const int MostUnhelpful = 10;

    /// <summary>What one may look behind: involved, confirmed, assumed, handed-over, taken-over.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["involved", "confirmed", "assumed", "handed-over", "taken-over"];

    public async Task<AssistantFigures> ReadAsync(Staff staff, FiguresFilter filter, CancellationToken cancellation)
    {
        var talks = Talks(staff, filter);
        var ended = await talks.GroupBy(talk => new { talk.SiteId, talk.State, talk.Cause, talk.Resolution })
            .Select(group => new { group.Key.SiteId, group.Key.State, group.Key.Cause, group.Key.Resolution, Count = group.Count() }).ToListAsync(cancellation);
        var turns = Turns(staff, filter);
        var said = await turns.Where(turn => turn.Kind == TurnKind.Answer).GroupBy(turn => turn.Helped).Select(group => new { Helped = group.Key, Count = group.Count() }).ToListAsync(cancellation);
        var sites = (await directory.VisibleToAsync(staff, cancellation)).ToDictionary(site => site.Id);
        var solved = ended.Where(row => row.Resolution is not null && sites.ContainsKey(row.SiteId)).Select(row => (sites[row.SiteId].Assistant, row.Count)).ToList();
        return new AssistantFigures(
            await Conversations(staff, filter).CountAsync(cancellation),
            ended.Sum(row => row.Count),
            ended.Where(row => row.Resolution == TalkResolution.Confirmed).Sum(row => row.Count),
            ended.Where(row => row.Resolution == TalkResolution.Assumed).Sum(row => row.Count),
            ended.Where(row => row.State == TalkState.HandedOver).Sum(row => row.Count),
            ended.Where(row => row.State == TalkState.TakenOver).Sum(row => row.Count),
            [.. ended.Where(row => row.State == TalkState.HandedOver && row.Cause is not null).GroupBy(row => row.Cause!.Value).Select(group => (Words(group.Key), group.Sum(row => row.Count))).OrderByDescending(pair => pair.Item2)],
            said.Sum(row => row.Count), said.Where(row => row.Helped == true).Sum(row => row.Count), said.Where(row => row.Helped == false).Sum(row => row.Count),
            await MedianAsync(turns.Where(turn => turn.ReplyId != null), cancellation),
            solved.Sum(row => (long)row.Count * row.Assistant.MinutesSaved),
            [.. solved.Where(row => row.Assistant.HourlyCost > 0).GroupBy(row => row.Assistant.Currency, StringComparer.Ordinal)
                .Select(group => (group.Key, group.Sum(row => row.Assistant.HourlyCost * row.Assistant.MinutesSaved * row.Count / 60))).OrderByDescending(pair => pair.Item2)]);
    }

    /// <summary>What did not help most often, with how often it did.</summary>
    public async Task<IReadOnlyList<UnhelpfulLine>> UnhelpfulAsync(Staff staff, FiguresFilter filter, Texts texts, CancellationToken cancellation)
    {
        var rows = await Turns(staff, filter).Where(turn => turn.Helped != null && turn.Candidate != null).GroupBy(turn => new { turn.SiteId, Candidate = turn.Candidate! })
            .Select(group => new { group.Key.SiteId, group.Key.Candidate, No = group.Count(turn => turn.Helped == false), Yes = group.Count(turn => turn.Helped == true) })
            .Where(row => row.No > 0).OrderByDescending(row => row.No).ThenBy(row => row.Candidate).Take(MostUnhelpful).ToListAsync(cancellation);
        var document = (await draft.ReadAsync(cancellation)).Live;
        var lines = new List<UnhelpfulLine>();
        foreach (var row in rows)
        {
            var isArticle = Deciding.IntentRanking.ArticleOf(row.Candidate) is not null;
            var articles = isArticle ? await snapshots.ReadAsync(row.SiteId, cancellation) : null;
            lines.Add(new UnhelpfulLine(IntentCatalog.NameOfCandidate(row.Candidate, document, articles, texts), !isArticle && IntentCatalog.Has(document, row.Candidate) ? row.Candidate : null, row.No, row.Yes));
        }
        return lines;
    }

    /// <summary>The conversations behind a figure, newest first.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="cause">Only those handed over for it; null for all.</param>
    public async Task<IReadOnlyList<TalkLine>> BehindAsync(Staff staff, FiguresFilter filter, string kind, string? cause, CancellationToken cancellation)
    {
        var talks = kind switch
        {
            "confirmed" => Talks(staff, filter).Where(talk => talk.Resolution == TalkResolution.Confirmed),
            "assumed" => Talks(staff, filter).Where(talk => talk.Resolution == TalkResolution.Assumed),
            "handed-over" => Talks(staff, filter).Where(talk => talk.State == TalkState.HandedOver),
            "taken-over" => Talks(staff, filter).Where(talk => talk.State == TalkState.TakenOver),
            _ => Talks(staff, filter),
        };
        if (Enum.GetValues<HandOverCause>().Cast<HandOverCause?>().FirstOrDefault(known => Words(known!.Value) == cause) is { } wanted)
            talks = talks.Where(talk => talk.Cause == wanted);
        var rows = await (from talk in talks
                          join ticket in database.Set<Ticket>().VisibleTo(staff) on talk.TicketId equals ticket.Id
                          orderby talk.StartedAt descending
                          select new { talk.TicketId, ticket.Subject, ticket.Preview, talk.SiteId, talk.Language, talk.StartedAt, talk.State, talk.Cause, talk.Resolution }).Take(MostTalks).ToListAsync(cancellation);
        var names = (await directory.VisibleToAsync(staff, cancellation)).ToDictionary(site => site.Id, site => site.Name);
        return rows.ConvertAll(row => new TalkLine(
            row.TicketId, row.Subject.Length > 0 ? row.Subject : row.Preview, names.GetValueOrDefault(row.SiteId, ""), row.Language, row.StartedAt,
            row.State.ToString().ToLowerInvariant(), row.Cause is { } why ? Words(why) : null, row.Resolution?.ToString().ToLowerInvariant()));
    }

    private static string Words(HandOverCause cause) => cause.ToString().ToLowerInvariant();

    private IQueryable<AssistantTalk> Talks(Staff staff, FiguresFilter filter)
    {
        var (from, until) = filter.Moments;
        var talks = database.Set<AssistantTalk>().AsNoTracking().VisibleTo(database, staff, filter.SiteId).Where(talk => talk.StartedAt >= from && talk.StartedAt < until);
        if (filter.Language is { } language)
            talks = talks.Where(talk => talk.Language == language);
        return filter.Channel is { } channel ? talks.Where(talk => database.Set<Ticket>().Any(ticket => ticket.Id == talk.TicketId && ticket.Channel == channel)) : talks;
    }

    private IQueryable<AssistantTurn> Turns(Staff staff, FiguresFilter filter)
    {
        var (from, until) = filter.Moments;
        var turns = database.Set<AssistantTurn>().AsNoTracking().VisibleTo(database, staff, filter.SiteId).Where(turn => turn.At >= from && turn.At < until);
        if (filter.Language is { } language)
            turns = turns.Where(turn => turn.Language == language);
        return filter.Channel is { } channel ? turns.Where(turn => database.Set<Ticket>().Any(ticket => ticket.Id == turn.TicketId && ticket.Channel == channel)) : turns;
    }

    private IQueryable<Ticket> Conversations(Staff staff, FiguresFilter filter)
    {
        var (from, until) = filter.Moments;
        // Nothing moves before it begins: so the index by the last move serves.
        var tickets = database.Set<Ticket>().AsNoTracking().VisibleTo(staff).Where(ticket => ticket.UpdatedAt >= from && ticket.CreatedAt >= from && ticket.CreatedAt < until);
        if (filter.SiteId is { } site)
            tickets = tickets.Where(ticket => ticket.SiteId == site);
        if (filter.Language is { } language)
            tickets = tickets.Where(ticket => ticket.Language == language);
        return filter.Channel is { } channel ? tickets.Where(ticket => ticket.Channel == channel) : tickets;
    }

    private static async Task<int?> MedianAsync(IQueryable<AssistantTurn> turns, CancellationToken cancellation)
    {
        var count = await turns.CountAsync(cancellation);
        return count == 0 ? null : await turns.OrderBy(turn => turn.Milliseconds).Skip((count - 1) / 2).Select(turn => turn.Milliseconds).FirstOrDefaultAsync(cancellation);
    }
}
