using SiteDesk.Assistant.Actions;
using SiteDesk.Assistant.Answers;
using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Language;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>Answers a candidate with what the owner has for it: own words, a passage of an article, an action; or goes the way to a person.</summary>
internal sealed class Answering(ArticleAnswers articles, Acting acting, Collecting collecting, TimeProvider time)
{
    /// <summary>Several questions at once are answered up to this many; more would not be read.</summary>
    public const int MostAtOnce = 3;

    /// <param name="understood">What was understood; several when several things were asked, the surest first.</param>
    public async Task<TalkReply> AnswerAsync(TalkTurn turn, IReadOnlyList<Understanding> understood, CancellationToken cancellation)
    {
        if (understood.Count == 1)
            return await AnswerAsync(turn, understood[0], cancellation);

        var parts = new List<Part>();
        foreach (var question in understood.Take(MostAtOnce))
        {
            if (Goes(turn, question.First) is null && await FindAsync(turn, question.First, question.Text, FoundFor(turn, question), cancellation) is { } part && parts.TrueForAll(known => known.Source != part.Source))
                parts.Add(part);
        }

        if (parts.Count < 2)
            return await AnswerAsync(turn, understood[0], cancellation);
        Remember(turn, understood[0].First, parts);
        return turn.Reply(TurnKind.Answer) with
        {
            Text = string.Join("\n\n", parts.Select(part => part.Source is null ? part.Text : $"**{part.Source.Title}**\n{part.Text}")),
            Sources = [.. parts.Select(part => part.Source).OfType<OfferedSource>()],
            Grounds = [.. parts.Where(part => part.Source is not null).Select(part => (part.Source!, part.Text))],
            Choices = turn.Words.DidItHelp,
            Candidate = understood[0].First,
            ArticleId = parts[0].ArticleId,
            Probability = understood.Min(question => question.Probability),
        };
    }

    /// <summary>Answers what was understood.</summary>
    public Task<TalkReply> AnswerAsync(TalkTurn turn, Understanding understood, CancellationToken cancellation) =>
        AnswerAsync(turn, understood.First, understood.Text, understood.Probability, FoundFor(turn, understood), cancellation);

    /// <summary>Answers a candidate that was chosen.</summary>
    public Task<TalkReply> AnswerAsync(TalkTurn turn, string candidate, string question, double probability, CancellationToken cancellation) =>
        AnswerAsync(turn, candidate, question, probability, turn.Situation.Knowledge.Search(question, turn.Language), cancellation);

    private async Task<TalkReply> AnswerAsync(TalkTurn turn, string candidate, string question, double probability, IReadOnlyList<SearchHit> found, CancellationToken cancellation)
    {
        turn.Memory = turn.Memory with { Matter = candidate };
        if (Goes(turn, candidate) is { } handOver)
            return handOver with { Candidate = candidate, Probability = probability };
        // A form makes sense to who sits before it; by mail only what can be said at once is.
        if (acting.Find(turn, candidate) is { } action && (turn.Situation.IsLive || action is { Inputs.Count: 0, Effect: ActionEffect.Reads }))
            return await acting.BeginAsync(turn, action, cancellation) with { Candidate = candidate, Probability = probability };
        if (await FindAsync(turn, candidate, question, found, cancellation) is { } part)
        {
            Remember(turn, candidate, [part]);
            return turn.Reply(TurnKind.Answer) with
            {
                Text = part.Text,
                Sources = part.Source is null ? [] : [part.Source],
                Grounds = part.Source is { Language: null } source ? [(source, part.Text)] : [],
                Choices = turn.Words.DidItHelp,
                Candidate = candidate,
                ArticleId = part.ArticleId,
                Probability = probability,
            };
        }

        // Understood, and nothing there to answer it with, or nothing that was not said already.
        return Unanswered(turn, candidate) with { Candidate = candidate, Probability = probability, IsToTeach = true };
    }

    /// <summary>Another passage of what was answered before, for a question that goes on about it.</summary>
    /// <param name="leastFit">How well it must fit.</param>
    /// <returns>Null when nothing of it fits that was not said.</returns>
    public async Task<TalkReply?> GoOnAsync(TalkTurn turn, string question, double leastFit, CancellationToken cancellation)
    {
        foreach (var articleId in turn.Memory.Articles.Reverse())
        {
            var answer = await articles.FindAsync(turn.Situation.Site, turn.Situation.Knowledge, articleId, question, turn.Language, SaidOf(turn), cancellation);
            if (answer is null || answer.Text.Length == 0 || answer.Fit < leastFit)
                continue;
            Remember(turn, turn.Memory.Matter ?? IntentRanking.KeyOf(articleId), [new Part(answer.Text, answer.Source, articleId, answer.Key)]);
            return turn.Reply(TurnKind.Answer) with
            {
                Text = answer.Text, Sources = [answer.Source], Grounds = [(answer.Source, answer.Text)], Choices = turn.Words.DidItHelp, Candidate = turn.Memory.Matter, ArticleId = articleId,
            };
        }
        return null;
    }

