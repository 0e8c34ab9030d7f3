using System.Net;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;
using MessageBody = SiteDesk.Tickets.Workspace.MessageBody;

namespace SiteDesk.Channels.Email.Sending;

/// <summary>
/// What the assistant says, as a mail says it: marked as its own, with its sources as whole addresses. Buttons and forms a mail cannot have:
/// what could be chosen is listed, and one line leads to the page where it is pressed.
/// </summary>
/// <param name="Desk">Where the installation is reached, without a slash at the end; empty when nobody has said.</param>
/// <param name="Link">The tracking page; null when nobody has said where it is.</param>
internal sealed record AssistantInMail(TextCatalog Texts, string Language, string Desk, string? Link)
{
    // Stands for the link while the sentence around it is made safe for HTML, which leaves braces alone.
    private const string Linked = "{link}";

    public string Mark(Message message) => Say("mail.offer.mark", ("name", message.AuthorName));

    /// <summary>What follows the words: as plain text, and as HTML.</summary>
    /// <param name="isLast">Nothing was said after it: what it offers stands open.</param>
    /// <param name="goesOn">The assistant kept the ticket, and a person can be asked for.</param>
    public IEnumerable<(string Text, string Html)> After(Message message, bool isLast, bool goesOn)
    {
        if (message.Offer is { Sources.Count: > 0 } offer)
            yield return (string.Join('\n', offer.Sources.Select(SourceAsText)), string.Join("<br>", offer.Sources.Select(SourceAsHtml)));
        if (!isLast)
            yield break;
        var open = OpenIn(message.Offer);
        if (open.Count > 0)
            yield return (string.Join('\n', open.Select(line => $"- {line}")), $"<ul style=\"margin:0;padding-inline-start:1.4em\">{string.Concat(open.Select(line => $"<li>{MessageBody.Encode(line)}</li>"))}</ul>");
        if (open.Count > 0 && Link is not null)
            yield return AnswerHere(Link);
        else if (open.Count > 0 || goesOn)
            yield return (Say("mail.offer.reply"), MessageBody.Encode(Say("mail.offer.reply")));
    }

    private string SourceAsText(OfferedSource source) =>
        $"{Say("mail.offer.from", ("title", source.Title))}{LanguageOf(source)}{(Desk.Length > 0 ? $"\n{source.Link(Desk)}" : "")}";

    private string SourceAsHtml(OfferedSource source)
    {
        var title = MessageBody.Encode(source.Title);
        return MessageBody.Encode(Say("mail.offer.from", ("title", Linked)) + LanguageOf(source))
            .Replace(Linked, Desk.Length > 0 ? $"<a href=\"{WebUtility.HtmlEncode(source.Link(Desk))}\">{title}</a>" : title, StringComparison.Ordinal);
    }

    private string LanguageOf(OfferedSource source) => source.Language is { } language ? $" ({Say($"mail.offer.in.{language}")})" : "";

    /// <summary>What can be chosen, or what is asked for.</summary>
    private static List<string> OpenIn(MessageOffer? offer) =>
        offer is null ? [] : [.. offer.Choices.Select(choice => choice.Label), .. offer.Form?.Fields.Select(field => field.Label) ?? []];

    private (string Text, string Html) AnswerHere(string link)
    {
        var here = Say("mail.offer.here");
        var html = MessageBody.Encode(Say("mail.offer.here-or-reply", ("here", Linked)))
            .Replace(Linked, $"<a href=\"{WebUtility.HtmlEncode(link)}\">{MessageBody.Encode(here)}</a>", StringComparison.Ordinal);
        return ($"{Say("mail.offer.here-or-reply", ("here", here))}\n{link}", html);
    }

    private string Say(string key, params IReadOnlyList<(string Name, object Value)> arguments) => Texts.Get(Language, key, arguments);
}
