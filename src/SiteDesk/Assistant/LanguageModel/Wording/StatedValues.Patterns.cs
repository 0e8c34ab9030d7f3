using System.Text.RegularExpressions;

namespace SiteDesk.Assistant.LanguageModel.Wording;

// The usual ways of writing in English, Russian and Chinese.
internal sealed partial class StatedValues
{
    private const string MonthNames =
        @"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:январ|феврал|март|апрел|ма[йяе]|июн|июл|август|сентябр|октябр|ноябр|декабр)\p{L}{0,2})(?!\p{L})";

    private const string Units =
        @"%|％|percent|per cent|процент\p{L}*|[$€£¥₽]|usd|eur|gbp|rub|cny|rmb|dollars?|euros?|pounds?|roubles?|rubles?|yuan|руб\p{L}*|р(?:\.|(?!\p{L}))|доллар\p{L}*|долл|евро|фунт\p{L}*|юан\p{L}*|美元|欧元|英镑|卢布|人民币|元|块"
        + @"|(?:(?:business|working|calendar)[ -])?(?:days?|hours?|hrs?|minutes?|mins?|weeks?|months?|years?)(?!\p{L})|(?:(?:рабоч|календарн)\p{L}+ )?(?:дн\p{L}*|день|сут\p{L}*|час\p{L}*|ч(?!\p{L})|минут\p{L}*|мин(?!\p{L})|недел\p{L}*|месяц\p{L}*|мес(?!\p{L})|лет(?!\p{L})|год\p{L}*)"
        + @"|个?(?:工作日|自然日|小时|钟头|分钟|星期|礼拜|月(?!\d))|[天日周年]";

    private static readonly string[][] Months =
    [
        ["jan", "январ"], ["feb", "феврал"], ["mar", "март"], ["apr", "апрел"], ["may", "май", "мая", "мае"], ["jun", "июн"],
        ["jul", "июл"], ["aug", "август"], ["sep", "сентябр"], ["oct", "октябр"], ["nov", "ноябр"], ["dec", "декабр"],
    ];

    // Longer beginnings first: минут before м, 工作日 before 日.
    private static readonly (string Name, string[] Starts)[] Kinds =
    [
        ("%", ["%", "％", "percent", "per cent", "процент"]),
        ("USD", ["$", "usd", "dollar", "доллар", "долл", "美元"]),
        ("EUR", ["€", "eur", "евро", "欧元"]),
        ("GBP", ["£", "gbp", "pound", "фунт", "英镑"]),
        ("RUB", ["₽", "rub", "rouble", "руб", "р.", "卢布"]),
        ("CNY", ["¥", "cny", "rmb", "yuan", "юан", "人民币", "元", "块"]),
        ("minute", ["min", "мин", "分钟", "个分钟"]),
        ("hour", ["hour", "hr", "час", "ч", "小时", "个小时", "钟头", "个钟头"]),
        ("month", ["month", "месяц", "мес", "个月", "月"]),
        ("week", ["week", "недел", "周", "星期", "个星期", "礼拜", "个礼拜"]),
        ("year", ["year", "год", "лет", "年"]),
        ("day", ["business", "working", "calendar", "day", "рабоч", "календарн", "дн", "день", "сут", "天", "日", "工作日", "个工作日", "自然日", "个自然日"]),
    ];

