using System.Text.RegularExpressions;
using SiteDesk.Customers;

namespace SiteDesk.HelpCenter.Authoring;

/// <summary>Takes out of a text what says whom it was about: known names in their cases, e-mail addresses, phone, order and card numbers.</summary>
public sealed class PersonMask
{
    private readonly IReadOnlyList<Regex> _names;
    private readonly string _name;
    private readonly string _address;
    private readonly string _number;

    /// <param name="names">Whole names, in the order of their language.</param>
    /// <param name="name">What stands for a name; likewise for an e-mail address and a number.</param>
    public PersonMask(IEnumerable<string> names, string name, string address, string number)
    {
        (_name, _address, _number) = (name, address, number);
        _names = [.. names.SelectMany(whole => whole.Split([' ', '\u00A0', ',', '.', '-'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Prepend(whole.Trim()))
            .Where(part => part.Length > 1).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(part => part.Length).Select(PatternOf)];
    }

    public string Apply(string text)
    {
        text = PersonalTraces.Replace(text, trace => trace.Kind == PersonalTraceKind.Email ? _address : _number);
        return _names.Aggregate(text, (masked, name) => name.Replace(masked, _name));
    }

    private static Regex PatternOf(string name)
    {
        var isChinese = name.Any(symbol => symbol >= '\u2E80');
        // Мария, Марии, Марией: the last letter changes, and the ending of a case may be added; Марина is somebody else.
        var isInflected = !isChinese && name.Length > 3 && name.All(symbol => char.IsLetter(symbol) && symbol is >= '\u0400' and < '\u0530');
        var pattern = isChinese ? Regex.Escape(name) : isInflected ? $@"(?<!\p{{L}}){Regex.Escape(name[..^1])}[аеёиоуыюяйьм]{{0,3}}(?!\p{{L}})" : $@"(?<!\p{{L}}){Regex.Escape(name)}(?!\p{{L}})";
        return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }
}
