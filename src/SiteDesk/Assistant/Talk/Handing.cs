using SiteDesk.Assistant.HandOver;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>Gives a conversation to a person, and says plainly what happens next.</summary>
internal static class Handing
{
    /// <param name="turn">What is being answered.</param>
    /// <param name="cause">Why a person has to go on.</param>
    /// <param name="before">Said before the words about who goes on; empty for none.</param>
    public static TalkReply To(TalkTurn turn, HandOverCause cause, string before = "", long? teamId = null)
    {
        var situation = turn.Situation;
        // By mail a person's answer is the next thing that is read; words about it would be one message more.
        var text = situation.IsLive ? string.Join("\n\n", new[] { before, OfCause(turn.Words, cause), WhoGoesOn(turn.Words, situation.TimeZone, situation.IsOpen, situation.NextOpening, situation.HasContact || HasGivenContact(turn.Memory)) }.Where(part => part.Length > 0)) : before;
        return turn.Reply(TurnKind.HandOver) with
        {
            Text = text,
            Cause = cause,
            TeamId = teamId,
            IsToTeach = cause == HandOverCause.Failed,
        };
    }

    public static HandOverCause CauseOf(HandOverReason reason) => reason switch
    {
        HandOverReason.Anger => HandOverCause.Anger,
        HandOverReason.Threat => HandOverCause.Threat,
        HandOverReason.Fraud => HandOverCause.Fraud,
        HandOverReason.Safety => HandOverCause.Safety,
        _ => HandOverCause.Person,
    };

    /// <summary>How soon a person should look; null for in turn.</summary>
    public static TicketPriority? PriorityOf(HandOverCause cause) => cause switch
    {
        HandOverCause.Safety or HandOverCause.Fraud => TicketPriority.Urgent,
        HandOverCause.Anger or HandOverCause.Threat => TicketPriority.High,
        _ => null,
    };

    private static string OfCause(TalkWords words, HandOverCause cause) => cause switch
    {
        HandOverCause.Safety => words["cause.safety"],
        HandOverCause.Fraud => words["cause.fraud"],
        HandOverCause.Anger or HandOverCause.Threat => words["cause.anger"],
        HandOverCause.Failed => words["cause.failed"],
        HandOverCause.Order => words["cause.order"],
        _ => "",
    };

    /// <summary>What happens next: a person at once, or when one is there, and where the answer will be found.</summary>
    /// <param name="nextOpening">When somebody will be on duty, UTC; null when somebody is or nobody will be.</param>
    /// <param name="hasContact">Whether the customer can be reached elsewhere.</param>
    public static string WhoGoesOn(TalkWords words, TimeZoneInfo timeZone, bool isOpen, DateTime? nextOpening, bool hasContact)
    {
        if (isOpen)
            return words["person.open"];
        var when = nextOpening is { } next ? words["person.closed", ("when", words.Texts.At(timeZone).DateAndTime(next))] : words["person.nobody"];
        return when + " " + words[hasContact ? "person.reaches" : "person.waits"];
    }

    /// <summary>An address that was just given is not asked for again.</summary>
    private static bool HasGivenContact(TalkMemory memory) => memory.Facts.ContainsKey(Slot.Contact) || memory.Facts.ContainsKey(Slot.Phone);
}
