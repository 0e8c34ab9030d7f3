using System.Globalization;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Actions;

/// <summary>Says where the customer's earlier conversations stand.</summary>
internal sealed class MyTickets(OwnConversations conversations, TextCatalog catalog) : IAssistantAction
{
    /// <summary>More are not read; the page of each leads on.</summary>
    private const int Most = 5;

    private const int LongestSubject = 120;

    public string Key => ActionKeys.MyTickets;

    public IReadOnlyList<ActionInput> Inputs => [];

    public ActionEffect Effect => ActionEffect.Reads;

    public ActionRight Right => ActionRight.Conversation;

    public ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal));

    public async Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation)
    {
        var others = await conversations.BesidesAsync(request.Ticket, Most, request.Language, cancellation);
        var listed = others.Count > 0 ? others : [await conversations.ShownAsync(request.Ticket, request.Language, cancellation)];
        var lead = catalog.Get(request.Language, others.Count > 0 ? "action.my-tickets.done" : "action.my-tickets.none");
        var lines = listed.Select(own => catalog.Get(
            request.Language, "action.my-tickets.line", [("number", Number(own)), ("subject", PlainWords.Of(own.Subject.UpTo(LongestSubject))), ("state", PlainWords.Of(own.State))]));
        return new ActionResult($"{lead}\n\n{string.Join('\n', lines.Select(line => "- " + line))}", true, [.. listed.Select(SourceOf)]);
    }

    /// <summary>The conversation's page as a source.</summary>
    public static OfferedSource SourceOf(OwnConversation own) => new($"{Number(own)} {own.Subject.UpTo(LongestSubject)}".TrimEnd(), own.Address);

    private static string Number(OwnConversation own) => string.Create(CultureInfo.InvariantCulture, $"#{own.Number}");
}
