using SiteDesk.Assistant.LanguageModel;

namespace SiteDesk.Assistant.Talk;

/// <summary>
/// Lets a connected language model word an answer that is settled already. Without one, and whenever what it says does not stand in the
/// passages, the plain answer is said.
/// </summary>
internal sealed class WordReply(IWordAnswers words)
{
    /// <summary>Not to be called within a transaction: it waits for somebody else's server.</summary>
    public async Task<TalkReply> RunAsync(TalkSituation situation, TalkReply plain, CancellationToken cancellation)
    {
        if (plain.Kind != TurnKind.Answer || plain.Grounds.Count == 0)
            return plain;
        var customer = situation.Ticket.Customer!;
        var request = new WordingRequest(
            situation.Text, plain.Language, [.. plain.Grounds.Select((ground, index) => new Passage(index + 1, ground.Source.Title, ground.Text))],
            [.. plain.Memory.Facts.Values], plain.Text)
        {
            CustomerNames = [.. new[] { customer.Name, customer.DisplayName, customer.AddressAs }.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)],
        };
        var result = await words.WordAsync(request, cancellation);
        if (result.Text is not { } text)
            return plain;
        var cited = result.Cited.Select(number => plain.Grounds[number - 1].Source).Distinct().ToList();
        // With one source under the answer its number says nothing.
        return plain with { Text = cited.Count == 1 ? text.Replace($"[{result.Cited[0]}]", "", StringComparison.Ordinal).Trim() : text, Sources = cited };
    }
}
