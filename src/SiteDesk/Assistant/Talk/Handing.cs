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
        var text = situation.IsLive ? string.Join("\n\n", new[] { before, OfCause(turn.Words, cause), WhoGoesOn(turn) }.Where(part => part.Length > 0)) : before;
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
        HandOverCause.Failed or HandOverCause.Silent => words["cause.failed"],
        HandOverCause.Order => words["cause.order"],
        _ => "",
    };

    private static string WhoGoesOn(TalkTurn turn)
    {
        var (situation, words) = (turn.Situation, turn.Words);
        if (situation.IsOpen)
            return words["person.open"];
        var texts = words.Texts.At(situation.TimeZone);
        var when = situation.NextOpening is { } next ? words["person.closed", ("when", texts.DateAndTime(next))] : words["person.nobody"];
        return when + " " + words[situation.HasContact ? "person.reaches" : "person.waits"];
    }
}
