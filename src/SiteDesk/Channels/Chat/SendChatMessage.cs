using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.HelpCenter.Trails;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Chat;

/// <summary>
/// A visitor says something: in the conversation they have, or in a new one. May be repeated any number of times with the
/// same id, also the very first message whose answer was lost.
/// </summary>
public sealed class SendChatMessage(
    Database database, OpenTicket openTicket, AddCustomerMessage addMessage, VisitorRegister register, VisitorConversations conversations, TakeTrail takeTrail, TimeProvider time)
{
    public sealed record Request
    {
        public string? Id { get; init; }

        public string? Text { get; init; }

        public List<string>? Files { get; init; }

        public string? TimeZone { get; init; }

        public PageOfVisitor? Page { get; init; }

        public GivenContact? Contact { get; init; }

        public ProblemReport? Report { get; init; }

        public GivenConsent? Consent { get; init; }

        /// <summary>What was taken of an offer; null for words of their own.</summary>
        public MessageChoice? Choice { get; init; }

        /// <summary>What was done in the help centre before the first message; null for nothing.</summary>
        public TrailOfVisitor? Before { get; init; }

        /// <summary>A field no person sees; what fills it is a program.</summary>
        public string? Honeypot { get; init; }
    }

    public sealed record PageOfVisitor(string? Url, string? Title, string? Referrer);

    public sealed record GivenConsent(int Version);

    /// <param name="Visit">The name under which articles were opened and pages read.</param>
    /// <param name="Typed">What was begun to be written, and left for other words.</param>
    public sealed record TrailOfVisitor(string? Visit, List<string>? Typed);

    public sealed record Result(Visitor Visitor, Message Message, bool IsRepeat);

    public async Task<Outcome<Result>> RunAsync(WidgetVisit visit, Request request, HttpContext http, CancellationToken cancellation)
    {
        if (visit.TokenHash is null)
            return new Problem("", "chat.token-needed");
        if (request.Id is not { Length: >= 16 and <= 64 })
            return new Problem("id", "message.client-id");
        var contacts = GivenContact.Understand(request.Contact, visit.Language);
        if (!contacts.Succeeded)
            return contacts.Problems.ToList();

        const int tries = 5;
        // Two tabs introduced the same secret, or sent the same message, at once: look again.
        return await database.AgainOnConflictAsync(tries, () => TryAsync(visit, request, contacts.Value, http, cancellation), cancellation);
    }

    private async Task<Outcome<Result>> TryAsync(
        WidgetVisit visit, Request request, IReadOnlyList<ContactAddress> contacts, HttpContext http, CancellationToken cancellation)
    {
        var visitor = await visit.FindVisitorAsync(database, cancellation);
        if (visitor is not null && await FindRepeatAsync(visitor, request.Id!, cancellation) is { } repeat)
            return new Result(visitor, repeat, true);
        if (await MissingConsentAsync(visit.Site, visitor, request.Consent, cancellation) is { } missing)
            return missing;

        var current = visitor is null ? null : await CurrentTicketAsync(visitor, cancellation);
        if (current is not null)
            return await ContinueAsync(visit, http, visitor!, current.Value, request, contacts, cancellation);

        return await database.InTransactionAsync(() => BeginAsync(visit, visitor, request, contacts, http, cancellation), cancellation);
    }

    /// <summary>Looked for ticket by ticket, which follows an index; asked for the id alone, the engine would read every message there is.</summary>
    private async Task<Message?> FindRepeatAsync(Visitor visitor, string clientId, CancellationToken cancellation)
    {
        var tickets = await conversations.TicketsOfAsync(visitor, cancellation);
        return await database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File)
            .FirstOrDefaultAsync(message => tickets.Contains(message.TicketId) && message.ClientId == clientId, cancellation);
    }

    private async Task<Problem?> MissingConsentAsync(Site site, Visitor? visitor, GivenConsent? given, CancellationToken cancellation)
    {
        if (!site.Privacy.RequiresConsent)
            return null;
        var current = await ConsentTexts.CurrentNumberAsync(database, site.Id, cancellation);
        return visitor?.ConsentNumber == current || given?.Version == current ? null : new Problem("consent", "chat.consent-needed");
    }

    /// <summary>The visitor's newest ticket that takes further messages, be it in the ticket into which it was merged.</summary>
    private Task<long?> CurrentTicketAsync(Visitor visitor, CancellationToken cancellation) =>
        database.Set<ChatConversation>().Where(conversation => conversation.VisitorId == visitor.Id)
            .Join(database.Set<Ticket>(), conversation => conversation.TicketId, ticket => ticket.Id, (_, ticket) => ticket)
            .Join(database.Set<Ticket>(), ticket => ticket.MergedIntoId ?? ticket.Id, goesOn => goesOn.Id, (ticket, goesOn) => new { ticket.Id, goesOn.Status })
            .Where(ticket => ticket.Status != StandardStatus.Closed)
            .OrderByDescending(ticket => ticket.Id).Select(ticket => (long?)ticket.Id).FirstOrDefaultAsync(cancellation);

    private async Task<Outcome<Result>> ContinueAsync(
        WidgetVisit visit, HttpContext http, Visitor visitor, long ticketId, Request request, IReadOnlyList<ContactAddress> contacts, CancellationToken cancellation)
    {
        await register.NoteAsync(visit, visitor, request, contacts, cancellation);
        var outcome = await addMessage.RunAsync(
            new AddCustomerMessage.Request(ticketId, request.Text ?? "", request.Id!, ChatModule.Channel, request.Files, request.Report, Choice: request.Choice, SenderAddress: http.Connection.RemoteIpAddress?.ToString()), cancellation);
        if (outcome.Succeeded)
            return new Result(visitor, outcome.Value.Message, outcome.Value.IsRepeat);
        if (!outcome.Problems.Any(problem => problem.Text == "ticket.closed"))
            return outcome.Problems.ToList();

        // Closed between our look and our save: looked at again, it is no longer the current one.
        database.ChangeTracker.Clear();
        throw new DbUpdateConcurrencyException("The conversation was closed meanwhile.");
    }

    private async Task<Outcome<Result>> BeginAsync(
        WidgetVisit visit, Visitor? known, Request request, IReadOnlyList<ContactAddress> contacts, HttpContext http, CancellationToken cancellation)
    {
        var (visitor, customer) = known is null
            ? await register.IntroduceAsync(visit, http, cancellation)
            : (known, await database.Set<Customer>().Include(customer => customer.Contacts).FirstAsync(customer => customer.Id == known.CustomerId, cancellation));
        register.Learn(visit, visitor, customer, request, contacts);

        var opened = await openTicket.RunAsync(
            new OpenTicket.Request(
                visit.Site.Id, customer, ChatModule.Channel, request.Id!, request.Text ?? "", Actor.Customer(customer.Id, customer.DisplayName),
                Language: visit.Language, FileTokens: request.Files, Report: request.Report,
                SenderAddress: http.Connection.RemoteIpAddress?.ToString(), Honeypot: !string.IsNullOrEmpty(request.Honeypot),
                // Who reports what the page did wants it looked at.
                IsForAssistant: visit.Site.Assistant.AnswersInWidget && request.Report is null, Choice: request.Choice),
            cancellation);
        if (!opened.Succeeded)
        {
            database.ChangeTracker.Clear();
            return opened.Problems.ToList();
        }

        database.Add(new ChatConversation
        {
            VisitorId = visitor.Id,
            TicketId = opened.Value.Ticket.Id,
            StartedAt = time.Now(),
            PageAddress = PageAddress.WithoutQuery(request.Page?.Url),
        });
        if (request.Before is { } before)
            await takeTrail.RunAsync(opened.Value.Ticket, request.Text ?? "", before.Visit, before.Typed, await MayKnowPagesAsync(visit.Site, visitor, cancellation), cancellation);
        await database.SaveChangesAsync(cancellation);

        // Streams that follow the visitor's earlier tickets begin anew and hear the new one, too.
        database.Signal(() => new LiveSignal(ConversationStream.TopicOf(visitor), "resync", "{}"));
        return new Result(visitor, opened.Value.Message, opened.Value.IsRepeat);
    }

    /// <summary>Pages of the help centre are pages like the site's own: where those are recorded after consent alone, so are these.</summary>
    private async Task<bool> MayKnowPagesAsync(Site site, Visitor visitor, CancellationToken cancellation) =>
        !site.Privacy.TracksPages || visitor.PagesConsentNumber is { } agreed && agreed == await ConsentTexts.CurrentNumberAsync(database, site.Id, cancellation);
}
