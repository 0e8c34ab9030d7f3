using System.Text;

namespace SiteDesk.Mail;

/// <summary>One value of an IMAP response (RFC 9051 section 4): an atom or number, a string, a list, or NIL.</summary>
internal sealed record ImapValue(string? Atom, byte[]? Bytes, IReadOnlyList<ImapValue>? List)
{
    public static readonly ImapValue Nil = new(null, null, null);

    /// <summary>The value as text, whatever its form.</summary>
    public string? Text => Atom ?? (Bytes is null ? null : Encoding.UTF8.GetString(Bytes));
}

/// <summary>Takes a response apart. Literals were read before and stand in the line as marks.</summary>
/// <param name="line">The line, each byte a character; NUL, a number, NUL for each literal.</param>
/// <param name="literals">The literals by number; null for one that was too large and passed over.</param>
internal ref struct ImapParser(string line, IReadOnlyList<byte[]?> literals)
{
    private const int MaximumDepth = 20;

    private int _at;

    /// <summary>All values to the end of the line.</summary>
    public List<ImapValue> ReadAll() => ReadUntil('\0', 0);

    private List<ImapValue> ReadUntil(char end, int depth)
    {
        var values = new List<ImapValue>();
        while (_at < line.Length)
        {
            if (line[_at] == ' ')
            {
                _at++;
                continue;
            }
            if (end == ')' && line[_at] == ')')
            {
                _at++;
                return values;
            }
            values.Add(ReadValue(depth));
        }
        return values;
    }

    private ImapValue ReadValue(int depth)
    {
        switch (line[_at])
        {
            case '(' when depth < MaximumDepth:
                _at++;
                return new ImapValue(null, null, ReadUntil(')', depth + 1));
            case '"':
                return ReadQuoted();
            case '\0':
                var close = line.IndexOf('\0', _at + 1);
                var number = close < 0 ? -1 : int.Parse(line.AsSpan(_at + 1, close - _at - 1));
                _at = close < 0 ? line.Length : close + 1;
                return number >= 0 && number < literals.Count && literals[number] is { } bytes ? new ImapValue(null, bytes, null) : ImapValue.Nil;
            default:
                return ReadAtom();
        }
    }

    private ImapValue ReadQuoted()
    {
        var text = new StringBuilder();
        for (_at++; _at < line.Length && line[_at] != '"'; _at++)
        {
            if (line[_at] == '\\' && _at + 1 < line.Length) _at++;
            text.Append(line[_at]);
        }
        _at++;
        return new ImapValue(null, Encoding.Latin1.GetBytes(text.ToString()), null);
    }

    private ImapValue ReadAtom()
    {
        var start = _at;
        var brackets = 0;
        while (_at < line.Length)
        {
            var symbol = line[_at];
            if (symbol == '[') brackets++;
            else if (symbol == ']') brackets--;
            // BODY[HEADER.FIELDS (DATE)] is one name.
            else if (brackets <= 0 && symbol is ' ' or ')' or '(' or '"' or '\0') break;
            _at++;
        }
        if (_at == start) _at++;
        var atom = line[start.._at];
        return atom.Equals("NIL", StringComparison.OrdinalIgnoreCase) ? ImapValue.Nil : new ImapValue(atom, null, null);
    }
}
