using System.Text.RegularExpressions;

namespace SiteDesk.Assistant.Phrases;

/// <summary>
/// "Not a refund, an exchange", "don't cancel it, just change the colour": who says what is not wanted names it, and words alone would take
/// it for what is. What is refused so is read apart from the rest.
/// </summary>
/// <param name="Rest">The text without the refusal.</param>
/// <param name="Intents">What is not meant; empty when only something said before is taken back ("no, leave it").</param>
internal sealed partial record WithdrawnMatter(string Rest, IReadOnlyList<string> Intents)
{
    /// <summary>What is refused, by the name of its group in the patterns.</summary>
    private static readonly (string Group, string[] Intents)[] Matters =
    [
        ("cancel", ["order-cancel"]), ("refund", ["refund-status"]), ("return", ["return"]), ("exchange", ["exchange"]), ("change", ["order-change", "change-address", "change-contact"]), ("delete", ["delete-data"]),
    ];

    /// <summary>What a text refuses and what it says beside; null when it refuses nothing of what is asked of a support, or says nothing else.</summary>
    /// <param name="language">One of <see cref="PhraseBank.Languages"/>; others are not read.</param>
    public static WithdrawnMatter? In(string text, string language)
    {
        var (refusal, taking) = language switch
        {
            "en" => (EnglishRefusal(), EnglishTakingBack()),
            "ru" => (RussianRefusal(), RussianTakingBack()),
            "zh-Hans" => (ChineseRefusal(), ChineseTakingBack()),
            _ => (null, null),
        };
        if (refusal is null || taking is null || text.Length > LongestRead)
            return null;
        var rest = taking.Replace(text, "", 1);
        var isTakenBack = rest.Length < text.Length;
        var refused = refusal.Matches(rest);
        if (refused.Count == 0 && !isTakenBack)
            return null;
        rest = refusal.Replace(rest, " ").Trim().TrimStart(',', '.', '，', '。', '!', '！', ' ', '-', '–', '—');
        return rest.Any(char.IsLetter)
            ? new WithdrawnMatter(rest, [.. Matters.Where(matter => refused.Any(match => match.Groups[matter.Group].Success)).SelectMany(matter => matter.Intents)])
            : null;
    }

    /// <summary>A story is longer, and what it refuses is seldom what it is about.</summary>
    private const int LongestRead = 300;

    private const int Milliseconds = 1000;

    // The bare verb or the noun: "not refunded yet" refuses nothing. "No refund" is what somebody complains of.
    [GeneratedRegex(@"\b(?:not|don['’]?t|do not|without|rather than|instead of|no need (?:to|for)|no longer want(?: to| a| the)?|rather not)\s+(?:(?:a|an|the|my|to|for|any|want|need|wish|like|have|asking|looking|trying|going|about|after|actually|really|please|me|be)\s+){0,4}(?:(?<cancel>cancel(?:l?ing|l?ation)?)|(?<refund>refund(?:ing)?|money back)|(?<return>return(?:ing)?|send (?:it |them |this )?back)|(?<exchange>exchange|exchanging|swap(?:ping)?)|(?<change>change|changing)|(?<delete>delete|deleting|erase))(?:\s+(?:it|that|this|them|anything))?\b(?!\s*\?)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Milliseconds)]
    private static partial Regex EnglishRefusal();

    [GeneratedRegex(@"^\s*(?:(?:oh |ah |ok |okay |actually |sorry )*(?:no|nah|nope|wait|stop|hold on)?[\s,.!]+)?(?:leave it|leave that|forget (?:it|that|about it)|never ?mind(?: that| it)?|scrap that|skip that|scratch that|let it be)\b[\s,.!;:–—-]+(?:(?:but|and|then|instead)\s+)?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Milliseconds)]
    private static partial Regex EnglishTakingBack();

    [GeneratedRegex(@"(?<!\p{L})(?:(?:не\s+(?:(?:надо|нужно|нужен|нужна|хочу|хотел|хотела|хотим|собираюсь|прошу|буду|будем|про|о|об|на|за|мне|сам|сама|это)\s+){0,3}|вместо\s+|без\s+)(?:(?<cancel>отмен(?:а|у|ы|е|ой|яйте|яй|ять|ите|ить)|аннулир\p{L}*)|(?<refund>возврат\p{L}*\s+денег|деньги)|(?<return>возврат(?:а|у|е|ом)?|возвраща(?:ть|йте)|вернуть|сдавать)|(?<exchange>обмен(?:а|у|е|ом)?|обменивать|обменять|меняйте\s+на|менять\s+на)|(?<change>меняйте|менять|изменять|изменяйте)|(?<delete>удаля(?:ть|йте)|удалить))|(?:(?<cancel>отмен(?:а|ять|ить|у))|(?<refund>возврат\s+денег)|(?<return>возврат|возвращать|вернуть|сдавать)|(?<exchange>обмен|обменивать|обменять)|(?<change>менять)|(?<delete>удалять|удалить))\s+(?:мне\s+|его\s+|её\s+|ее\s+|ничего\s+|заказ\s+)?не\s+(?:надо|нужен|нужно|нужна|хочу|буду|будем|требуется|прошу))(?!\p{L})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Milliseconds)]
    private static partial Regex RussianRefusal();

    [GeneratedRegex(@"^\s*(?:(?:ой|ай|а|ну|так|стоп|нет|не)[\s,.!]+)*(?:не надо|оставьте|оставь|пусть остается|пусть остаётся|забудьте|забудь|ладно|неважно|не важно|отбой)[\s,.!;:–—-]+(?:(?:а|и|но|тогда|лучше)\s+)?", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Milliseconds)]
    private static partial Regex RussianTakingBack();

    [GeneratedRegex(@"(?:并?不是(?:要|想)?|不要|先别|别|不用|不想要?|不需要|无需|不(?=退|换|取消|改|删))(?:给我|帮我|再)?(?:(?<cancel>取消|撤单)|(?<refund>退款|退钱)|(?<return>退货|退掉|退)|(?<exchange>换货|换)|(?<change>改地址|修改|改)|(?<delete>注销|删除))(?:了|订单|它)?(?!不|吗)", RegexOptions.ExplicitCapture, Milliseconds)]
    private static partial Regex ChineseRefusal();

    [GeneratedRegex(@"^\s*(?:不|不用|不是|等等|等一下|哎)?[，,。！!\s]*(?:算了|留着吧|不用了|那就不|别管了|先这样吧)[，,。！!\s]+", RegexOptions.ExplicitCapture, Milliseconds)]
    private static partial Regex ChineseTakingBack();
}
