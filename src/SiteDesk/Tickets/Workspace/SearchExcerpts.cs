using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Language;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets.Search;

namespace SiteDesk.Tickets.Workspace;

/// <summary>Where a search found its words: a piece of the message around them, with the words marked.</summary>
public sealed class SearchExcerpts(Database database)
{
    /// <summary>In characters; two lines of the list.</summary>
    private const int Length = 180;

    /// <summary>Of a very long message only the beginning is looked at, in characters.</summary>
    private const int LongestLookedAt = 8_000;

    /// <returns>By ticket; tickets found without words have none.</returns>
    public async Task<IReadOnlyDictionary<long, MarkupString>> ReadAsync(string query, IReadOnlyList<FoundTicket> found, CancellationToken cancellation)
    {
        var keys = found.Where(ticket => ticket.MessageId is not null).Select(ticket => ticket.MessageId!.Value).ToList();
        if (keys.Count == 0)
            return new Dictionary<long, MarkupString>();
        var texts = await database.Set<Message>().AsNoTracking().Where(message => keys.Contains(message.Id))
            .Select(message => new { message.TicketId, Text = message.Text.Substring(0, LongestLookedAt), IsFormatted = message.Html != null && message.AuthorKind != ActorKind.Customer }).ToListAsync(cancellation);
        var highlighter = SearchHighlighter.For(query);
        return texts.DistinctBy(message => message.TicketId).ToDictionary(message => message.TicketId, message => Mark(message.IsFormatted ? FormattedWords.Of(message.Text) : message.Text, highlighter));
    }

    private static MarkupString Mark(string text, SearchHighlighter highlighter)
    {
        var excerpt = highlighter.Excerpt(text, Length);
        var (html, at) = (new StringBuilder(excerpt.Range.Start > 0 ? "…" : ""), excerpt.Range.Start);
        foreach (var highlight in excerpt.Highlights)
        {
            html.Append(MessageBody.Encode(text[at..highlight.Start])).Append("<mark>").Append(MessageBody.Encode(text[highlight.Start..highlight.End])).Append("</mark>");
            at = highlight.End;
        }

        html.Append(MessageBody.Encode(text[at..excerpt.Range.End])).Append(excerpt.Range.End < text.Length ? "…" : "");
        return new(html.ToString());
    }
}