    [GeneratedRegex(@"[a-z0-9._%+\-]{1,64}@[a-z0-9\p{IsCyrillic}.\-]{1,255}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmailPattern();

    /// <summary>With a scheme of any kind, or a host's name alone.</summary>
    [GeneratedRegex(
        @"[a-z][a-z0-9+.\-]{1,20}://[^\s<>""'，。；（）「」\u2E80-\u9FFF]+|(?:javascript|data|mailto|tel|vbscript):[^\s<>""'，。；（）]+|(?<![a-z0-9а-яё@_])(?:[a-z0-9а-яё](?:[a-z0-9а-яё\-]{0,62}[a-z0-9а-яё])?\.){1,10}(?:[a-z]{2,24}|рф|рус|xn--[a-z0-9\-]+)(?![a-z0-9а-яё])(?::\d+)?(?:[/?#][^\s<>""'，。；（）「」\u2E80-\u9FFF]*)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"(?<!\d)(?<year>(?:19|20)\d\d)(?:[-./](?<month>\d{1,2})[-./](?<day>\d{1,2})(?!\d)| ?年 ?(?<month>\d{1,2}) ?月 ?(?<day>\d{1,2}) ?[日号])|(?<!\d)(?<month>\d{1,2}) ?月 ?(?<day>\d{1,2}) ?[日号]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YearFirstPattern();

    [GeneratedRegex(@"(?<![\d.,/\-])(?<a>\d{1,2})[./](?<b>\d{1,2})[./](?<year>(?:20)?\d\d)(?!\d)|(?<![\d.,/\-])(?<a>\d{1,2})-(?<b>\d{1,2})-(?<year>20\d\d)(?!\d)|(?<![\d.,/\-$€£¥₽]|[$€£¥₽] |(?:eur|usd|gbp|rub|cny|rmb) ?)(?<a>[0-3]\d)\.(?<b>[01]\d)(?![\d,]|\.\d| ?(?:" + Units + "))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DayFirstPattern();

    [GeneratedRegex(@"(?<!\d)(?<day>\d{1,2})(?:st|nd|rd|th|-?го)? +(?:of +)?(?<name>" + MonthNames + @")\.?(?:,? +(?<year>(?:19|20)\d\d)(?!\d))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WordedDayPattern();

    [GeneratedRegex(@"(?<!\p{L})(?<name>" + MonthNames + @")\.? +(?<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,? +(?<year>(?:19|20)\d\d)(?!\d))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WordedMonthPattern();

    [GeneratedRegex(@"(?<![\d:.])(?<hour>\d{1,2}):(?<minute>\d\d)(?!\d)(?: ?(?<half>[ap])\.?m\.?(?!\p{L}))?|(?<![\d:.,])(?<hour>\d{1,2}) ?(?<half>[ap])\.?m\.?(?!\p{L})|(?<![\d:.])(?<hour>\d{1,2}) ?点 ?(?:(?<minute>\d\d?) ?分)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"\+?\(?\d(?:[ ().\-]{0,3}\d){6,24}(?![,.]?\d)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LongNumberPattern();

    [GeneratedRegex(@"^\d{1,3}(?:[ .]\d{3})+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GroupedPattern();

    /// <summary>Letters, then digits in one word: SAVE10, A-1001, X5. Digits with a unit behind them are no code.</summary>
    [GeneratedRegex(@"(?<![A-Za-zА-Яа-яЁё0-9])(?:[A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё0-9]*[-_/]?)\d[A-Za-zА-Яа-яЁё0-9]*(?:[-_/][A-Za-zА-Яа-яЁё0-9]*\d[A-Za-zА-Яа-яЁё0-9]*)*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodePattern();

    [GeneratedRegex(
        @"(?:(?<before>[$€£¥₽]|usd|eur|rub|cny|百分之) ?)?(?:(?<digits>\d{1,3}(?:[.,' ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)|(?<chinese>[" + ChineseNumerals.Characters + @"]+))(?: ?(?<times>k(?!\p{L})|thousand|million|тыс(?:яч\p{L}*|\.)?|млн\.?|миллион\p{L}*|[千万亿](?!一)))?(?:[ -]?(?<unit>" + Units + "))?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"^ ?(?:-|~|to|and|or|до|и|или|至|到|或) ?(?:[$€£¥₽])?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RangePattern();

    [GeneratedRegex(@"^ ?[-~至到或] ?[" + ChineseNumerals.Characters + @"\d]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RangeAheadPattern();
}
