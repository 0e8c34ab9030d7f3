using System.Globalization;
using SiteDesk.Assistant.Actions;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Platform;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>Does actions: asks for their inputs, checks them, has a change confirmed, and does it once.</summary>
internal sealed class Acting(IEnumerable<IAssistantAction> actions)
{
    private const string FormPrefix = "action:";

    /// <summary>The action a form belongs to; null for another form.</summary>
    public static string? ActionOf(string? form) => form?.StartsWith(FormPrefix, StringComparison.Ordinal) == true ? form[FormPrefix.Length..] : null;

    /// <summary>The action that a candidate offers at this site; null for none.</summary>
    public IAssistantAction? Find(TalkTurn turn, string candidate) => ByKey(turn.Situation.Knowledge.AnswerOf(candidate).Action ?? ShippedIntent.Of(candidate).Action);

    public IAssistantAction? ByKey(string? key) => key is null ? null : actions.FirstOrDefault(action => action.Key == key);

    /// <summary>Begins one: asks for what it needs, or does it when it needs nothing and changes nothing.</summary>
    public async Task<TalkReply> BeginAsync(TalkTurn turn, IAssistantAction action, CancellationToken cancellation)
    {
        if (Refused(turn, action) is { } refused)
            return refused;
        var draft = action.Inputs.Where(input => input.TakesQuestion && turn.Situation.Last.Choice is null)
            .ToDictionary(input => input.Name, _ => turn.Situation.Text.UpTo(OfferedForm.LongestValue), StringComparer.Ordinal);
        turn.Memory = turn.Memory with { Form = FormPrefix + action.Key, Draft = draft, DraftId = turn.Situation.Last.Id };
        if (action.Inputs.Count > 0)
            return Ask(turn, action, turn.Memory.Facts.Concat(draft).ToDictionary(StringComparer.Ordinal), problems: null);
        return action.Effect == ActionEffect.Changes ? Confirm(turn, action) : await DoAsync(turn, action, cancellation);
    }

    /// <summary>Takes what was written into an action's form.</summary>
    public async Task<TalkReply> TakeAsync(TalkTurn turn, IAssistantAction action, IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        if (Refused(turn, action) is { } refused)
            return refused;
        var values = action.Inputs.Where(input => given.ContainsKey(input.Name)).ToDictionary(input => input.Name, input => given[input.Name].Trim(), StringComparer.Ordinal);
        turn.Memory = turn.Memory with { Form = FormPrefix + action.Key, Draft = values, DraftId = turn.Situation.Last.Id };
        var problems = new Dictionary<string, string>(await action.CheckAsync(RequestOf(turn, action), cancellation), StringComparer.Ordinal);
        foreach (var input in action.Inputs.Where(input => input.IsRequired && string.IsNullOrEmpty(values.GetValueOrDefault(input.Name))))
            problems.TryAdd(input.Name, "assistant.slot.needed");
        if (problems.Count > 0)
            return Ask(turn, action, values, problems);
        return action.Effect == ActionEffect.Changes ? Confirm(turn, action) : await DoAsync(turn, action, cancellation);
    }

    /// <summary>Does what was confirmed; what was not asked for is not done.</summary>
    public async Task<TalkReply?> ConfirmedAsync(TalkTurn turn, string key, CancellationToken cancellation) =>
        ActionOf(turn.Memory.Form) == key && ByKey(key) is { } action ? Refused(turn, action) ?? await DoAsync(turn, action, cancellation) : null;

    private static TalkReply Ask(TalkTurn turn, IAssistantAction action, IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, string>? problems) =>
        turn.Reply(TurnKind.Collect) with
        {
            Text = turn.Words.Texts[problems is null ? $"action.{action.Key}.ask" : "assistant.say.collect.again"],
            Form = new OfferedForm(
                FormPrefix + action.Key,
                [.. action.Inputs.Select(input => turn.Words.Field(input.Name, input.Kind, input.IsRequired, values.GetValueOrDefault(input.Name), problems?.GetValueOrDefault(input.Name)))],
                turn.Words["send"], turn.Words["back"]),
        };

    private static TalkReply Confirm(TalkTurn turn, IAssistantAction action)
    {
        var lines = action.Inputs.Where(input => !string.IsNullOrEmpty(turn.Memory.Draft.GetValueOrDefault(input.Name)))
            .Select(input => $"- {turn.Words.Texts[$"assistant.slot.{input.Name}"]}: {PlainWords.Of(turn.Memory.Draft[input.Name])}");
        return turn.Reply(TurnKind.Action) with
        {
            Text = string.Join('\n', lines.Prepend(turn.Words.Texts[$"action.{action.Key}.confirm"])),
            Choices = [turn.Words.Confirm(action.Key), turn.Words.Back],
        };
    }

    private static async Task<TalkReply> DoAsync(TalkTurn turn, IAssistantAction action, CancellationToken cancellation)
    {
        var result = await action.RunAsync(RequestOf(turn, action), cancellation);
        turn.Memory = turn.Memory with
        {
            Form = null,
            Draft = new Dictionary<string, string>(StringComparer.Ordinal),
            DraftId = 0,
            Tried = result.ForStaff is null ? turn.Memory.Tried : [.. turn.Memory.Tried, result.ForStaff],
        };
        if (result.HandsOver)
            return Handing.To(turn, action.Key == ActionKeys.CallBack ? HandOverCause.CallBack : HandOverCause.Order, result.Text) with { Tags = result.Tags };
        return turn.Reply(TurnKind.Action) with { Text = result.Text, Sources = result.Sources, Choices = result.IsDone ? turn.Words.DidItHelp : [] };
    }

    private static ActionRequest RequestOf(TalkTurn turn, IAssistantAction action) => new(
        turn.Situation.Site, turn.Situation.Ticket, turn.Language, turn.Situation.TimeZone, turn.Memory.Draft,
        string.Create(CultureInfo.InvariantCulture, $"{action.Key}:{turn.Situation.Ticket.Id}:{turn.Memory.DraftId}"));

    /// <summary>What only somebody proven may have done is not begun, filled in or confirmed by anybody else; null when it may be done.</summary>
    private static TalkReply? Refused(TalkTurn turn, IAssistantAction action)
    {
        if (action.Right != ActionRight.ProvenContact || turn.Situation.Ticket.Customer?.Contacts.Exists(contact => contact.ProvenAt is not null) == true)
            return null;
        turn.Memory = turn.Memory with { Form = null, Draft = new Dictionary<string, string>(StringComparer.Ordinal), DraftId = 0 };
        return turn.Reply(TurnKind.Action) with { Text = turn.Words.Texts["action.not-proven"], Choices = [new OfferedChoice(MessageChoice.Person, turn.Words["person"])] };
    }
}
