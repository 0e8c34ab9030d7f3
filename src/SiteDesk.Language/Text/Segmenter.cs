using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SiteDesk.Language;

/// <summary>A stretch of text of one nature, before its words are reduced to terms.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">Its length, in UTF-16 units.</param>
/// <param name="Kind">What it is; <see cref="TokenKind.Character"/> stands for a run of characters written without spaces.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Segment(int Start, int Length, TokenKind Kind);

/// <summary>
/// Cuts mixed text into segments by script, keeping addresses, codes and numbers whole. Looks ahead over a bounded distance only,
/// so that the time is linear in the length of the text whatever it holds.
/// </summary>
internal ref struct Segmenter(ReadOnlySpan<char> text)
{
    private const int LongestAddress = 320;
    private const int LongestLabel = 63; // RFC 1035 section 2.3.4
    private const int LongestCode = 40;
    private const int LongestUrl = 2048;

    // Top-level domains that a web address may be known by when it comes without http or www. A short list on purpose: people forget
    // the space after a full stop, and "end.Next" must not become an address.
    private static readonly HashSet<string> Domains = new(StringComparer.OrdinalIgnoreCase)
    {
        "com", "net", "org", "info", "biz", "io", "app", "dev", "shop", "store", "online", "site", "ru", "su", "рф", "by", "kz", "ua", "cn", "hk",
        "tw", "uk", "eu", "de", "fr", "us",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> DomainLookup =
        Domains.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> LocalPart =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-");

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    /// <summary>Where a run of labels ends that turned out to be no host; starting at its second label would not make it one.</summary>
    private int _noHostBefore;

    private enum Script
    {
        None,
        Latin,
        Cyrillic,
        Other,
        Digit,
        Unspaced,
    }

    public bool MoveNext(out Segment segment)
    {
        while (_position < _text.Length)
        {
            var script = ScriptAt(_position, out var width);
            if (script == Script.None)
            {
                _position += width;
                continue;
            }
            var (length, kind) = Measure(script);
            segment = new Segment(_position, length, kind);
            _position += length;
            return true;
        }
        segment = default;
        return false;
    }

    private (int Length, TokenKind Kind) Measure(Script script)
    {
        if (script == Script.Unspaced)
            return (MeasureRun(script), TokenKind.Character);
        if (script == Script.Other)
            return (MeasureRun(script), TokenKind.Word);
        if (MeasureUrl() is var url and > 0)
            return (url, TokenKind.Url);
        if (MeasureEmail() is var email and > 0)
            return (email, TokenKind.Email);
        if (_position >= _noHostBefore && MeasureHost() is var host and > 0)
            return (host, TokenKind.Url);
        if (MeasureCode() is var code and > 0)
            return (code, TokenKind.Code);
        return script == Script.Digit ? (MeasureNumber(), TokenKind.Number) : (MeasureWord(script), TokenKind.Word);
    }

    /// <summary>An address with http, https or www in front.</summary>
    private readonly int MeasureUrl()
    {
        var rest = _text[_position..];
        var scheme = rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? 4
            : 0;
        if (scheme == 0)
            return 0;
        var length = MeasureAddressTail(scheme);
        return length > scheme ? length : 0;
    }

    /// <summary>A host with a well-known ending, with or without a path: example.com/help.</summary>
    private int MeasureHost()
    {
        var rest = _text.Slice(_position, Math.Min(LongestAddress, _text.Length - _position));
        var (label, end) = (0, 0);
        for (; end < rest.Length && end - label <= LongestLabel; end++)
        {
            if (rest[end] == '.' && end > label && end + 1 < rest.Length && char.IsLetterOrDigit(rest[end + 1]))
                label = end + 1;
            else if (!IsInLabel(rest[end], isFirst: end == label))
                break;
        }
        if (label == 0 || !DomainLookup.Contains(rest[label..end]))
        {
            _noHostBefore = _position + end;
            return 0;
        }
        return end < rest.Length && rest[end] == '/' ? MeasureAddressTail(end) : end;
    }

    private static bool IsInLabel(char unit, bool isFirst) =>
        unit == '-' ? !isFirst : char.IsLetterOrDigit(unit) && (unit < '\u2E80' || !ChineseFolding.IsUnspaced(new Rune(unit)));

    /// <summary>Everything up to a space, a quote, a bracket or Chinese text, without the punctuation that ends a sentence.</summary>
    private readonly int MeasureAddressTail(int from)
    {
        var end = _position + from;
        var limit = Math.Min(_text.Length, _position + LongestUrl);
        while (end < limit && !IsAddressEnd(end))
            end++;
        while (end > _position + from && _text[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']' or '}' or '*' or '/')
            end--;
        return end - _position;
    }

    private readonly bool IsAddressEnd(int index) =>
        char.IsWhiteSpace(_text[index]) || char.IsControl(_text[index]) || char.IsSurrogate(_text[index])
        || _text[index] is '<' or '>' or '"' or '\'' or '`' or '«' or '»' or '“' or '”' or '|' or '\\'
        || (_text[index] >= '\u2E80' && _text[index] is not (>= '\uA640' and <= '\uD7FF'));

    private readonly int MeasureEmail()
    {
        var rest = _text.Slice(_position, Math.Min(LongestAddress, _text.Length - _position));
        var at = rest.IndexOfAnyExcept(LocalPart);
        if (at <= 0 || at > 64 || rest[at] != '@')
            return 0;
        var end = at + 1;
        var dot = 0;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] is '.' or '-' || IsCyrillic(rest[end])))
        {
            if (rest[end] == '.' && end + 1 < rest.Length && char.IsLetterOrDigit(rest[end + 1]))
                dot = end;
            end++;
        }
        while (rest[end - 1] is '.' or '-')
            end--;
        return dot > at + 1 ? end : 0;
    }

    /// <summary>Groups of letters and digits joined by hyphens or underscores, with at least one digit: A-10293, iPhone15, 2026-01-15.</summary>
    private readonly int MeasureCode()
    {
        var end = _position;
        var (digits, letters, groups) = (false, false, 1);
        while (end < _text.Length)
        {
            var unit = _text[end];
            if (IsDigit(unit))
                digits = true;
            else if (IsCodeLetter(unit))
                letters = true;
            else if (unit is '-' or '_' or '‑' && end > _position && end + 1 < _text.Length && (IsDigit(_text[end + 1]) || IsCodeLetter(_text[end + 1])))
                groups++;
            else
                break;
            if (++end - _position > LongestCode)
                return 0;
        }
        return digits && (letters || groups > 1) ? end - _position : 0;
    }

    private readonly int MeasureNumber()
    {
        var end = _position;
        while (end < _text.Length
            && (IsDigit(_text[end]) || (_text[end] is '.' or ',' or '\'' && end + 1 < _text.Length && IsDigit(_text[end + 1]))))
            end++;
        return end - _position;
    }

    private readonly int MeasureWord(Script script)
    {
        var length = MeasureRun(script);
        // e-mail is email, t-shirt is tshirt.
        if (length == 1 && script == Script.Latin && IsHyphenBeforeLatin(_position + 1))
            length += 1 + MeasureRun(script, _position + 2);
        return length;
    }

    private readonly bool IsHyphenBeforeLatin(int index) =>
        index + 1 < _text.Length && _text[index] is '-' or '‑' && ScriptAt(index + 1, out _) == Script.Latin;

    private readonly int MeasureRun(Script script) => MeasureRun(script, _position);

    private readonly int MeasureRun(Script script, int start)
    {
        var end = start;
        while (end < _text.Length)
        {
            if (ScriptAt(end, out var width) == script)
                end += width;
            else if (script != Script.Unspaced && (IsMark(_text[end]) || IsInnerApostrophe(end, script)))
                end++;
            else
                break;
        }
        return end - start;
    }

    private readonly bool IsInnerApostrophe(int index, Script script) =>
        _text[index] is '\'' or '’' or 'ʼ' or '＇' && index + 1 < _text.Length && ScriptAt(index + 1, out _) == script;

    private readonly Script ScriptAt(int index, out int width)
    {
        var unit = _text[index];
        width = 1;
        if (char.IsAsciiLetter(unit))
            return Script.Latin;
        if (unit < '\u00AA')
            return char.IsAsciiDigit(unit) ? Script.Digit : Script.None;
        if (IsCyrillic(unit))
            return Script.Cyrillic;
        if (char.IsSurrogate(unit) || unit >= '\u3005')
        {
            var rune = RuneAt(index);
            width = rune.Utf16SequenceLength;
            if (ChineseFolding.IsUnspaced(rune))
                return Script.Unspaced;
            if (unit is >= 'Ａ' and <= 'Ｚ' or >= 'ａ' and <= 'ｚ')
                return Script.Latin;
            return Rune.IsDigit(rune) && width == 1 ? Script.Digit : Rune.IsLetter(rune) ? Script.Other : Script.None;
        }
        if (char.IsDigit(unit))
            return Script.Digit;
        if (!char.IsLetter(unit))
            return Script.None;
        return unit is < '\u0250' or (>= '\u1E00' and <= '\u1EFF') ? Script.Latin : Script.Other;
    }

    /// <summary>The character at the place; half of a broken pair counts as U+FFFD, which no script owns.</summary>
    private readonly Rune RuneAt(int index)
    {
        if (index >= _text.Length)
            return Rune.ReplacementChar;
        return Rune.DecodeFromUtf16(_text[index..], out var rune, out _) == OperationStatus.Done ? rune : Rune.ReplacementChar;
    }

    private static bool IsDigit(char unit) => char.IsDigit(unit);

    private static bool IsCyrillic(char unit) => unit is >= '\u0400' and <= '\u052F' and not (>= '\u0482' and <= '\u0489');

    private static bool IsCodeLetter(char unit) =>
        (unit < '\u0530' && char.IsLetter(unit)) || unit is >= 'Ａ' and <= 'Ｚ' or >= 'ａ' and <= 'ｚ';

    private static bool IsMark(char unit) =>
        unit >= '\u00AD'
        && (Folding.IsDroppedMark(unit)
            || CharUnicodeInfo.GetUnicodeCategory(unit) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
