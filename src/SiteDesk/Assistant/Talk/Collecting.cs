using SiteDesk.Assistant.Actions;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Customers;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>Asks for what a person will need to look into a matter, checks it, and lets whoever does not have it go on without.</summary>
internal sealed class Collecting
{
    /// <summary>The form that asks for facts.</summary>
    public const string FormKey = "facts";

    /// <summary>After this many forms that cannot be right a person goes on with what there is.</summary>
    private const int MostAgain = 2;

    private const string Again = "collect.again";

    /// <summary>Matters that begin with a word of regret.</summary>
    private static readonly string[] Regretted = ["complaint-courier", "complaint-service", "wrong-charge"];

    /// <returns>Null when all is known, or was asked for once already: nobody is asked twice.</returns>
    public TalkReply? Begin(TalkTurn turn, string matter)
    {
        var needed = turn.Situation.Knowledge.AnswerOf(matter).AsksFor ?? [.. ShippedIntent.Of(matter).AsksFor.Where(slot => slot != Slot.Order || turn.Situation.Knowledge.SendsParcels)];
        var missing = needed.Where(slot => !IsKnown(turn, slot)).ToList();
        if (missing.Count == 0 || turn.Memory.Said.Contains(FormKey))
            return null;
        turn.Memory = turn.Memory with { Matter = matter, Form = FormKey, Said = [.. turn.Memory.Said, FormKey] };
        return turn.Reply(TurnKind.Collect) with { Text = turn.Words[Regretted.Contains(matter, StringComparer.Ordinal) ? "collect.sorry" : "collect"], Form = FormOf(turn, missing, given: null, problems: null) };
    }

    /// <summary>Takes what was written into the form, or in a message while it was open.</summary>
    /// <returns>The form again with what is wrong; null when there is nothing left to ask.</returns>
    public TalkReply? Take(TalkTurn turn, IReadOnlyDictionary<string, string> given, bool isForm)
    {
        var facts = new Dictionary<string, string>(turn.Memory.Facts, StringComparer.Ordinal);
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (slot, value) in given.Where(pair => Slot.All.Contains(pair.Key, StringComparer.Ordinal) && pair.Value.Trim().Length > 0))
        {
            if (Check(slot, value, turn.Language) is { } problem)
                problems[slot] = problem;
            else
                facts[slot] = value.Trim();
        }

        turn.Memory = turn.Memory with { Facts = facts };
        if (problems.Count > 0 && isForm && turn.Memory.Said.Count(said => said == Again) < MostAgain)
        {
            turn.Memory = turn.Memory with { Said = [.. turn.Memory.Said, Again] };
            return turn.Reply(TurnKind.Collect) with { Text = turn.Words[Again], Form = FormOf(turn, [.. given.Keys.Where(Slot.All.Contains)], given, problems) };
        }

        turn.Memory = turn.Memory with { Form = null };
        return null;
    }

    /// <summary>Why a value cannot be right: the key of a text; null when it can.</summary>
    public static string? Check(string slot, string value, string language) => slot switch
    {
        Slot.Order when !GivenFacts.CanBeOrder(value) => "assistant.slot.order.wrong",
        Slot.Contact when ContactAddress.Parse(value, ContactAddress.CountryOf(language)) is null => "assistant.slot.contact.wrong",
        Slot.Phone when ContactAddress.ParsePhone(value, ContactAddress.CountryOf(language)) is null => "assistant.slot.phone.wrong",
        _ => null,
    };

    /// <summary>What was given to an action and cannot be right: keys of texts by input. What was left empty is not judged here.</summary>
    public static IReadOnlyDictionary<string, string> ProblemsOf(ActionRequest request)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (input, value) in request.Values.Where(pair => pair.Value.Length > 0))
        {
            if (Check(input, value, request.Language) is { } problem)
                problems[input] = problem;
        }

        return problems;
    }

    private static bool IsKnown(TalkTurn turn, string slot) => turn.Memory.Facts.ContainsKey(slot) || slot == Slot.Contact && turn.Situation.HasContact;

    private static OfferedForm FormOf(TalkTurn turn, IReadOnlyList<string> slots, IReadOnlyDictionary<string, string>? given, IReadOnlyDictionary<string, string>? problems) => new(
        FormKey,
        [.. slots.Select(slot => turn.Words.Field(slot, KindOf(slot), isRequired: slot == Slot.Contact, given?.GetValueOrDefault(slot), problems?.GetValueOrDefault(slot)))],
        turn.Words["send"], turn.Words["back"]);

    public static string KindOf(string slot) => slot switch
    {
        Slot.Order => "order",
        Slot.Contact => "contact",
        Slot.Phone => "phone",
        Slot.Time => "time",
        Slot.Note => "long",
        _ => "text",
    };
}
