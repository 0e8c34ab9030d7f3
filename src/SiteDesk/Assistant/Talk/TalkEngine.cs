using SiteDesk.Assistant.Deciding;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Language;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Assistant.Talk;

/// <summary>
/// Decides what is said next. What was pressed is taken at its word; what was written is understood; and whoever wants a person, or belongs
/// to one, gets one whatever else was said. It says nothing twice.
/// </summary>
internal sealed class TalkEngine(Answering answering, Acting acting, Collecting collecting, TextCatalog catalog)
{
    /// <summary>A question that goes on about an article must share this much with a passage of it: about one word that few passages have.</summary>
    private const double LeastFit = 0.6;

    /// <summary>After this many answers that did not help, a person goes on.</summary>
    private const int MostNotHelped = 2;

    /// <summary>The intent of an order's number that comes alone.</summary>
    private const string OrderStatus = "order-status";

    /// <summary>Words of a message that is hardly more than a number.</summary>
    private const int WordsBesideNumber = 4;

    /// <summary>Characters of a question that are kept for the answer after a question back.</summary>
    private const int LongestQuestion = 500;

    public async Task<TalkReply> ReplyAsync(TalkSituation situation, CancellationToken cancellation)
    {
        var language = TalkReading.LanguageOf(situation);
        var turn = new TalkTurn(situation, new TalkWords(new Texts(catalog, language, situation.TimeZone)), language);
        if (situation.Last.Choice is { } choice)
            return await ChosenAsync(turn, choice, cancellation);
        var reply = await WrittenAsync(turn, cancellation);
        return reply with { IsToTeach = reply.IsToTeach && !IsHardlyMoreThanFacts(turn) };
    }

    private async Task<TalkReply> ChosenAsync(TalkTurn turn, MessageChoice choice, CancellationToken cancellation)
    {
        switch (choice.Key)
        {
            case MessageChoice.Person:
                return Handing.To(turn, HandOverCause.Person);
            case TalkWords.HelpedKey:
                return Content(turn);
            case TalkWords.NotHelpedKey:
                return NotHelped(turn);
            case TalkWords.ElseKey:
                return SomethingElse(turn);
            case OfferedForm.BackKey:
                turn.Memory = turn.Memory with { Form = null };
                return turn.Memory.Matter is { } left && Answering.NatureOf(turn, left) == IntentNature.Order && turn.Memory.Answered.Contains(left, StringComparer.Ordinal)
                    ? answering.Unanswered(turn, left)
                    : Rephrase(turn, "back.asked");
            case Collecting.FormKey when choice.Values is not null:
                return collecting.Take(turn, choice.Values, isForm: true) ?? answering.Unanswered(turn, turn.Memory.Matter, bringsFacts: true);
        }

        if (acting.ByKey(Acting.ActionOf(choice.Key)) is { } action && choice.Values is not null)
            return await acting.TakeAsync(turn, action, choice.Values, cancellation);
        if (TalkWords.ConfirmedOf(choice.Key) is { } confirmed && await acting.ConfirmedAsync(turn, confirmed, cancellation) is { } done)
            return done;
        if (TalkWords.CandidateOf(choice.Key) is [var candidate])
            return await answering.AnswerAsync(turn, candidate, QuestionBehind(turn), probability: 1, cancellation);
        return await WrittenAsync(turn, cancellation);
    }

    private async Task<TalkReply> WrittenAsync(TalkTurn turn, CancellationToken cancellation)
    {
        var (situation, knowledge) = (turn.Situation, turn.Situation.Knowledge);
        var given = GivenFacts.In(situation.Text, turn.Language);
        var whole = TalkReading.Understand(turn, situation.Text);
        if (TalkReading.UrgencyOf(turn, whole) is { } urgency)
        {
            turn.Memory = Keeping(turn.Memory, given);
            return Handing.To(turn, Handing.CauseOf(urgency));
        }

        var isGiven = given.Count > 0;
        if (turn.Memory.Form is not null && isGiven)
            return await FilledAsync(turn, given, cancellation);
        turn.Memory = Keeping(turn.Memory, given);

        if (TalkReading.CourtesyIn(turn, whole) is { } courtesy)
            return await CourtesyAsync(turn, courtesy, whole, cancellation);

        var before = turn.Memory.Question;
        turn.Memory = turn.Memory with { Question = situation.Text.Length > LongestQuestion ? situation.Text[..LongestQuestion] : situation.Text };
        var asked = TalkReading.Asked(turn, whole);
        if (asked.Count == 0 && TogetherWith(turn, before, whole) is { } together)
            return await answering.AnswerAsync(turn, together, cancellation);
        var first = asked.Count > 0 ? asked[0] : TalkReading.Nearest(turn, whole);
        if (asked.Count > 0 && !turn.Memory.Answered.Contains(first.First, StringComparer.Ordinal) && !(isGiven && IsSameMatter(turn, first)))
            return await answering.AnswerAsync(turn, asked, cancellation);
        if (asked.Count == 0 && IsOrderNumberAlone(turn, given, whole))
            return await answering.AnswerAsync(turn, OrderStatus, situation.Text, whole.Probability, cancellation);
        return await UnclearAsync(turn, first, isGiven || situation.Last.HasFiles, cancellation);
    }

