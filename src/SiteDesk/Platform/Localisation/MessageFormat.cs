using System.Globalization;
using System.Text;

namespace SiteDesk.Platform.Localisation;

/// <summary>
/// A text with places: <c>{name}</c>, <c>{count, plural, =0 {…} one {…} other {…}}</c> with <c>#</c> for the number, and
/// <c>{kind, select, chat {…} other {…}}</c>. The part of ICU MessageFormat that the texts need, parsed once.
/// </summary>
public sealed class MessageFormat
{
    private readonly IReadOnlyList<Part> _parts;

    private MessageFormat(IReadOnlyList<Part> parts, string? plain)
    {
        _parts = parts;
        Plain = plain;
    }

    /// <summary>The whole text when it has no places, else null.</summary>
    public string? Plain { get; }

    /// <summary>Names of all the places.</summary>
    public IReadOnlySet<string> Places => CollectPlaces(_parts, new HashSet<string>(StringComparer.Ordinal));

    /// <exception cref="FormatException">Braces do not match, or a plural or select has no <c>other</c>.</exception>
    public static MessageFormat Parse(string text)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
            return new([], text);
        var position = 0;
        var parts = ParseParts(text, ref position, inChoice: false);
        return position == text.Length ? new(parts, null) : throw new FormatException($"A closing brace too many in “{text}”.");
    }

    /// <summary>Fills the places. A place without a value shows its name in braces: visible, not fatal.</summary>
    public string Format(string language, IReadOnlyList<(string Name, object Value)> arguments)
    {
        if (Plain is not null)
            return Plain;
        var result = new StringBuilder();
        Append(result, _parts, language, arguments, null);
        return result.ToString();
    }

    private static List<Part> ParseParts(string text, ref int position, bool inChoice)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        while (position < text.Length && text[position] != '}')
        {
            if (text[position] == '{')
            {
                Flush();
                position++;
                parts.Add(ParsePlace(text, ref position));
            }
            else if (inChoice && text[position] == '#')
            {
                Flush();
                position++;
                parts.Add(new Number());
            }
            else
            {
                literal.Append(text[position++]);
            }
        }

        Flush();
        return parts;

        void Flush()
        {
            if (literal.Length > 0)
                parts.Add(new Literal(literal.ToString()));
            literal.Clear();
        }
    }

    private static Part ParsePlace(string text, ref int position)
    {
        var name = ReadWord(text, ref position);
        if (Take(text, ref position, '}'))
            return new Place(name);
        Require(text, ref position, ',');
        var kind = ReadWord(text, ref position);
        Require(text, ref position, ',');
        var choices = new Dictionary<string, IReadOnlyList<Part>>(StringComparer.Ordinal);
        while (!Take(text, ref position, '}'))
        {
            var choice = ReadWord(text, ref position);
            Require(text, ref position, '{');
            choices[choice] = ParseParts(text, ref position, inChoice: kind == "plural");
            Require(text, ref position, '}');
        }

        if (kind is not ("plural" or "select") || !choices.ContainsKey("other"))
            throw new FormatException($"Place “{name}” needs plural or select with an “other” in “{text}”.");
        return new Choice(name, kind == "plural", choices);
    }

    private static string ReadWord(string text, ref int position)
    {
        SkipSpace(text, ref position);
        var start = position;
        while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] is '_' or '-' or '='))
            position++;
        var word = text[start..position];
        SkipSpace(text, ref position);
        return word.Length > 0 ? word : throw new FormatException($"A name is missing at {position} in “{text}”.");
    }

    private static bool Take(string text, ref int position, char expected)
    {
        SkipSpace(text, ref position);
        if (position >= text.Length)
            throw new FormatException($"A brace is not closed in “{text}”.");
        if (text[position] != expected)
            return false;
        position++;
        return true;
    }

    private static void Require(string text, ref int position, char expected)
    {
        if (!Take(text, ref position, expected))
            throw new FormatException($"“{expected}” is missing at {position} in “{text}”.");
    }

    private static void SkipSpace(string text, ref int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
    }

    private static void Append(
        StringBuilder result, IReadOnlyList<Part> parts, string language, IReadOnlyList<(string Name, object Value)> arguments, object? number)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case Literal literal:
                    result.Append(literal.Text);
                    break;
                case Number:
                    result.Append(Show(number!, language));
                    break;
                case Place place:
                    result.Append(Find(arguments, place.Name) is { } value ? Show(value, language) : $"{{{place.Name}}}");
                    break;
                case Choice choice:
                    var chosenBy = Find(arguments, choice.Name) ?? "";
                    Append(result, choice.Pick(language, chosenBy), language, arguments, choice.IsPlural ? chosenBy : number);
                    break;
            }
        }
    }

    private static object? Find(IReadOnlyList<(string Name, object Value)> arguments, string name)
    {
        foreach (var (candidate, value) in arguments)
        {
            if (candidate == name)
                return value;
        }

        return null;
    }

    private static string Show(object value, string language) => value switch
    {
        int or long or short => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("N0", Languages.CultureOf(language)),
        IFormattable formattable => formattable.ToString(null, Languages.CultureOf(language)),
        _ => value.ToString() ?? "",
    };

    private static HashSet<string> CollectPlaces(IReadOnlyList<Part> parts, HashSet<string> into)
    {
        foreach (var part in parts)
        {
            if (part is Place place)
                into.Add(place.Name);
            if (part is not Choice choice)
                continue;
            into.Add(choice.Name);
            foreach (var branch in choice.Choices.Values)
                CollectPlaces(branch, into);
        }

        return into;
    }

    private abstract record Part;

    private sealed record Literal(string Text) : Part;

    private sealed record Number : Part;

    private sealed record Place(string Name) : Part;

    private sealed record Choice(string Name, bool IsPlural, IReadOnlyDictionary<string, IReadOnlyList<Part>> Choices) : Part
    {
        public IReadOnlyList<Part> Pick(string language, object value)
        {
            if (!IsPlural)
                return Choices.GetValueOrDefault(value.ToString() ?? "") ?? Choices["other"];
            var number = value is IConvertible and not string ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : 0;
            return Choices.GetValueOrDefault($"={number.ToString(CultureInfo.InvariantCulture)}")
                ?? Choices.GetValueOrDefault(PluralRules.CategoryOf(language, number))
                ?? Choices["other"];
        }
    }
}
