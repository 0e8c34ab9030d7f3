using System.Globalization;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>A mailbox: an address with the name people see (RFC 5322 section 3.4, internationalised by RFC 6532).</summary>
/// <param name="Name">The display name, decoded; empty when there is none.</param>
/// <param name="Address">local-part@domain, the domain in lower case and in Unicode form; empty for a name without an address.</param>
public sealed record MailAddress(string Name, string Address)
{
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>The part after the last @, in lower case; empty when there is none.</summary>
    public string Domain => Address.LastIndexOf('@') is >= 0 and var at ? Address[(at + 1)..] : string.Empty;

    /// <summary>Reads a list of addresses with groups, comments, source routes, encoded words, missing commas' likes and raw names.</summary>
    public static IReadOnlyList<MailAddress> ParseList(string text, int maximum = 2_000)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new AddressReader(text, maximum).Read();
    }

    /// <summary>The first address of the text, or null.</summary>
    public static MailAddress? Parse(string text) => ParseList(text, 1) is [var first, ..] ? first : null;

    /// <summary>True when the text has the form of an address that can be written to: one @, no blanks or controls, a domain.</summary>
    public static bool IsAddress(string text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 320) return false;
        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1) return false;
        var domain = text.AsSpan(at + 1);
        if (domain[0] is '.' or '-' || domain[^1] is '.' or '-' || domain.IndexOfAny(" <>\",;:()\\@") >= 0 && domain[0] != '[') return false;
        foreach (var symbol in text)
            if (char.IsControl(symbol) || symbol is '<' or '>' || (symbol == ' ' && text[0] != '"')) return false;
        return text[0] == '"' || text.AsSpan(0, at).IndexOfAny("@,;:()\\") < 0;
    }

    /// <summary>Lower-cases the domain and shows punycode as it was meant (RFC 5891); the local part is the receiver's own business.</summary>
    internal static string Normalize(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 0) return address;
        var domain = address[(at + 1)..].TrimEnd('.').ToLowerInvariant();
        if (domain.Contains("xn--", StringComparison.Ordinal) && domain.Length < 255)
        {
            try
            {
                domain = Idn.GetUnicode(domain);
            }
            catch (ArgumentException)
            {
                // No valid punycode: the name stays as it was written.
                return address[..(at + 1)] + domain;
            }
        }
        return address[..(at + 1)] + domain;
    }

    /// <summary>The form for a header or a person: name and address, the name quoted where it must be.</summary>
    public override string ToString()
    {
        if (Name.Length == 0) return Address;
        var quoted = Name.AsSpan().IndexOfAny("()<>[]:;@\\,.\"") >= 0 ? "\"" + Name.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"" : Name;
        return Address.Length == 0 ? quoted : $"{quoted} <{Address}>";
    }
}

/// <summary>One pass over an address list.</summary>
internal sealed class AddressReader(string text, int maximum)
{
    private readonly List<MailAddress> _found = [];
    private readonly StringBuilder _phrase = new();
    private string _comment = string.Empty;
    private string? _angle;
    private int _at;

    public IReadOnlyList<MailAddress> Read()
    {
        while (_at < text.Length && _found.Count < maximum)
        {
            var symbol = text[_at];
            switch (symbol)
            {
                case '"':
                    ReadQuoted();
                    break;
                case '(':
                    var end = ParameterizedValue.AfterComment(text, _at);
                    _comment = text[(_at + 1)..Math.Max(_at + 1, end - 1)].Trim();
                    _at = end;
                    break;
                case '<':
                    ReadAngle();
                    break;
                case '>':
                    _at++;
                    break;
                case ',' or ';' when !IsInsideName():
                    Close();
                    _at++;
                    break;
                case ':' when _angle is null && IsGroup():
                    _phrase.Clear();
                    _at++;
                    break;
                default:
                    _phrase.Append(symbol);
                    _at++;
                    break;
            }
        }
        if (_found.Count < maximum) Close();
        return _found;
    }

    /// <summary>"Doe, John &lt;john@example.org&gt;": a comma in a name nobody quoted. It separates only if what stands before
    /// it holds an address, or what follows does not end in an angle.</summary>
    private bool IsInsideName()
    {
        if (text[_at] != ',' || _angle is not null || _phrase.Length == 0) return false;
        var phrase = _phrase.ToString();
        if (phrase.Contains('@', StringComparison.Ordinal)) return false;
        return NextIsAngleFirst();
    }

