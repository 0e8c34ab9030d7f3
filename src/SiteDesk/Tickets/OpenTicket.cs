using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Telemetry;

namespace SiteDesk.Tickets;

/// <summary>Registers a request with its first message. Every channel, the workspace and the API come through here.</summary>
public sealed class OpenTicket(Database database, MessageComposer composer, JunkRules junk, TimeProvider time)
{
    /// <param name="ClientId">Made by the sender; a repeat with the same one gives the ticket that is already there.</param>
    /// <param name="Customer">A tracked customer, new or known.</param>
    /// <param name="Subject">Empty: taken from the text.</param>
    /// <param name="Token">The ticket's public name when the channel made it beforehand; a repeat with the same one gives the ticket that is already there.</param>
    /// <param name="SenderAddress">Network address, for the junk rules; null when a member of staff writes.</param>
    /// <param name="JunkReason">Key of what the channel itself has found out; null when it found nothing.</param>
    /// <param name="AwaitsReply">False for what a machine wrote: nobody waits for an answer to it.</param>
    /// <param name="MayRepeat">False when <paramref name="ClientId"/> was made for this very request, so that it cannot have come before.</param>
    /// <param name="NotedBy">The member of staff who wrote down what the author said; null when the author wrote.</param>
    /// <param name="AgreedTo">Number of the consent text that was agreed to with it; the history keeps it. Null where none was asked for, or the channel logs it itself.</param>
    /// <param name="IsForAssistant">Whether the site lets the assistant answer first what comes this way; junk never goes to it.</param>
    public sealed record Request(
        long SiteId, Customer Customer, string Channel, string ClientId, string Text, Actor Author,
        string Subject = "", string? Language = null, IReadOnlyList<string>? FileTokens = null, ProblemReport? Report = null,
        string? SenderAddress = null, bool Honeypot = false, IReadOnlyList<string>? Tags = null, string? Token = null,
        TicketPriority? Priority = null, string? JunkReason = null, bool AwaitsReply = true,
        bool IsForAssistant = false, MessageChoice? Choice = null, bool MayRepeat = true, Actor? NotedBy = null, int? AgreedTo = null);

    public sealed record Result(Ticket Ticket, Message Message, bool IsRepeat);

    public async Task<Outcome<Result>> RunAsync(Request request, CancellationToken cancellation)
    {
        if (await FindRepeatAsync(request, cancellation) is { } repeat)
            return repeat;
        if (request.Tags?.Any(tag => tag.Trim().Length is 0 or > Ticket.LongestTag) == true)
            return new Problem("tags", "ticket.tag-length");
        var now = time.Now();
        var ticket = new Ticket
        {
            Token = request.Token ?? Tokens.New(),
            SiteId = request.SiteId,
            Customer = request.Customer,
            Channel = request.Channel,
            Subject = SubjectOf(request.Subject, request.Text),
            Language = request.Language,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var composed = await composer.ComposeAsync(ticket, new MessageComposer.Request(
            MessageKind.Public, request.Author, request.ClientId, request.Text, request.Channel,
            request.FileTokens, request.Report, AlsoSearched: ticket.Subject, Choice: request.Choice), now, cancellation);
        if (!composed.Succeeded)
            return composed.Problems.ToList();

        foreach (var tag in request.Tags ?? [])
            ticket.Tag(tag.Trim(), request.Author, now);
        if (request.Priority is { } priority)
            ticket.SetPriority(priority, request.Author, now);
        ticket.Received(composed.Value, request.AwaitsReply);
        if (request.NotedBy is { } notedBy)
            ticket.Record("noted", null, request.Channel, notedBy, now, batch: null);
        if (request.AgreedTo is { } version)
            ticket.Record("consent", null, version.ToString(System.Globalization.CultureInfo.InvariantCulture), request.Author, now, batch: null);
        if (await junk.JudgeAsync(request, cancellation) is { } reason)
            ticket.MarkJunk(reason, Actor.System, now);

        else if (request.IsForAssistant)
            ticket.GiveToAssistant(now);

        database.Add(composed.Value);
        database.Publish(() => new TicketOpened(ticket.Id, ticket.SiteId, ticket.Channel, ticket.Junk is not null));
        database.Publish(() => new MessageAdded(ticket.Id, composed.Value.Id, ticket.SiteId, false, request.Author.Kind == ActorKind.Customer, request.Author.Kind == ActorKind.Staff ? request.Author.Id : null, IsOpening: true, IsWithAssistant: ticket.IsWithAssistant));
        database.Signal(() => TicketSignals.Moved(ticket, ticket.IsWithAssistant ? "changed" : "opened"));
        database.Signal(() => TicketSignals.Said(composed.Value));
        try
        {
            await database.SaveNewAsync(cancellation);
        }
        catch (DbUpdateException problem) when (problem.IsConflict() && database.Database.CurrentTransaction is null && !cancellation.IsCancellationRequested)
        {
            // Two copies of one request at the same time: the second finds what the first stored. Whoever began a transaction begins it again.
            database.ChangeTracker.Clear();
            if (await FindRepeatAsync(request, cancellation) is { } first)
                return first;
            throw;
        }

        ProgramMetrics.TicketOpened(ticket.Channel);
        ProgramMetrics.MessageAdded(request.Author.Kind.ToString());
        return new Result(ticket, composed.Value, false);
    }

    private async Task<Result?> FindRepeatAsync(Request request, CancellationToken cancellation)
    {
        if (!request.MayRepeat || request.Customer.Id == 0 && request.Token is null)
            return null;
        var messages = database.Set<Message>().Include(message => message.Ticket).Include(message => message.Files).ThenInclude(file => file.File)
            .Where(message => message.ClientId == request.ClientId);
        messages = request.Token is { } token
            ? messages.Where(message => message.Ticket!.Token == token)
            : messages.Where(message => message.Ticket!.CustomerId == request.Customer.Id);
        var message = await messages.FirstOrDefaultAsync(cancellation);
        return message is null ? null : new Result(message.Ticket!, message, true);
    }

    /// <summary>The subject given, or the beginning of the text's first line.</summary>
    internal static string SubjectOf(string given, string text)
    {
        const int longest = 120;
        var subject = given.Length > 0 ? given : text;
        var line = subject.Trim().Split('\n', 2)[0].Trim();
        if (line.Length <= longest)
            return line;
        var cut = line.LastIndexOf(' ', longest);
        return line.UpTo(cut > longest / 2 ? cut : longest) + "…";
    }
}
