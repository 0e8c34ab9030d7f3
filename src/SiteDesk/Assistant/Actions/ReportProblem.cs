using SiteDesk.Assistant.Talk;
using SiteDesk.Customers;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Assistant.Actions;

/// <summary>Reports that something of the site does not work: what, where, what was seen; a person gets the conversation with all of it.</summary>
internal sealed class ReportProblem(ClaimedContacts contacts, TextCatalog catalog) : IAssistantAction
{
    public const string Happened = "happened";
    public const string Page = "page";
    public const string Seen = "seen";

    /// <summary>The tag by which the staff find such tickets.</summary>
    public const string Tag = "problem";

    public string Key => ActionKeys.Report;

    public IReadOnlyList<ActionInput> Inputs { get; } =
    [
        new(Happened, "long", TakesQuestion: true), new(Page, "text", IsRequired: false), new(Seen, "long", IsRequired: false), new(Slot.Contact, "contact", IsRequired: false),
    ];

    public ActionEffect Effect => ActionEffect.Changes;

    public ActionRight Right => ActionRight.Anybody;

    public ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation) => new(Collecting.ProblemsOf(request));

    /// <summary>The conversation itself is the report: the same ticket however often it is called.</summary>
    public async Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation)
    {
        if (ContactAddress.Parse(request.Values.GetValueOrDefault(Slot.Contact), ContactAddress.CountryOf(request.Language)) is { } contact)
            await contacts.AddAsync(request, contact, cancellation);
        var staff = request.Site.DefaultLanguage;
        var lines = Inputs.Where(input => input.Name != Slot.Contact && request.Values.GetValueOrDefault(input.Name) is { Length: > 0 })
            .Select(input => $"{catalog.Get(staff, $"assistant.slot.{input.Name}")} {request.Values[input.Name]}");
        return new ActionResult(
            catalog.Get(request.Language, "action.report-problem.done"), true, [], catalog.Get(staff, "action.report-problem.staff", [("report", string.Join(" · ", lines))]),
            HandsOver: true) { Tags = [Tag] };
    }
}