    private bool NextIsAngleFirst()
    {
        var rest = text.AsSpan(_at + 1);
        var stop = rest.IndexOfAny(",;<@\"");
        return stop >= 0 && rest[stop] == '<';
    }

    /// <summary>A phrase before a colon is a group's name, but not "mailto:" nor a bare address with a port-like tail.</summary>
    private bool IsGroup()
    {
        var phrase = _phrase.ToString().Trim();
        if (phrase.Equals("mailto", StringComparison.OrdinalIgnoreCase)) return true;
        return !phrase.Contains('@', StringComparison.Ordinal);
    }

    private void ReadQuoted()
    {
        var start = _phrase.Length;
        for (_at++; _at < text.Length && text[_at] != '"'; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length) _at++;
            _phrase.Append(text[_at]);
        }
        _at++;
        // A quoted local part keeps its quotes: "john doe"@example.org.
        if (_at < text.Length && text[_at] == '@')
        {
            _phrase.Insert(start, '"');
            _phrase.Append('"');
        }
    }

    private void ReadAngle()
    {
        var end = text.IndexOf('>', _at);
        var inner = end < 0 ? text[(_at + 1)..] : text[(_at + 1)..end];
        _at = end < 0 ? text.Length : end + 1;
        // Source routes are obsolete (section 4.4): <@a,@b:c@d>.
        if (inner.StartsWith('@') && inner.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) inner = inner[(colon + 1)..];
        inner = inner.Trim().TrimStart('<').Trim();
        if (inner.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) inner = inner[7..];
        // "Name <<a@b>>" and "a@b <a@b> <c@d>": the first angle with an address counts.
        if (_angle is null || !_angle.Contains('@', StringComparison.Ordinal)) _angle = inner.Trim('\'', '"', ' ');
    }

    private void Close()
    {
        var phrase = _phrase.ToString().Trim();
        _phrase.Clear();
        var angle = _angle;
        _angle = null;
        var comment = _comment;
        _comment = string.Empty;
        if (angle is null)
        {
            if (phrase.Length == 0) return;
            AddBare(phrase, comment);
            return;
        }
        if (angle.Length == 0 && phrase.Length == 0) return;
        var name = NameOf(phrase);
        if (!angle.Contains('@', StringComparison.Ordinal) && phrase.Contains('@', StringComparison.Ordinal) && MailAddress.IsAddress(phrase)) angle = phrase;
        if (angle.Contains("=?", StringComparison.Ordinal)) angle = EncodedWords.Decode(angle);
        _found.Add(new MailAddress(name.Length == 0 ? NameOf(comment) : name, MailAddress.Normalize(WithoutBlanks(angle))));
    }

    private void AddBare(string phrase, string comment)
    {
        // The whole address in one encoded word, as some phones write it.
        if (!phrase.Contains('@', StringComparison.Ordinal) && phrase.Contains("=?", StringComparison.Ordinal))
        {
            var decoded = EncodedWords.Decode(phrase);
            if (decoded.Contains('<', StringComparison.Ordinal) && !decoded.Contains("=?", StringComparison.Ordinal)
                && new AddressReader(decoded, 1).Read() is [{ Address.Length: > 0 } inner, ..])
            {
                _found.Add(inner);
                return;
            }
            phrase = decoded;
        }
        if (!phrase.Contains('@', StringComparison.Ordinal))
        {
            _found.Add(new MailAddress(NameOf(phrase), string.Empty));
            return;
        }
        // "John Doe john@example.org": the word with the @ is the address.
        var words = phrase.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var address = Array.FindLast(words, word => word.Contains('@', StringComparison.Ordinal) && word.Length > 2);
        if (phrase.StartsWith('"') || address is null)
        {
            _found.Add(new MailAddress(NameOf(comment), MailAddress.Normalize(phrase)));
            return;
        }
        var name = string.Join(' ', words.Where(word => !ReferenceEquals(word, address)));
        address = address.Trim('\'', '"', '[', ']');
        _found.Add(new MailAddress(NameOf(name.Length > 0 ? name : comment), MailAddress.Normalize(address)));
    }

    private static string WithoutBlanks(string address) =>
        address.StartsWith('"') || address.AsSpan().IndexOfAny(' ', '\t') < 0 ? address : address.Replace(" ", string.Empty).Replace("\t", string.Empty);

    private static string NameOf(string phrase)
    {
        var name = EncodedWords.Decode(phrase).Trim();
        if (name.Length >= 2 && name[0] == name[^1] && name[0] is '"' or '\'') name = name[1..^1].Trim();
        return string.Join(' ', name.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }
}
