using System.Text;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;

namespace SiteDesk.Tickets;

/// <summary>Makes a message out of what somebody sent, or says what is wrong with it.</summary>
public sealed class MessageComposer(Database database)
{
    /// <summary>Files one message may carry.</summary>
    public const int MostFiles = 10;

    /// <param name="IsMarkdown">Whether the text may have formatting (<see cref="FormattedText"/>).</param>
    /// <param name="AlsoSearched">Words that find the message though they are not in it (the subject).</param>
    public sealed record Request(
        MessageKind Kind, Actor Author, string ClientId, string Text, string Channel,
        IReadOnlyList<string>? FileTokens = null, ProblemReport? Report = null, IReadOnlyList<long>? MentionedIds = null,
        string AlsoSearched = "", bool IsMarkdown = false, MessageOffer? Offer = null, MessageChoice? Choice = null);

    public async Task<Outcome<Message>> ComposeAsync(Ticket ticket, Request request, DateTime now, CancellationToken cancellation)
    {
        var text = Clean(request.Text);
        var tokens = request.FileTokens?.Distinct(StringComparer.Ordinal).ToList() ?? [];
        if (text.Length == 0 && tokens.Count == 0 && request.Report is null)
            return new Problem("text", "message.empty");
        if (text.Length > Message.LongestText)
            return new Problem("text", "message.too-long", ("count", Message.LongestText));
        if (tokens.Count > MostFiles)
            return new Problem("files", "message.too-many-files", ("count", MostFiles));
        if (request.ClientId.Length is 0 or > 64)
            return new Problem("id", "message.client-id");

        // A file belongs to one message: a token that was used cannot bring the file into another conversation.
        var files = tokens.Count == 0 ? [] : await database.Set<StoredFile>().Where(file => tokens.Contains(file.Token) && file.AttachedAt == null).ToListAsync(cancellation);
        if (files.Count != tokens.Count)
            return new Problem("files", "message.file-missing");

        var message = new Message
        {
            Ticket = ticket,
            Kind = request.Kind,
            AuthorKind = request.Author.Kind,
            AuthorId = request.Author.Id,
            AuthorName = request.Author.Name,
            Text = text,
            Html = request.IsMarkdown ? FormattedText.ToHtml(text) : null,
            CreatedAt = now,
            Channel = request.Channel,
            ClientId = request.ClientId,
            Report = Bounded(request.Report),
            Offer = request.Offer,
            Choice = await TakenAsync(ticket, request.Choice, cancellation),
            MentionedIds = [.. request.MentionedIds ?? []],
        };
        foreach (var file in files.OrderBy(file => tokens.IndexOf(file.Token)))
        {
            file.AttachedAt = now;
            message.Files.Add(new MessageFile { File = file });
        }

        message.Tokens = new MessageTokens { Tokens = Search.TicketWordIndex.WordsOf(message, request.AlsoSearched) };
        return message;
    }

    /// <summary>Believed only of an offer of the same conversation that had it; the words of the message stand in any case.</summary>
    private async Task<MessageChoice?> TakenAsync(Ticket ticket, MessageChoice? choice, CancellationToken cancellation)
    {
        if (choice is null || choice is { Key: MessageChoice.Person, OfferId: 0 })
            return choice is null ? null : new MessageChoice(0, MessageChoice.Person);
        var offer = await database.Set<Message>().Where(message => message.Id == choice.OfferId && message.TicketId == ticket.Id)
            .Select(message => message.Offer).FirstOrDefaultAsync(cancellation);
        if (offer?.Choices.Any(offered => offered.Key == choice.Key) == true)
            return choice with { Values = null };
        if (offer?.Form is not { } form)
            return null;
        if (choice.Key == OfferedForm.BackKey)
            return choice with { Values = null };
        if (choice.Key != form.Key || choice.Values is null)
            return null;
        return choice with
        {
            Values = form.Fields.Select(field => field.Key).Where(choice.Values.ContainsKey)
                .ToDictionary(key => key, key => Clean(Start(choice.Values[key])), StringComparer.Ordinal),
        };

        static string Start(string? value) => value is null ? "" : value.Length > OfferedForm.LongestValue ? value[..OfferedForm.LongestValue] : value;
    }

    /// <summary>Drops what no keyboard makes (NUL, other controls, lone surrogates) and blank space around; keeps line breaks.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))
                continue;
            clean.Append(rune);
        }

        return clean.ToString().Trim();
    }

    private static ProblemReport? Bounded(ProblemReport? report)
    {
        const int longest = 1000, most = 20;
        return report is null ? null : new ProblemReport
        {
            Page = Short(report.Page),
            Browser = Short(report.Browser),
            Screen = Short(report.Screen),
            Language = Short(report.Language),
            Time = Short(report.Time),
            Errors = report.Errors.Take(most).Select(line => Short(line)!).ToList(),
            FailedRequests = report.FailedRequests.Take(most).Select(line => Short(line)!).ToList(),
        };

        static string? Short(string? value) => value is null ? null : Clean(value.UpTo(longest));
    }
}
