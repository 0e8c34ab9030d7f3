using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Form;

/// <summary>The page behind a ticket's unguessable link: where it stands, what was said, and a field to go on.</summary>
internal static class TrackingPages
{
    public static async Task<IResult> ShowAsync(HttpContext http, string token, TrackedConversation conversations, [FromQuery] int? sent, CancellationToken cancellation)
    {
        if (await conversations.FindAsync(token, cancellation) is not var (ticket, site))
            return TypedResults.NotFound();
        FormPages.SpeakLanguageOf(http, site);
        var view = await conversations.ReadAsync(ticket, site, http.Texts().Language, cancellation);
        return Page.Show<TrackingPage>(new { View = view, JustSent = sent == 1 });
    }

    public static async Task<IResult> ContinueAsync(HttpContext http, string token, TrackedConversation conversations, CancellationToken cancellation)
    {
        if (await conversations.FindAsync(token, cancellation) is not var (ticket, site))
            return TypedResults.NotFound();
        FormPages.SpeakLanguageOf(http, site);
        var form = await http.Request.ReadFormAsync(cancellation);
        var taken = form.ContainsKey("choice") ? await TakenOffer.ReadAsync(form, ticket, conversations, http.Texts(), cancellation) : null;
        Outcome<Message> outcome = FormModule.IsFlood(http)
            ? new Problem("", "form.too-many")
            : taken is { Problems.Count: > 0 }
                ? taken.Problems.ToList()
                : await conversations.ContinueAsync(token, taken?.Text ?? form["text"].ToString(), form["id"].ToString(), form.Files, taken?.Choice, http.Connection.RemoteIpAddress?.ToString(), cancellation);
        if (outcome.Succeeded)
            return Page.GoTo($"/t/{ticket.Token}?language={http.Texts().Language}#message-{outcome.Value.Id}");
        var view = await conversations.ReadAsync(ticket, site, http.Texts().Language, cancellation);
        return Page.ShowProblems<TrackingPage>(new { View = view, Text = form["text"].ToString(), ClientId = form["id"].ToString(), outcome.Problems, Taken = taken });
    }

    /// <summary>What was on the customer's screen; said by the page's script, so that a program that follows links does not count as a reader.</summary>
    public static async Task<IResult> SeeAsync(string token, TrackedConversation conversations, Database database, WaitingAnswers waiting, [FromForm] long messageId, CancellationToken cancellation)
    {
        if (await conversations.FindAsync(token, cancellation) is not var (ticket, _))
            return TypedResults.NotFound();
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);
        var isOurs = await database.Set<Message>().AnyAsync(message => message.Id == messageId && whole.Contains(message.TicketId) && message.Kind == MessageKind.Public, cancellation);
        if (!isOurs)
            return TypedResults.BadRequest();
        await SeenMarks.SetAsync(database, waiting, ticket.Id, messageId, cancellation);
        return TypedResults.NoContent();
    }

    public static async Task<IResult> StreamAsync(HttpContext http, string token, IServiceScopeFactory scopes, LiveHub hub, CancellationToken cancellation)
    {
        Ticket ticket;
        await using (var scope = scopes.CreateAsyncScope())
        {
            if (await scope.ServiceProvider.GetRequiredService<TrackedConversation>().FindAsync(token, cancellation) is not { } found)
                return TypedResults.NotFound();
            ticket = found.Ticket;
        }

        var after = long.TryParse(http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : http.Request.Query["after"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        return new LiveStream(hub.Subscribe([TicketSignals.Conversation(ticket.Id)]), MissedAsync(scopes, ticket.Id, after));
    }

    public static async Task<IResult> FileAsync(HttpContext http, string token, string fileToken, TrackedConversation conversations, FileStore files, CancellationToken cancellation)
    {
        if (await conversations.FindAsync(token, cancellation) is not var (ticket, _))
            return TypedResults.NotFound();
        return await conversations.FileAsync(ticket, fileToken, cancellation) is { } file ? FileAnswer.Of(http, files, file) : TypedResults.NotFound();
    }

    private static async IAsyncEnumerable<LiveSignal> MissedAsync(
        IServiceScopeFactory scopes, long ticketId, long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<Message> missed;
        await using (var scope = scopes.CreateAsyncScope())
            missed = await scope.ServiceProvider.GetRequiredService<TrackedConversation>().MessagesAfterAsync([ticketId], after, cancellation);
        foreach (var message in missed)
            yield return TicketSignals.Said(message);
    }
}
