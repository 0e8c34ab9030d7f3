using SiteDesk.Assistant.HandOver;
using SiteDesk.Assistant.Knowledge;
using SiteDesk.Assistant.Phrases;
using SiteDesk.Language;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Assistant.Talk;

/// <summary>Reads what a customer wrote: its language, what it asks for, whether it asks for anything, and whether it belongs to a person at once.</summary>
internal static class TalkReading
{
    private const double SureOfLanguage = 0.55;
    private const double SureOfCourtesy = 0.5;

    /// <summary>Who asks what this is, and not only for a person, is told so; the words for a person are near to those for a machine.</summary>
    private const double SureOfWho = 0.4;

    /// <summary>Words of a yes or no; more say something beside.</summary>
    private const int ShortAnswer = 5;

    private const double LeastThanks = 0.15;

    private const int ShortCourtesy = 14;

    /// <summary>Words from which on a yes may tell something beside.</summary>
    private const int WordsThatTell = 4;

    /// <summary>Sentences from which on a message tells a story.</summary>
    private const int ShortestStory = 5;

    private const int LikeliestOfStory = 2;

    private const int MostSentences = 12;

    /// <summary>Words of a remark on an answer.</summary>
    private const int ShortRemark = 4;

    /// <summary>The language of what was written when that is sure, or else the conversation's; one that is not spoken here is answered in the conversation's.</summary>
    public static string LanguageOf(TalkSituation situation)
    {
        if (situation.Last.Choice is not null)
            return situation.Language;
        var detected = LanguageDetector.Detect(situation.Text);
        return detected.Confidence >= SureOfLanguage && Languages.Match(detected.Code) is { } language ? language : situation.Language;
    }

    /// <summary>What a text of this turn is about; also when it was typed with the keys of another layout.</summary>
    public static Understanding Understand(TalkTurn turn, string text)
    {
        var understood = turn.Situation.Knowledge.Understand(text, turn.Language);
        if (understood.Probability >= turn.Situation.Knowledge.Thresholds.Ask || text.Length > 200)
            return understood;
        // ghbdtn: the keys were right and the layout was not.
        var swapped = KeyboardLayout.Swap(text);
        var language = Languages.Match(LanguageDetector.Detect(swapped).Code);
        if (language is null || language == turn.Language && LanguageDetector.Detect(text).Confidence > SureOfLanguage)
            return understood;
        // Real words that say little are words all the same: what their keys give in the other layout has a "ty" in it somewhere.
        var classifier = turn.Situation.Knowledge.Model.Classifier;
        if (classifier.ShareKnown(swapped, language) <= classifier.ShareKnown(text, turn.Language))
            return understood;
        var other = turn.Situation.Knowledge.Understand(swapped, language);
        return other.Probability >= turn.Situation.Knowledge.Thresholds.Answer ? other : understood;
    }

    /// <summary>
    /// The things asked for that are sure, the surest first: of the whole, and of its sentences when those speak of several. In a story "we
    /// still have the receipt" asks for nothing: only what is put as a question there, or fits the story as a whole, is a matter of its own.
    /// </summary>
    public static List<Understanding> Asked(TalkTurn turn, Understanding whole)
    {
        var threshold = turn.Situation.Knowledge.Thresholds.Answer;
        var sentences = Sentences(turn);
        var sure = sentences.Select(sentence => (Part: Understand(turn, sentence.Text), sentence.IsQuestion))
            .Where(sentence => sentence.Part.Probability >= threshold && (sentence.IsQuestion || sentences.Count < ShortestStory || IsOfStory(whole, sentence.Part)))
            .Select(sentence => sentence.Part).Where(part => IsAbout(ShippedIntent.Of(part.First).Nature)).OrderByDescending(part => part.Probability).DistinctBy(part => part.First).ToList();
        if (sure.Count >= 2 || whole.Probability < threshold || !IsAbout(ShippedIntent.Of(whole.First).Nature))
            return sure;
        return [whole];
    }

    /// <summary>What a question back is about: the whole, or where that says too little, the part of it that says most.</summary>
    public static Understanding Nearest(TalkTurn turn, Understanding whole)
    {
        var threshold = turn.Situation.Knowledge.Thresholds.Ask;
        return whole.Probability >= threshold ? whole
            : Sentences(turn).Select(sentence => Understand(turn, sentence.Text)).Where(part => part.Probability >= threshold && IsAbout(ShippedIntent.Of(part.First).Nature))
                .MaxBy(part => part.Probability) ?? whole;
    }

    private static bool IsOfStory(Understanding whole, Understanding part) => whole.Ranked.Take(LikeliestOfStory).Any(ranked => ranked.Intent == part.First);