    /// <summary>Goes towards a person with a matter that was not answered: what they will need is asked for first.</summary>
    /// <param name="bringsFacts">Whether the customer has given something to look into: while somebody is there, nothing more is asked of them.</param>
    public TalkReply Unanswered(TalkTurn turn, string? matter, bool bringsFacts = false) =>
        matter is not null && turn.Situation.IsLive && !(bringsFacts && turn.Situation.IsOpen) && collecting.Begin(turn, matter) is { } form ? form
        : Handing.To(turn, matter is not null && NatureOf(turn, matter) == IntentNature.Order ? HandOverCause.Order : HandOverCause.Failed, teamId: TeamOf(turn, matter));

    /// <summary>What kind of thing a candidate is.</summary>
    public static IntentNature NatureOf(TalkTurn turn, string candidate) =>
        ShippedIntent.Of(candidate).Nature is var nature && nature == IntentNature.Question && turn.Situation.Knowledge.AnswerOf(candidate).AsksFor is { Count: > 0 } ? IntentNature.Order : nature;

    private static long? TeamOf(TalkTurn turn, string? matter) => matter is null ? null : turn.Situation.Knowledge.AnswerOf(matter).TeamId;

    /// <summary>The owner wants a person to answer this; null when not.</summary>
    private TalkReply? Goes(TalkTurn turn, string candidate)
    {
        var rule = turn.Situation.Knowledge.AnswerOf(candidate);
        var isTime = rule.HandOver == HandOverWhen.Always || rule.HandOver == HandOverWhen.WhenOpen && turn.Situation.IsOpen;
        return isTime && IsOfSegment(turn, rule.Segment) ? Handing.To(turn, HandOverCause.Rule, teamId: rule.TeamId) : null;
    }

    private bool IsOfSegment(TalkTurn turn, string? segment)
    {
        if (segment is null || ConditionJson.Parse(segment).Condition is not { } condition)
            return true;
        var test = TicketConditions.Fields.ToTest(condition, ConditionReader.At(time, TimeZones.Find(turn.Situation.Site.Hours.TimeZone)));
        return test(turn.Situation.Ticket);
    }

    private async Task<Part?> FindAsync(TalkTurn turn, string candidate, string question, IReadOnlyList<SearchHit> found, CancellationToken cancellation)
    {
        var (knowledge, said) = (turn.Situation.Knowledge, SaidOf(turn));
        var own = knowledge.AnswerOf(candidate);
        if (own.Texts.TryGetValue(turn.Language, out var words) && words.Length > 0 && !said.Contains($"own/{candidate}"))
            return new Part(words, null, null, $"own/{candidate}");
        ArticleAnswer? best = null;
        foreach (var id in knowledge.ArticlesFor(candidate, found))
        {
            best = await articles.FindAsync(turn.Situation.Site, knowledge, id, question, turn.Language, said, cancellation);
            if (best is not null)
                break;
        }

        if (best is null)
            return null;
        var text = best.Text.Length > 0 ? best.Text : turn.Words["other-language", ("language", Languages.OwnName(best.Source.Language!))];
        return new Part(text, best.Source, best.ArticleId, best.Key);
    }

    /// <summary>What was found while it was understood; what was typed with another layout's keys was looked for in another language.</summary>
    private static IReadOnlyList<SearchHit> FoundFor(TalkTurn turn, Understanding understood) =>
        understood.Language == turn.Language ? understood.Articles : turn.Situation.Knowledge.Search(understood.Text, turn.Language);

    private static HashSet<string> SaidOf(TalkTurn turn) => turn.Memory.Said.ToHashSet(StringComparer.Ordinal);

    private static void Remember(TalkTurn turn, string candidate, List<Part> parts) => turn.Memory = turn.Memory with
    {
        Matter = candidate,
        Answered = [.. turn.Memory.Answered.Append(candidate).Distinct(StringComparer.Ordinal)],
        Articles = [.. turn.Memory.Articles.Concat(parts.Select(part => part.ArticleId).OfType<long>()).Distinct()],
        Said = [.. turn.Memory.Said, .. parts.Select(part => part.Key)],
        Offered = [],
        HasAskedToRephrase = false,
        Unclear = 0,
        Form = null,
    };

    private sealed record Part(string Text, OfferedSource? Source, long? ArticleId, string Key);
}
