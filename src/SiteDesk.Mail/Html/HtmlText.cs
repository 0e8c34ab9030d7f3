using System.Net;
using System.Text;

namespace SiteDesk.Mail;

/// <summary>Plain text of an HTML mail: one pass, no document tree, so that size and depth do not matter.</summary>
/// <remarks>Quotes become lines that begin with "&gt;", hidden preheaders are left out, signatures of well-known mail programs
/// get the "-- " line before them.</remarks>
public static class HtmlText
{
    /// <summary>The text with line feeds as line ends, without blanks around it.</summary>
    public static string From(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        return new HtmlTextReader(html).Read();
    }

    /// <summary>text/enriched (RFC 1896): commands in angles, "&lt;&lt;" for one angle, a single line end is a blank.</summary>
    internal static string FromEnriched(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '<' && at + 1 < text.Length && text[at + 1] == '<')
            {
                result.Append('<');
                at++;
            }
            else if (text[at] == '<' && text.IndexOf('>', at) is >= 0 and var end && end - at < 64)
            {
                if (text.AsSpan(at).StartsWith("<param>", StringComparison.OrdinalIgnoreCase) && text.IndexOf("</param>", at, StringComparison.OrdinalIgnoreCase) is >= 0 and var close) end = close + 7;
                at = end;
            }
            else if (text[at] == '\n')
            {
                var run = 1;
                while (at + run < text.Length && text[at + run] == '\n') run++;
                if (run == 1) result.Append(' ');
                else result.Append('\n', run - 1);
                at += run - 1;
            }
            else result.Append(text[at]);
        }
        return result.ToString();
    }
}

/// <summary>The pass itself.</summary>
internal sealed class HtmlTextReader(string html)
{
    private const int MaximumOpenElements = 200;

    private readonly StringBuilder _result = new(Math.Min(html.Length, 64 * 1024));
    private readonly List<OpenElement> _open = [];
    private int _quotes;
    private int _hidden;
    private int _preformatted;
    private int _pendingLines;
    private int _pendingQuotes;
    private bool _pendingBlank;
    private bool _lineIsEmpty = true;

    private readonly record struct OpenElement(string Name, bool IsQuote, bool IsHidden, bool IsPreformatted);

    public string Read()
    {
        var at = 0;
        while (at < html.Length)
        {
            var open = html.IndexOf('<', at);
            if (open < 0) open = html.Length;
            if (open > at) Append(html.AsSpan(at, open - at));
            at = open >= html.Length ? open : ReadMarkup(open);
        }
        return _result.ToString().TrimEnd();
    }

