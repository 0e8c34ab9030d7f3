using System.Collections;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>One header field (RFC 5322 section 2.2), decoded when asked.</summary>
public sealed class HeaderField
{
    private readonly ReadOnlyMemory<byte> _raw;
    private readonly int _limit;
    private string? _text;
    private string? _value;

    internal HeaderField(string name, ReadOnlyMemory<byte> raw, int limit)
    {
        Name = name;
        _raw = raw;
        _limit = limit;
    }

    /// <summary>The name as it was written, without the colon.</summary>
    public string Name { get; }

    /// <summary>The bytes after the colon, folded as they came.</summary>
    public ReadOnlyMemory<byte> RawValue => _raw;

    /// <summary>The value unfolded and trimmed, encoded words left alone: what structured fields are parsed from. Bytes
    /// beyond ASCII are read as UTF-8 (RFC 6532), else guessed.</summary>
    public string Text => _text ??= Unfold(_raw.Span[..Math.Min(_raw.Length, _limit)]);

    /// <summary>The value for a person: unfolded, encoded words decoded.</summary>
    public string Value => _value ??= EncodedWords.Decode(Text);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Value}";

    private static string Unfold(ReadOnlySpan<byte> raw)
    {
        raw = raw.Trim(" \t\r\n"u8);
        string text;
        if (Ascii.IsValid(raw)) text = raw.Contains((byte)0x1B) ? Charsets.Decode(raw, null, out _) : Encoding.ASCII.GetString(raw);
        else text = Charsets.Decode(raw, null, out _);
        if (text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0) return text;
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var symbol = text[at];
            if (symbol is '\r' or '\n')
            {
                // A fold is the line end alone; the blank that follows belongs to the value (section 2.2.3).
                if (at + 1 < text.Length && text[at + 1] is not (' ' or '\t' or '\r' or '\n') && result.Length > 0 && result[^1] is not (' ' or '\t')) result.Append(' ');
                continue;
            }
            if (symbol != '\0') result.Append(symbol == '\t' && at > 0 && text[at - 1] is '\n' or '\r' ? ' ' : symbol);
        }
        return result.ToString();
    }
}

/// <summary>The header section of an entity: its fields in their order.</summary>
public sealed class HeaderCollection : IReadOnlyList<HeaderField>
{
    private readonly List<HeaderField> _fields = [];

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <inheritdoc/>
    public HeaderField this[int index] => _fields[index];

    /// <summary>The first field of that name (case does not matter), or null.</summary>
    public HeaderField? First(string name)
    {
        foreach (var field in _fields)
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return field;
        return null;
    }

    /// <summary>The first field's decoded value, or null.</summary>
    public string? Value(string name) => First(name)?.Value;

    /// <summary>All fields of that name, in order.</summary>
    public IEnumerable<HeaderField> All(string name) => _fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IEnumerator<HeaderField> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(HeaderField field) => _fields.Add(field);
}