    /// <summary>"Order NL-20451": it says what it is about, and asks nothing that could be taught.</summary>
    private static bool IsHardlyMoreThanFacts(TalkTurn turn) =>
        TalkReading.LengthOf(turn.Situation.Text) <= WordsBesideNumber && GivenFacts.In(turn.Situation.Text, turn.Language).Count > 0;

    /// <summary>"And do I send the red one back first?": who was asked back and goes on is understood with what was written before.</summary>
    private static Understanding? TogetherWith(TalkTurn turn, string before, Understanding whole)
    {
        var thresholds = turn.Situation.Knowledge.Thresholds;
        if (turn.Memory.Unclear == 0 || before.Length == 0 || whole.Probability >= thresholds.Ask || TalkReading.TakesBack(turn))
            return null;
        var together = TalkReading.Understand(turn, $"{before}\n{turn.Situation.Text}");
        return together.Probability >= thresholds.Answer && TalkReading.IsAbout(ShippedIntent.Of(together.First).Nature)
            && !turn.Memory.Answered.Contains(together.First, StringComparer.Ordinal) ? together : null;
    }

    /// <summary>"NL-20451 where": who begins with an order's number and next to nothing else wants to know where it is.</summary>
    private static bool IsOrderNumberAlone(TalkTurn turn, Dictionary<string, string> given, Understanding whole) =>
        given.ContainsKey(Slot.Order) && turn.Memory.Matter is null && whole.Probability < turn.Situation.Knowledge.Thresholds.Ask
        && TalkReading.LengthOf(turn.Situation.Text) <= WordsBesideNumber && !turn.Memory.Answered.Contains(OrderStatus, StringComparer.Ordinal);

    /// <summary>Not sure, or asked again: further words of the same article, then the people who can look into it, then a question back.</summary>
    /// <param name="bringsFacts">Whether an order's number, an address or a file came with it: somebody is meant to look.</param>
    private async Task<TalkReply> UnclearAsync(TalkTurn turn, Understanding understood, bool bringsFacts, CancellationToken cancellation)
    {
        var matter = turn.Memory.Matter;
        // What was asked for in a form and comes later, after another question, belongs to what the form was about.
        if (bringsFacts && turn.Memory.Said.Contains(Collecting.FormKey))
            matter = turn.Memory.Answered.LastOrDefault(answered => Answering.NatureOf(turn, answered) == IntentNature.Order) ?? matter;
        var isOrder = matter is not null && Answering.NatureOf(turn, matter) == IntentNature.Order;
        var reply = await NextAsync(turn, understood, matter, isOrder, bringsFacts, cancellation);
        return reply with { Candidate = reply.Candidate ?? understood.First, Probability = understood.Probability };
    }

    private async Task<TalkReply> NextAsync(TalkTurn turn, Understanding understood, string? matter, bool isOrder, bool bringsFacts, CancellationToken cancellation)
    {
        var isAgain = turn.Memory.Answered.Contains(understood.First, StringComparer.Ordinal);
        var isAnother = !isAgain && (TalkReading.TakesBack(turn) || understood.Probability >= turn.Situation.Knowledge.Thresholds.Ask && TalkReading.IsAbout(ShippedIntent.Of(understood.First).Nature));
        if (isOrder && bringsFacts)
            return answering.Unanswered(turn, matter, bringsFacts);
        if (!isAnother && matter is not null && await answering.GoOnAsync(turn, understood.Text, isAgain ? 0 : LeastFit, cancellation) is { } further)
            return further;
        if (matter is not null && turn.Situation.IsLive && TalkReading.IsRemark(turn, understood))
            return SayOnce(turn, "go-on", "go-on.again") ?? Clarify(turn, understood);
        if (isAgain && understood.Probability >= turn.Situation.Knowledge.Thresholds.Answer)
        {
            turn.Helped = false;
            return await answering.AnswerAsync(turn, understood, cancellation) with { IsToTeach = true };
        }
        if (!turn.Situation.IsLive || isOrder && !isAnother)
            return answering.Unanswered(turn, matter) with { IsToTeach = true };
        // Asked back once, and now a number, an address or a file: somebody is meant to look.
        if (bringsFacts && turn.Memory.Unclear > 0)
            return Handing.To(turn, HandOverCause.Order) with { IsToTeach = true };
        return Clarify(turn, understood);
    }

