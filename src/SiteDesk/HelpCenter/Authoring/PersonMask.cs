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
        _names = NamePatterns.Of(names);
    }

    public string Apply(string text)
    {
        text = PersonalTraces.Replace(text, trace => trace.Kind == PersonalTraceKind.Email ? _address : _number);
        return _names.Aggregate(text, (masked, name) => name.Replace(masked, _name));
    }
}