    /// <summary>
    /// Why it belongs to a person at once. A danger is always believed; that somebody is cross or wants a person is not where the words are
    /// plainly about something else ("the person who approved it is away").
    /// </summary>
    public static HandOverReason? UrgencyOf(TalkTurn turn, Understanding whole) => whole.Urgency switch
    {
        HandOverReason.Person when whole.Words.Ranked[0] is { Intent: ShippedIntent.WhoAreYou, Share: >= SureOfWho } => null,
        HandOverReason.Person when whole.Words.Ranked.All(ranked => ShippedIntent.Of(ranked.Intent).Nature != IntentNature.Person) => null,
        // Who complains of not being answered, and in anger, is not answered with an article.
        HandOverReason.Anger when whole.Words.Ranked[0].Intent is "complaint-service" or "complaint-courier" => HandOverReason.Anger,
        // Who wants a person or is beside himself is answered when the answer is sure, and never asked back.
        HandOverReason.Person or HandOverReason.Anger when whole.Probability >= turn.Situation.Knowledge.Thresholds.Answer && IsAbout(ShippedIntent.Of(whole.First).Nature) => null,
        var urgency => urgency,
    };

    /// <summary>"No, leave it, just change the colour": what was spoken of before is taken back, and another thing is said.</summary>
    public static bool TakesBack(TalkTurn turn) => WithdrawnMatter.In(turn.Situation.Text, turn.Language) is not null;

    /// <summary>What keeps a talk going and asks for nothing: said in few words, and by the words themselves; null when it is something else.</summary>
    public static IntentNature? CourtesyIn(TalkTurn turn, Understanding whole)
    {
        var (first, share) = (whole.Words.Ranked[0].Intent, whole.Words.Ranked[0].Share);
        var nature = ShippedIntent.Of(first).Nature;
        if (IsAbout(nature))
            return null;
        // "Thanks, and where is my parcel?" asks.
        var isSure = whole.Words.Confidence >= SureOfCourtesy || share >= SureOfCourtesy;
        var isShort = LengthOf(turn.Situation.Text) <= (nature is IntentNature.Yes or IntentNature.No ? ShortAnswer : ShortCourtesy);
        if (nature == IntentNature.Yes && SaysMore(turn))
            return null;
        return isSure && isShort && (whole.First == first || whole.Probability < turn.Situation.Knowledge.Thresholds.Answer) ? nature : null;
    }

    /// <summary>A yes that has thanks in it.</summary>
    public static bool IsThanksToo(Understanding whole) =>
        whole.Words.Ranked.Take(2).Any(ranked => ShippedIntent.Of(ranked.Intent).Nature == IntentNature.Thanks && ranked.Share >= LeastThanks);

    /// <summary>"Yes, it has not left yet": what follows the yes tells something, and is no other word for yes or thanks.</summary>
    private static bool SaysMore(TalkTurn turn)
    {
        var words = turn.Situation.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < WordsThatTell)
            return false;
        var rest = turn.Situation.Knowledge.Model.Classifier.Classify(string.Join(' ', words[1..]), turn.Language);
        return IsAbout(ShippedIntent.Of(rest.Ranked[0].Intent).Nature);
    }

    /// <summary>"brilliant", "ok then", 好嘞: said of an answer, near to nothing and asking nothing.</summary>
    public static bool IsRemark(TalkTurn turn, Understanding understood) =>
        turn.Memory.Unclear == 0 && turn.Memory.Answered.Count > 0 && LengthOf(turn.Situation.Text) <= ShortRemark && !turn.Situation.Text.Any(symbol => symbol is '?' or '？' || char.IsDigit(symbol))
        && understood.Probability < turn.Situation.Knowledge.Thresholds.Ask / 2 && (understood.Articles.Count == 0 || understood.Articles[0].Score < SiteKnowledge.LeastOffered);

    /// <summary>Whether it asks for something, or only keeps a talk going.</summary>
    public static bool IsAbout(IntentNature nature) => nature is IntentNature.Question or IntentNature.Order;

    /// <summary>In words; two characters of a script without spaces are about one.</summary>
    public static int LengthOf(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length + text.Count(symbol => symbol is >= '\u3400' and <= '\u9fff') / 2;

    /// <summary>What ends a sentence, and what begins another matter or the question itself within one: who dictates sets no marks.</summary>
    private static readonly string[] Ends = [".", "?", "!", "\n", "。", "？", "！", ";", "；", " and also ", ", also ", ", and ", ", ещё ", ", еще ", " а также ", " и ещё ", " и еще ", "，另外", "，还有",
        " i was wondering ", " wanted to ask ", " wanted to know ", " хотела узнать ", " хотел узнать ", " хотела спросить ", " хотел спросить ", " подскажите ", "想问一下", "想问下", "请问"];

    private static List<(string Text, bool IsQuestion)> Sentences(TalkTurn turn)
    {
        var (text, at) = (turn.Situation.Text, 0);
        var sentences = new List<(string, bool)>();
        foreach (var sentence in text.Split(Ends, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            at = text.IndexOf(sentence, at, StringComparison.Ordinal) + sentence.Length;
            if (sentence.Length >= (sentence.Any(symbol => symbol >= '\u2E80') ? 4 : 8) && sentences.Count < MostSentences)
                sentences.Add((sentence, at < text.Length && text[at] is '?' or '？'));
        }

        return sentences.Count > 1 ? sentences : [];
    }
}
