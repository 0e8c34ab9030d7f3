using System.Runtime.InteropServices;
using SiteDesk.Language;

namespace SiteDesk.Tickets.Search;

/// <summary>A found ticket.</summary>
/// <param name="MessageId">The message that speaks most for it; null when it was found by its number or by filters alone.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FoundTicket(long TicketId, long? MessageId);

/// <summary>
/// Puts the newest matches in order: how often and how closely together the words stand, whether the subject has them, and how new
/// the message is. It reads nothing but what was found, so that both databases agree and a search costs the same however many messages
/// there are.
/// </summary>
internal static class TicketRanking
{
    // Saturation and length penalty, as in BM25 (k1 and b), for messages of ordinary length.
    private const double Saturation = 1.2, LengthPenalty = 0.4, OrdinaryLength = 60;

    private const double BeginningWeight = 0.6;
    private const double SubjectWeight = 0.5;
    private const double NeighbourWeight = 0.4;
    private const double FurtherMatchWeight = 0.05;

    // What is old counts less, but never less than half: after two months a message has lost half of what age can take.
    private const double AgelessShare = 0.5;
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(60);

    /// <param name="matches">The newest first.</param>
    public static IEnumerable<FoundTicket> Order(IReadOnlyList<TicketMatch> matches, SearchQuery text, DateTime now)
    {
        var subjects = new Dictionary<long, double>();
        return matches
            .Select(match => (Match: match, Score: ScoreOf(match, text, subjects, now)))
            .GroupBy(scored => scored.Match.TicketId)
            .Select(ticket => (Best: ticket.MaxBy(scored => scored.Score), Further: ticket.Count() - 1))
            .OrderByDescending(ticket => ticket.Best.Score + FurtherMatchWeight * Math.Log(1 + ticket.Further))
            .ThenByDescending(ticket => ticket.Best.Match.MessageId)
            .Select(ticket => new FoundTicket(ticket.Best.Match.TicketId, ticket.Best.Match.MessageId));
    }

    private static double ScoreOf(TicketMatch match, SearchQuery text, Dictionary<long, double> subjects, DateTime now)
    {
        if (!subjects.TryGetValue(match.TicketId, out var subject))
            subjects[match.TicketId] = subject = ShareIn(SearchText.ForIndex(match.Subject).Split(' '), text);
        var age = Math.Max(0, (now - match.WrittenAt) / HalfLife);
        var words = WordsIn(match.Tokens.Split(' '), text);
        return (words + SubjectWeight * subject) * (AgelessShare + (1 - AgelessShare) * Math.Pow(0.5, age));
    }

    /// <summary>How well the words of a message answer, 0 to a little above 1.</summary>
    private static double WordsIn(string[] tokens, SearchQuery text)
    {
        var length = Saturation * (1 - LengthPenalty + LengthPenalty * tokens.Length / OrdinaryLength);
        var (sum, nearest) = (0.0, 0.0);
        List<int>? before = null;
        foreach (var clause in text.Clauses)
        {
            var (weight, places) = Find(tokens, clause);
            sum += weight / (weight + length);
            if (before is not null)
                nearest += Nearness(before, places);
            before = places;
        }

        return (sum + NeighbourWeight * nearest) / text.Clauses.Count;
    }

    /// <summary>The share of what was asked for that these words have.</summary>
    private static double ShareIn(string[] tokens, SearchQuery text) =>
        (double)text.Clauses.Count(clause => Find(tokens, clause).Weight > 0) / text.Clauses.Count;

    private static (double Weight, List<int> Places) Find(string[] tokens, SearchClause clause)
    {
        var (weight, places) = (0.0, new List<int>());
        for (var place = 0; place < tokens.Length; place++)
        {
            var best = 0.0;
            foreach (var phrase in clause.Alternatives)
                best = Math.Max(best, WeightAt(tokens, place, phrase));
            if (best == 0)
                continue;
            weight += best;
            places.Add(place);
        }

        return (weight, places);
    }

    private static double WeightAt(string[] tokens, int place, SearchPhrase phrase)
    {
        var length = phrase.Tokens.Count;
        if (place + length > tokens.Length)
            return 0;
        for (var i = 0; i < length; i++)
        {
            var isBeginning = phrase.IsPrefix && i == length - 1;
            if (isBeginning ? !tokens[place + i].StartsWith(phrase.Tokens[i], StringComparison.Ordinal) : tokens[place + i] != phrase.Tokens[i])
                return 0;
        }

        return phrase.IsPrefix ? BeginningWeight : 1;
    }

    /// <summary>1 when they stand side by side somewhere, less the further apart they are; both lists ascend.</summary>
    private static double Nearness(List<int> left, List<int> right)
    {
        var (nearest, i, j) = (int.MaxValue, 0, 0);
        while (i < left.Count && j < right.Count)
        {
            nearest = Math.Min(nearest, Math.Abs(left[i] - right[j]));
            if (left[i] < right[j])
                i++;
            else
                j++;
        }

        return nearest == int.MaxValue ? 0 : 1.0 / Math.Max(1, nearest);
    }
}
