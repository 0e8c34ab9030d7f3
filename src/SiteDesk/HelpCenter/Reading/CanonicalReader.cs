namespace SiteDesk.HelpCenter.Reading;

/// <summary>What a piece of an article's body is.</summary>
internal enum PieceKind
{
    Text,
    Opening,
    Closing,
}

/// <summary>
/// Walks through canonical HTML piece by piece without building a tree: the body was parsed and cleaned when it was written, so that
/// twenty thousand of them can be read when the index is built. What is not canonical comes out as text and is shown as text.
/// </summary>
internal ref struct CanonicalReader(ReadOnlySpan<char> html)
{
    private readonly ReadOnlySpan<char> _html = html;
    private int _next;

    public PieceKind Kind { get; private set; }

    /// <summary>Name of the element; empty for text.</summary>
    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>A text as it stands, entities and all; an element's attributes.</summary>
    public ReadOnlySpan<char> Content { get; private set; }

    public bool MoveNext()
    {
        if (_next >= _html.Length)
            return false;
        if (_html[_next] == '<' && TryReadElement())
            return true;
        var length = _html[(_next + 1)..].IndexOf('<');
        length = length < 0 ? _html.Length - _next : length + 1;
        Kind = PieceKind.Text;
        Name = default;
        Content = _html.Slice(_next, length);
        _next += length;
        return true;
    }

    /// <summary>The text of the piece as people read it.</summary>
    public readonly string Decoded() => Content.Contains('&') ? System.Net.WebUtility.HtmlDecode(Content.ToString()) : Content.ToString();

    /// <returns>The attribute's value, decoded; null when the element has none of this name.</returns>
    public readonly string? Attribute(string name)
    {
        var rest = Content;
        while (true)
        {
            rest = rest.TrimStart();
            var equals = rest.IndexOf("=\"");
            if (equals < 0)
                return null;
            var key = rest[..equals];
            var value = rest[(equals + 2)..];
            var end = value.IndexOf('"');
            if (end < 0)
                return null;
            if (key.SequenceEqual(name))
                return System.Net.WebUtility.HtmlDecode(value[..end].ToString());
            rest = value[(end + 1)..];
        }
    }

    private bool TryReadElement()
    {
        var rest = _html[(_next + 1)..];
        var isClosing = rest is ['/', ..];
        if (isClosing)
            rest = rest[1..];
        var nameLength = 0;
        while (nameLength < rest.Length && char.IsAsciiLetterOrDigit(rest[nameLength]))
            nameLength++;
        var end = EndOf(rest);
        if (nameLength == 0 || end < nameLength)
            return false;
        Kind = isClosing ? PieceKind.Closing : PieceKind.Opening;
        Name = rest[..nameLength];
        Content = rest[nameLength..end].TrimEnd('/').Trim();
        _next += 1 + (isClosing ? 1 : 0) + end + 1;
        return true;
    }

    /// <summary>The &gt; that ends the element: not one within quotation marks.</summary>
    private static int EndOf(ReadOnlySpan<char> rest)
    {
        var isQuoted = false;
        for (var index = 0; index < rest.Length; index++)
        {
            if (rest[index] == '"')
                isQuoted = !isQuoted;
            else if (rest[index] == '>' && !isQuoted)
                return index;
        }

        return -1;
    }
}
