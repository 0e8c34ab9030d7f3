using System.Net;
using System.Text.RegularExpressions;

namespace SiteDesk.Assistant.Talk;

/// <summary>What a customer wrote, as it is read: without markup that came along from another program, and without the greeting before a question.</summary>
internal static partial class QuestionText
{
    /// <summary>Fewer characters than this after a greeting ask nothing; a Chinese one says as much as two or three.</summary>
    private const int LeastRest = 6;

    private const int LeastChineseRest = 3;

    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = text.Contains('<', StringComparison.Ordinal) ? WebUtility.HtmlDecode(Markup.Replace(text, " ")).Trim() : text;
        var greeting = Greeting.Match(plain);
        if (!greeting.Success)
            return plain.Length > 0 ? plain : text;
        var rest = plain[greeting.Length..].Trim();
        return rest.Length >= (rest.Any(symbol => symbol >= '\u2E80') ? LeastChineseRest : LeastRest) ? rest : plain;
    }

    /// <summary>Tags alone: an address in angle brackets, and "less than", are words.</summary>
    [GeneratedRegex(@"</?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>|<!--[^<>]{0,2000}-->", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Markup { get; }

    /// <summary>"Hello, my card …", "Hi! Where …": a greeting, who is greeted, and a mark or a line's end. Chinese ones need no mark.</summary>
    [GeneratedRegex(
        @"^\s*(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings)(?:\s+(?:there|all|everyone|team|guys|folks))?|привет(?:ик|ствую)?|здравствуйте|здрасте|здрасьте|добр(?:ый (?:день|вечер)|ое утро|ого времени суток))\s*[,.!:;)\n\u2013\u2014-]+\s*|^\s*(?:你好|您好|早上好|下午好|晚上好|哈喽|嗨)[啊呀]?[,，.。!！~～\s]*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Greeting { get; }
}
