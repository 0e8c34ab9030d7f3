using System.Collections.Frozen;

namespace SiteDesk.Language;

/// <summary>
/// Words that carry grammar and no subject. They are indexed like any other, so that exact phrases work, but a question is not
/// refused because "how" or "пожалуйста" does not occur in the answer.
/// </summary>
public static class StopWords
{
    private static readonly FrozenSet<string> English = Set("""
        a about am an and any are as at be been being but by can could did do does doing for from had has have having he her here him his
        how i i'd i'll i'm i've if in into is it it's its just me my of on or our please she should so some than that the their them then
        there they this to too us was we were what what's when where which who why will with would you your yours
        can't cant couldn't couldnt didn't didnt doesn't doesnt don't dont hasn't hasnt haven't havent he's im isn't isnt ive shouldn't that's
        thats there's theres these they're theyre those wasn't wasnt we're weren't whats where's wheres won't wont wouldn't you're youre
        somebody someone something pls plz u ur
        """);

    private static readonly FrozenSet<string> Russian = Set("""
        а без бы был была были было в вам вас ваш во вот все всё вы где да для до его ее её если есть еще ещё же за и из или им их к как
        какая какие какой ко когда кто ли либо меня мне мной мой моя мои мою моего на над нам нас наш не него нее неё нет ни них но ну о об
        он она они оно от по под пожалуйста при про с со свой своя свою себя так такой там те тебя тем то того тоже той только том ты
        тут у уже чего чем что чтобы эта эти это этого этой этот эту я
        """);

    /// <summary>Longest first, because the longest that fits is taken.</summary>
    private static readonly string[] Chinese =
    [
        "是不是", "能不能", "可不可以", "为什么", "怎么办", "怎么样", "怎样", "怎么", "如何", "请问", "什么", "可以", "我想", "我要", "我的", "你们", "我们", "哪里", "一下", "谢谢",
        "的", "了", "吗", "呢", "吧", "啊", "呀", "请", "我", "你", "您", "是", "在", "和", "就", "也", "都", "这", "那", "个", "要", "能", "会", "想",
    ];

    // They close or join a phrase and begin or end no word of two characters that people look for.
    private const string ChineseParticles = "的了吗呢吧啊呀";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EnglishLookup =
        English.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> RussianLookup =
        Russian.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Stems of the words above, for callers that see only terms.</summary>
    private static readonly FrozenSet<string> Terms =
        English.Select(EnglishStemmer.Stem).Concat(Russian.Select(RussianStemmer.Stem)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a folded word is an English or Russian stop word.</summary>
    internal static bool Contains(ReadOnlySpan<char> word) => IsEnglish(word) || IsRussian(word);

    internal static bool IsEnglish(ReadOnlySpan<char> word) => EnglishLookup.Contains(word);

    internal static bool IsRussian(ReadOnlySpan<char> word) => RussianLookup.Contains(word);

    /// <summary>Whether a term is what the analyser makes of a stop word.</summary>
    public static bool ContainsTerm(string term) => Terms.Contains(term);

    /// <summary>Whether folded Chinese characters are stop words from the first to the last.</summary>
    internal static bool IsChinese(ReadOnlySpan<char> characters)
    {
        while (!characters.IsEmpty)
        {
            if (ChinesePrefixLength(characters) is not (> 0 and var length))
                return false;
            characters = characters[length..];
        }
        return true;
    }

    /// <summary>Whether two characters are a word though one of them is a stop word by itself: 会员, 个人, 在线, 要求.</summary>
    internal static bool IsChineseWord(ReadOnlySpan<char> pair) => !IsChinese(pair) && !pair.ContainsAny(ChineseParticles);

    /// <summary>The length of the Chinese stop word at the beginning of folded characters; 0 when there is none.</summary>
    internal static int ChinesePrefixLength(ReadOnlySpan<char> characters)
    {
        foreach (var word in Chinese)
        {
            if (characters.StartsWith(word))
                return word.Length;
        }
        return 0;
    }

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => new[] { word, Analyzer.Fold(word) })
            .ToFrozenSet(StringComparer.Ordinal);
}