    private int ReadMarkup(int open)
    {
        var rest = html.AsSpan(open);
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            var end = html.IndexOf("-->", open + 4, StringComparison.Ordinal);
            return end < 0 ? html.Length : end + 3;
        }
        if (rest.Length > 1 && rest[1] is '!' or '?')
        {
            var end = html.IndexOf('>', open);
            return end < 0 ? html.Length : end + 1;
        }
        var closing = rest.Length > 1 && rest[1] == '/';
        var nameStart = open + (closing ? 2 : 1);
        var nameEnd = nameStart;
        while (nameEnd < html.Length && nameEnd - nameStart < 30 && (char.IsAsciiLetterOrDigit(html[nameEnd]) || html[nameEnd] is ':' or '-')) nameEnd++;
        if (nameEnd == nameStart)
        {
            if (_hidden == 0) Write("<");
            return open + 1;
        }
        var tagEnd = EndOfTag(nameEnd);
        var name = html[nameStart..nameEnd].ToLowerInvariant();
        if (closing) Close(name);
        else
        {
            var attributes = html.AsSpan(nameEnd, Math.Max(0, tagEnd - nameEnd));
            if (name is "script" or "style" or "title" or "template" or "noscript" or "svg" or "math" && !attributes.EndsWith("/"))
                return AfterRaw(name, tagEnd);
            Open(name, attributes);
        }
        return Math.Min(html.Length, tagEnd + 1);
    }

    private int EndOfTag(int at)
    {
        for (; at < html.Length; at++)
        {
            if (html[at] == '>') return at;
            if (html[at] is '"' or '\'' && html[at - 1] is '=' or ' ')
            {
                var close = html.IndexOf(html[at], at + 1);
                if (close < 0 || close - at > 200_000) return html.IndexOf('>', at) is >= 0 and var end ? end : html.Length;
                at = close;
            }
        }
        return html.Length;
    }

    private int AfterRaw(string name, int tagEnd)
    {
        var end = html.IndexOf("</" + name, Math.Min(tagEnd, html.Length), StringComparison.OrdinalIgnoreCase);
        if (end < 0) return html.Length;
        var close = html.IndexOf('>', end);
        return close < 0 ? html.Length : close + 1;
    }

    private void Open(string name, ReadOnlySpan<char> attributes)
    {
        switch (name)
        {
            case "br":
                if (_hidden == 0) NewLine();
                return;
            case "hr":
                Lines(1);
                Append("________________________________");
                Lines(1);
                return;
            case "img" or "input" or "meta" or "link" or "col" or "area" or "base" or "wbr" or "source":
                return;
        }
        var hidden = name == "head" || IsHidden(attributes);
        if (_hidden == 0 && !hidden)
        {
            if (IsSignature(attributes)) SignatureLine();
            switch (name)
            {
                case "p" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "blockquote" or "pre" or "ul" or "ol" or "table" or "dl":
                    Lines(name is "ul" or "ol" or "table" ? 1 : _lineIsEmpty && _result.Length == 0 ? 0 : 2);
                    break;
                case "div" or "tr" or "section" or "article" or "header" or "footer" or "address" or "center" or "dt" or "dd" or "fieldset" or "form" or "o:p":
                    if (name != "o:p") Lines(1);
                    break;
                case "li":
                    Lines(1);
                    Append("* ");
                    break;
                case "td" or "th":
                    if (!_lineIsEmpty) _pendingBlank = true;
                    break;
            }
        }
        if (attributes.EndsWith("/") && name is not ("div" or "p" or "span")) return;
        if (_open.Count >= MaximumOpenElements || name is "li" or "p" or "html" or "body" or "td" or "tr" or "th" && !hidden) return;
        var element = new OpenElement(name, name == "blockquote" && !hidden, hidden, name == "pre");
        _open.Add(element);
        if (element.IsQuote)
        {
            Lines(1);
            _quotes++;
        }
        if (element.IsHidden) _hidden++;
        if (element.IsPreformatted) _preformatted++;
    }

    private void Close(string name)
    {
        if (name is "p" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "table" or "ul" or "ol" or "pre" && _hidden == 0) Lines(name is "ul" or "ol" or "table" ? 1 : 2);
        else if (name is "div" or "li" or "tr" or "section" or "article" && _hidden == 0) Lines(1);
        var at = _open.FindLastIndex(element => element.Name == name);
        if (at < 0) return;
        for (var last = _open.Count - 1; last >= at; last--)
        {
            var element = _open[last];
            if (element.IsQuote)
            {
                Lines(1);
                // What ended the quote is written with its marks; what follows is not part of it.
                _quotes--;
            }
            if (element.IsHidden) _hidden--;
            if (element.IsPreformatted) _preformatted--;
            _open.RemoveAt(last);
        }
    }

    private static bool IsHidden(ReadOnlySpan<char> attributes)
    {
        var style = attributes.IndexOf("style", StringComparison.OrdinalIgnoreCase);
        if (style < 0) return false;
        var text = attributes[style..];
        return text.Contains("display:none", StringComparison.OrdinalIgnoreCase) || text.Contains("display: none", StringComparison.OrdinalIgnoreCase)
            || text.Contains("mso-hide:all", StringComparison.OrdinalIgnoreCase) || text.Contains("mso-hide: all", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsSignature(ReadOnlySpan<char> attributes) =>
        attributes.Contains("gmail_signature\"", StringComparison.OrdinalIgnoreCase) || attributes.Contains("moz-signature", StringComparison.OrdinalIgnoreCase)
        || attributes.Contains("id=\"Signature\"", StringComparison.OrdinalIgnoreCase) || attributes.Contains("class=\"protonmail_signature_block", StringComparison.OrdinalIgnoreCase);

    private void SignatureLine()
    {
        Lines(1);
        Append("--");
        Lines(1);
    }

    private void Append(ReadOnlySpan<char> raw)
    {
        if (_hidden > 0) return;
        if (_preformatted > 0)
        {
            var text = raw.Contains('&') ? WebUtility.HtmlDecode(raw.ToString()) : raw.ToString();
            var first = true;
            foreach (var line in text.Split('\n'))
            {
                if (!first) NewLine();
                first = false;
                if (line.Length > 0) Write(line.TrimEnd('\r'));
            }
            return;
        }
        if (raw.IsWhiteSpace() && !raw.Contains('\u00A0'))
        {
            if (!_lineIsEmpty) _pendingBlank = true;
            return;
        }
        AppendCollapsed(raw.Contains('&') ? WebUtility.HtmlDecode(raw.ToString()) : raw);
    }

    private static ReadOnlySpan<char> WithoutFillers(ReadOnlySpan<char> word) =>
        word.IndexOfAny("\u00A0\u200C\u200B\u00AD\u034F") < 0
            ? word
            : word.ToString().Replace('\u00A0', ' ').Replace("\u200C", string.Empty).Replace("\u200B", string.Empty).Replace("\u00AD", string.Empty).Replace("\u034F", string.Empty);

    private void AppendCollapsed(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var blank = at;
            while (blank < text.Length && text[blank] is ' ' or '\t' or '\r' or '\n') blank++;
            if (blank > at && !_lineIsEmpty) _pendingBlank = true;
            var end = text[blank..].IndexOfAny(" \t\r\n");
            end = end < 0 ? text.Length : blank + end;
            // Soft hyphens and zero-width fillers pad the preheaders of newsletters.
            if (end > blank) Write(WithoutFillers(text[blank..end]));
            at = end;
        }
    }

    private void Write(ReadOnlySpan<char> text)
    {
        if (text.Length == 0) return;
        if (_pendingLines > 0 && _result.Length > 0)
        {
            for (var line = 0; line < _pendingLines; line++)
            {
                _result.Append('\n');
                if (line < _pendingLines - 1) _result.Append('>', Math.Min(_pendingQuotes, _quotes));
            }
            _lineIsEmpty = true;
        }
        _pendingLines = 0;
        if (_lineIsEmpty && _quotes > 0) _result.Append('>', _quotes).Append(' ');
        else if (_pendingBlank && !_lineIsEmpty) _result.Append(' ');
        _pendingBlank = false;
        _result.Append(text);
        _lineIsEmpty = false;
    }

    /// <summary>A break that counts every time it is asked for.</summary>
    private void NewLine()
    {
        if (_hidden > 0) return;
        _pendingQuotes = _pendingLines == 0 ? _quotes : Math.Min(_pendingQuotes, _quotes);
        _pendingLines = Math.Min(_pendingLines + 1, 4);
        _pendingBlank = false;
        _lineIsEmpty = true;
    }

    /// <summary>At least so many line ends before what comes next.</summary>
    private void Lines(int count)
    {
        if (_hidden > 0) return;
        // An empty line between a quote and what is around it belongs to the outer text.
        _pendingQuotes = _pendingLines == 0 ? _quotes : Math.Min(_pendingQuotes, _quotes);
        _pendingLines = Math.Max(_pendingLines, count);
        _pendingBlank = false;
        _lineIsEmpty = true;
    }
}
