namespace SiteDesk.Assistant.Desk;

/// <summary>Something that an agent can take with one key.</summary>
/// <param name="Value">Its key within the kind, see <see cref="SuggestionDecision.Value"/>.</param>
/// <param name="Label">What it says: a title, the beginning of a reply, a tag's name.</param>
/// <param name="Reason">Key of the text that says why; it gets <c>count</c>.</param>
/// <param name="Count">Of how many alike tickets it was learnt; 0 where it was not.</param>
/// <param name="Insert">Markdown that goes into the reply; null for what changes the ticket.</param>
/// <param name="InsertMore">The same with the article's words; null for none.</param>
/// <param name="Language">What the label is written in; null for the reader's own.</param>
public sealed record Suggestion(
    SuggestionKind Kind, string Value, string Label, string Reason, int Count = 0, string? Insert = null, string? InsertMore = null, string? Language = null)
{
    /// <summary>As many as there are digits to take them with.</summary>
    public const int Most = 9;
}

/// <param name="IsLearning">The assistant is being trained: there will be more in a moment.</param>
/// <param name="IsCutShort">The past tickets could not be looked through in time.</param>
public sealed record SuggestionsOfTicket(long TicketId, IReadOnlyList<Suggestion> Suggestions, bool IsLearning = false, bool IsCutShort = false);