    /// <summary>Asks which is meant, where something comes near; else for other words; and after that a person goes on.</summary>
    private TalkReply Clarify(TalkTurn turn, Understanding understood)
    {
        var thresholds = turn.Situation.Knowledge.Thresholds;
        var talk = new TalkSoFar(turn.Memory.Answered, turn.Memory.Offered, turn.Memory.HasAskedToRephrase, turn.Memory.Unclear);
        // What is sure was answered before it came here: what remains can only be asked about.
        var offerable = turn.Situation.Knowledge.Offerable(understood).Where(candidate => turn.Words.ChoiceOf(candidate.Intent, turn.Situation.Knowledge) is not null).ToList();
        var step = AnswerPolicy.Decide(offerable, turn.Situation.Knowledge.ToAskAbout(understood), thresholds with { Answer = double.MaxValue }, urgency: null, talk);
        return step switch
        {
            NextStep.Ask ask => AskBack(turn, ask.Intents),
            NextStep.Rephrase => Rephrase(turn, "rephrase"),
            _ => answering.Unanswered(turn, matter: null),
        } with { IsToTeach = true };
    }

    /// <summary>What was given without the form fills it as well.</summary>
    private async Task<TalkReply> FilledAsync(TalkTurn turn, Dictionary<string, string> given, CancellationToken cancellation)
    {
        if (acting.ByKey(Acting.ActionOf(turn.Memory.Form)) is { } action)
        {
            var values = new Dictionary<string, string>(turn.Memory.Draft, StringComparer.Ordinal);
            foreach (var (slot, value) in given)
                values[slot] = value;
            return await acting.TakeAsync(turn, action, values, cancellation);
        }
        return collecting.Take(turn, given, isForm: false) ?? answering.Unanswered(turn, turn.Memory.Matter, bringsFacts: true);
    }

    private async Task<TalkReply> CourtesyAsync(TalkTurn turn, IntentNature nature, Understanding whole, CancellationToken cancellation)
    {
        var hasAnswered = turn.Memory.Answered.Count > 0;
        switch (nature)
        {
            case IntentNature.Person:
                return Handing.To(turn, HandOverCause.Person);
            case IntentNature.Else:
                return SomethingElse(turn);
            case IntentNature.Who:
                return Who(turn);
            case IntentNature.No when hasAnswered:
                return NotHelped(turn);
            case IntentNature.No when turn.Memory.Offered.Count > 0:
                return SomethingElse(turn);
            // "Yes, it helped": said of the answer, not of what was asked after it.
            case IntentNature.Yes when hasAnswered && TalkReading.IsThanksToo(whole):
                return Content(turn);
            case IntentNature.Yes when turn.Memory.Offered is [var offered]:
                return await answering.AnswerAsync(turn, offered, QuestionBehind(turn), probability: 1, cancellation);
            case IntentNature.Yes or IntentNature.Thanks when hasAnswered:
                return Content(turn);
            default:
                if (!turn.Situation.IsLive)
                    return turn.Reply(TurnKind.Courtesy);
                var words = nature switch { IntentNature.Thanks => "thanks", IntentNature.Goodbye => "goodbye", IntentNature.No or IntentNature.Yes => "go-on", _ => "hello" };
                // Nothing is left to say to a second goodbye, and who was content before it still is.
                if (nature is IntentNature.Thanks or IntentNature.Goodbye)
                    return (SayOnce(turn, words, "goodbye") ?? turn.Reply(TurnKind.Courtesy)) with { IsSolved = turn.Memory.Said.Contains("thanks.solved") };
                // "Tomorrow morning" in the middle of a talk is no good morning.
                var isMidway = words == "hello" && turn.Memory.Said.Count > 0 && turn.Memory.Unclear > 0;
                return SayOnce(turn, isMidway ? "go-on" : words, "go-on", "go-on.again") ?? Rephrase(turn, "rephrase");
        }
    }

