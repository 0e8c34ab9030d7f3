using SiteDesk.Assistant.Talk;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Assistant.Actions;

/// <summary>Asks for a call: a number and a time that suits; a person gets the conversation with both.</summary>
internal sealed class CallBack(TextCatalog catalog) : IAssistantAction
{
    /// <summary>The tag by which the staff find such tickets.</summary>
    public const string Tag = "call-back";

    public string Key => ActionKeys.CallBack;

    public IReadOnlyList<ActionInput> Inputs { get; } = [new(Slot.Phone, "phone"), new(Slot.Time, "time"), new(Slot.Note, "long", IsRequired: false)];

    public ActionEffect Effect => ActionEffect.Changes;

    public ActionRight Right => ActionRight.Anybody;

    public ValueTask<IReadOnlyDictionary<string, string>> CheckAsync(ActionRequest request, CancellationToken cancellation) => new(Collecting.ProblemsOf(request));

    /// <summary>The conversation itself is the request: the same ticket however often it is called.</summary>
    public Task<ActionResult> RunAsync(ActionRequest request, CancellationToken cancellation)
    {
        var (phone, time) = (request.Values.GetValueOrDefault(Slot.Phone, ""), request.Values.GetValueOrDefault(Slot.Time, ""));
        var said = catalog.Get(request.Language, "action.call-back.done", [("phone", PlainWords.Of(phone)), ("time", PlainWords.Of(time))]);
        var forStaff = catalog.Get(request.Site.DefaultLanguage, "action.call-back.staff", [("phone", phone), ("time", time)]);
        return Task.FromResult(new ActionResult(said, true, [], forStaff, HandsOver: true) { Tags = [Tag] });
    }
}
