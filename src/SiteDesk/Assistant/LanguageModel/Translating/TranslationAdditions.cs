using SiteDesk.Language;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.LanguageModel.Translating;

/// <summary>Below each message: its translation, or the button that asks for one. Nothing at all while no model is there for it.</summary>
internal sealed class TranslationAdditions(ITranslateForStaff translate) : IAddToMessages
{
    public async Task<IReadOnlyDictionary<long, MessageAddition>> ReadAsync(long ticketId, IReadOnlyList<Message> messages, CancellationToken cancellation) =>
        messages.Count == 0 || !await translate.IsOfferedAsync(cancellation)
            ? new Dictionary<long, MessageAddition>()
            : messages.Where(message => message.Text.Length > 0).ToDictionary(message => message.Id, _ => new MessageAddition(typeof(TranslationNote), TranslationOffer.None));
}

/// <summary>What became of a translation that was asked for just now.</summary>
/// <param name="Failure">Null before anybody asked.</param>
public sealed record TranslationOffer(TranslationFailure? Failure)
{
    public static TranslationOffer None { get; } = new((TranslationFailure?)null);

    /// <summary>Whether somebody who reads one language may want a text translated: it is in another, or in none we can tell.</summary>
    internal static bool IsWorth(string text, string reader)
    {
        var detected = LanguageDetector.Detect(text);
        return detected.Code != reader.Split('-')[0] && (detected.Language != TextLanguage.Other || detected.Confidence > 0);
    }

    /// <summary>The language to write to a customer in: the ticket's, or that of what they wrote last.</summary>
    internal static string? LanguageOf(string? ofTicket, IEnumerable<string> lastWords) =>
        ofTicket ?? lastWords.Select(words => Languages.Match(LanguageDetector.Detect(words).Code)).FirstOrDefault(language => language is not null);
}