    /// <summary>Says what it is, as often as somebody wants to know: the second time with a person in its place.</summary>
    private static TalkReply Who(TalkTurn turn)
    {
        if (!turn.Situation.IsLive)
            return turn.Reply(TurnKind.Courtesy);
        return SayOnce(turn, "who") is { } said ? said with { Choices = [new OfferedChoice(MessageChoice.Person, turn.Words["person"])] } : Handing.To(turn, HandOverCause.Person);
    }

    /// <summary>The first of these words that was not said yet.</summary>
    /// <returns>Null when all were: nothing is said twice.</returns>
    private static TalkReply? SayOnce(TalkTurn turn, params ReadOnlySpan<string> words)
    {
        foreach (var key in words)
        {
            if (turn.Memory.Said.Contains(key))
                continue;
            turn.Memory = turn.Memory with { Said = [.. turn.Memory.Said, key] };
            return turn.Reply(TurnKind.Courtesy) with { Text = turn.Words[key] };
        }
        return null;
    }

    /// <summary>The customer is content.</summary>
    private static TalkReply Content(TalkTurn turn)
    {
        turn.Helped = true;
        turn.Memory = turn.Memory with { Form = null, Unclear = 0 };
        var said = turn.Situation.IsLive ? SayOnce(turn, "thanks.solved", "thanks.solved.again", "thanks", "goodbye") : null;
        return (said ?? turn.Reply(TurnKind.Courtesy)) with { IsSolved = true };
    }

    private TalkReply NotHelped(TalkTurn turn)
    {
        turn.Helped = false;
        turn.Memory = turn.Memory with { NotHelped = turn.Memory.NotHelped + 1 };
        var matter = turn.Memory.Matter;
        if (turn.Memory.NotHelped >= MostNotHelped || !turn.Situation.IsLive || matter is not null && Answering.NatureOf(turn, matter) == IntentNature.Order)
            return answering.Unanswered(turn, matter);
        return Rephrase(turn, "not-helped");
    }

    private TalkReply SomethingElse(TalkTurn turn) => turn.Memory.HasAskedToRephrase ? answering.Unanswered(turn, matter: null) : Rephrase(turn, "rephrase.else");

    private static TalkReply AskBack(TalkTurn turn, IReadOnlyList<string> candidates)
    {
        var choices = candidates.Select(candidate => turn.Words.ChoiceOf(candidate, turn.Situation.Knowledge)).OfType<OfferedChoice>().DistinctBy(choice => choice.Label).ToList();
        var words = (choices.Count == 1 ? "ask.one" : "ask") + (turn.Memory.Said.Any(said => said.StartsWith("ask", StringComparison.Ordinal)) ? ".again" : "");
        if (choices.Count == 0 || turn.Memory.Said.Any(said => said.StartsWith("ask", StringComparison.Ordinal) && said.EndsWith(".again", StringComparison.Ordinal)))
            return Rephrase(turn, "rephrase");
        turn.Memory = turn.Memory with { Said = [.. turn.Memory.Said, words], Offered = [.. turn.Memory.Offered, .. candidates], Unclear = turn.Memory.Unclear + 1, Form = null };
        return turn.Reply(TurnKind.Ask) with { Text = turn.Words[words], Choices = [.. choices, turn.Words.SomethingElse] };
    }

    private static TalkReply Rephrase(TalkTurn turn, string words)
    {
        if (turn.Memory.Said.Contains(words))
            return Handing.To(turn, HandOverCause.Failed);
        turn.Memory = turn.Memory with { Said = [.. turn.Memory.Said, words], HasAskedToRephrase = true, Unclear = turn.Memory.Unclear + 1, Form = null };
        return turn.Reply(TurnKind.Rephrase) with { Text = turn.Words[words], Choices = [new OfferedChoice(MessageChoice.Person, turn.Words["person"])] };
    }

    private static bool IsSameMatter(TalkTurn turn, Understanding understood) => turn.Memory.Matter == understood.First;

    private static string QuestionBehind(TalkTurn turn) => turn.Memory.Question.Length > 0 ? turn.Memory.Question : turn.Situation.Text;

    private static TalkMemory Keeping(TalkMemory memory, Dictionary<string, string> given)
    {
        if (given.Count == 0)
            return memory;
        var facts = new Dictionary<string, string>(memory.Facts, StringComparer.Ordinal);
        foreach (var (slot, value) in given)
            facts[slot] = value;
        return memory with { Facts = facts };
    }
}
