using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Html;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Assistant.LanguageModel.Translating;

/// <summary>Translations of a conversation and of the reply to it, each only when an agent asks.</summary>
internal static class TranslationRoutes
{
    /// <summary>Of the line above the answer's field.</summary>
    public const string Key = "translation";

    /// <summary>Messages that one press translates, and how many at a time.</summary>
    private const int MostAtOnce = 20;
    private const int Together = 4;

    public static string AddressFor(long ticketId) => string.Create(CultureInfo.InvariantCulture, $"/agent/tickets/{ticketId}/translation");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var translation = routes.MapGroup("/agent/tickets/{id:long}/translation").Needs(TicketPermissions.Read);
        translation.MapGet("", ShowBarAsync);
        translation.MapPost("", TranslateAsync);
        translation.MapPost("/draft", TranslateDraftAsync).Needs(TicketPermissions.Reply);
    }

    private static async Task<IResult> ShowBarAsync(HttpContext http, Database database, ITranslateForStaff translate, long id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        if (await FindAsync(database, staff, id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        if (!await translate.IsOfferedAsync(cancellation))
            return Page.Show<TranslationBar>(new { TicketId = id });
        var messages = await NewestAsync(database, ticket, null, cancellation);
        var language = TranslationOffer.LanguageOf(ticket.Language, OfCustomer(messages));
        return Page.Show<TranslationBar>(new
        {
            TicketId = id,
            IsOffered = true,
            HasForeign = messages.Exists(message => TranslationOffer.IsWorth(message.Text, staff.Language)),
            DraftLanguage = staff.May(TicketPermissions.Reply) && ticket.MergedIntoId is null && language != staff.Language ? language : null,
        });
    }

    /// <summary>The field <c>message</c> has the key of one message; without it all of the newest that are in another language.</summary>
    private static async Task<IResult> TranslateAsync(HttpContext http, Database database, ITranslateForStaff translate, long id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty;
        long? message = long.TryParse(form["message"], CultureInfo.InvariantCulture, out var key) ? key : null;
        if (await FindAsync(database, staff, id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        var messages = await NewestAsync(database, ticket, message, cancellation);
        if (message is null)
            messages.RemoveAll(row => !TranslationOffer.IsWorth(row.Text, staff.Language));
        var names = await NamesAsync(database, ticket, staff, messages, cancellation);
        var translations = new Translation[messages.Count];
        await Parallel.ForAsync(0, messages.Count, new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellation }, async (index, limit) =>
            translations[index] = await translate.TranslateAsync(messages[index].Text, staff.Language, names, limit));
        return TurboStream.IsWanted(http)
            ? TurboStream.Show<TranslationStreams>(new { TicketId = id, Translations = messages.Zip(translations).ToList(), Staff = staff })
            : Page.GoTo($"/agent/tickets/{id.ToString(CultureInfo.InvariantCulture)}"); // the page shows what is kept
    }

    private static async Task<IResult> TranslateDraftAsync(HttpContext http, Database database, ITranslateForStaff translate, Texts texts, long id, CancellationToken cancellation)
    {
        var staff = http.Staff();
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancellation) : FormCollection.Empty;
        if (await FindAsync(database, staff, id, cancellation) is not { } ticket)
            return TypedResults.NotFound();
        var messages = await NewestAsync(database, ticket, null, cancellation);
        var draft = form["text"].ToString().ReplaceLineEndings("\n").Trim();
        if (draft.Length is 0 or > Message.LongestText || TranslationOffer.LanguageOf(ticket.Language, OfCustomer(messages)) is not { } language)
            return TypedResults.Json(new DraftTranslation(null, false, texts["model.translation.draft-empty"]), statusCode: StatusCodes.Status422UnprocessableEntity);
        var translation = await translate.TranslateAsync(draft, language, await NamesAsync(database, ticket, staff, messages, cancellation), cancellation);
        return translation.Failure is { } failure
            ? TypedResults.Json(new DraftTranslation(null, false, texts[$"model.translation.failed.{failure}"]), statusCode: StatusCodes.Status422UnprocessableEntity)
            : TypedResults.Json(new DraftTranslation(translation.Text, translation.IsDoubtful, null));
    }

    private static Task<Ticket?> FindAsync(Database database, Staff staff, long id, CancellationToken cancellation) =>
        database.Set<Ticket>().AsNoTracking().VisibleTo(staff).FirstOrDefaultAsync(ticket => ticket.Id == id, cancellation);

    /// <summary>The newest messages of the whole conversation, oldest first; or the one that was asked for, if it is in it.</summary>
    private static async Task<List<Message>> NewestAsync(Database database, Ticket ticket, long? only, CancellationToken cancellation)
    {
        var whole = await WholeConversation.OfAsync(database, ticket, cancellation);
        var messages = await database.Set<Message>().AsNoTracking().Where(row => whole.Contains(row.TicketId) && (only == null || row.Id == only) && row.Text != "")
            .OrderByDescending(row => row.Id).Take(MostAtOnce).ToListAsync(cancellation);
        messages.Reverse();
        return messages;
    }

    private static IEnumerable<string> OfCustomer(List<Message> messages) =>
        messages.Where(message => message.AuthorKind == ActorKind.Customer).Select(message => message.Text).Reverse();

    /// <summary>Whoever takes part: neither the customer's name leaves nor a colleague's.</summary>
    private static async Task<List<string>> NamesAsync(Database database, Ticket ticket, Staff staff, List<Message> messages, CancellationToken cancellation)
    {
        var customer = await database.Set<Customer>().AsNoTracking().Where(row => row.Id == ticket.CustomerId).Select(row => new { row.Name, row.AddressAs }).FirstAsync(cancellation);
        return [.. new[] { customer.Name, customer.AddressAs, staff.Name }.Concat(messages.Select(message => message.AuthorName)).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The draft in the customer's language; or what went wrong, in the agent's.</summary>
    private sealed record DraftTranslation(string? Text, bool IsDoubtful, string? Problem);
}
