using System.Collections.Frozen;
using SiteDesk.Assistant.Actions;
using SiteDesk.Assistant.Talk;

namespace SiteDesk.Assistant.Knowledge;

/// <summary>What kind of thing somebody says with an intent.</summary>
internal enum IntentNature
{
    /// <summary>Asks something that an article or the owner's words answer.</summary>
    Question,

    /// <summary>The same, but if the answer does not help, somebody has to look into an order or account.</summary>
    Order,

    Greeting,

    /// <summary>Asks what it is talking to.</summary>
    Who,
    Thanks,
    Goodbye,
    Yes,
    No,

    /// <summary>None of what was offered.</summary>
    Else,

    /// <summary>Wants a person.</summary>
    Person,
}

/// <summary>An intent that ships with the program, and what it does while the owner has decided nothing.</summary>
/// <param name="AsksFor">What a person needs to look into it, by <see cref="Slot"/>.</param>
/// <param name="Action">The action it offers; null for none.</param>
internal sealed record ShippedIntent(string Key, IntentNature Nature, IReadOnlyList<string> AsksFor, string? Action = null)
{
    /// <summary>Asks whether this is a machine: that is no wish for a person yet, and is to be answered truly.</summary>
    public const string WhoAreYou = "who-are-you";

    private static readonly IReadOnlyList<string> OrderAndContact = [Slot.Order, Slot.Contact];
    private static readonly IReadOnlyList<string> ContactOnly = [Slot.Contact];

    private static readonly FrozenDictionary<string, ShippedIntent> Special = new ShippedIntent[]
    {
        new("greeting", IntentNature.Greeting, []),
        new(WhoAreYou, IntentNature.Who, []),
        new("thanks", IntentNature.Thanks, []),
        new("goodbye", IntentNature.Goodbye, []),
        new("yes", IntentNature.Yes, []),
        new("no", IntentNature.No, []),
        new("something-else", IntentNature.Else, []),
        new("person", IntentNature.Person, []),
        new("call-back", IntentNature.Question, ContactOnly, ActionKeys.CallBack),
        new("opening-hours", IntentNature.Question, [], ActionKeys.OpeningHours),
        new("site-problem", IntentNature.Question, ContactOnly, ActionKeys.Report),
        new("checkout-error", IntentNature.Order, ContactOnly, ActionKeys.Report),
        new("change-contact", IntentNature.Question, ContactOnly, ActionKeys.ChangeContact),
        new("my-tickets", IntentNature.Question, [], ActionKeys.MyTickets),
        new("add-to-ticket", IntentNature.Question, [], ActionKeys.AddToTicket),
        new("change-address", IntentNature.Order, OrderAndContact),
        new("complaint-courier", IntentNature.Order, OrderAndContact),
        new("complaint-service", IntentNature.Order, ContactOnly),
        new("defect", IntentNature.Order, OrderAndContact),
        new("delete-data", IntentNature.Order, ContactOnly),
        new("exchange", IntentNature.Order, OrderAndContact),
        new("gift-card", IntentNature.Order, ContactOnly),
        new("invoice", IntentNature.Order, OrderAndContact),
        new("order-cancel", IntentNature.Order, OrderAndContact),
        new("order-change", IntentNature.Order, OrderAndContact),
        new("order-status", IntentNature.Order, OrderAndContact),
        new("parcel-not-received", IntentNature.Order, OrderAndContact),
        new("parcel-tracking", IntentNature.Order, OrderAndContact),
        new("payment-failed", IntentNature.Order, ContactOnly),
        new("payment-not-confirmed", IntentNature.Order, OrderAndContact),
        new("refund-status", IntentNature.Order, OrderAndContact),
        new("return", IntentNature.Order, OrderAndContact),
        new("sign-in", IntentNature.Order, ContactOnly),
        new("unsubscribe", IntentNature.Order, ContactOnly),
        new("wrong-charge", IntentNature.Order, OrderAndContact),
        new("wrong-item", IntentNature.Order, OrderAndContact),
        new("business", IntentNature.Order, ContactOnly),
        new("jobs-press", IntentNature.Order, ContactOnly),
    }.ToFrozenDictionary(intent => intent.Key, StringComparer.Ordinal);

    /// <summary>What only they are asked who send something.</summary>
    public static IReadOnlyList<string> AboutParcels { get; } =
        ["change-address", "complaint-courier", "delivery-cost", "delivery-time", "exchange", "order-status", "parcel-not-received", "parcel-tracking", "wrong-item"];

    public static bool IsAboutParcels(string intent) => AboutParcels.Contains(intent, StringComparer.Ordinal);

    /// <summary>What an intent is; one that is not named here is a plain question.</summary>
    public static ShippedIntent Of(string intent) => Special.GetValueOrDefault(intent) ?? new ShippedIntent(intent, IntentNature.Question, []);

    /// <summary>Whether it says something about the conversation instead of asking for anything: it is never offered and needs no answer of the owner's.</summary>
    public bool IsCourtesy => Nature is not (IntentNature.Question or IntentNature.Order);
}
