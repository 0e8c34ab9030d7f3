using System.Text;

namespace SiteDesk.Language;

/// <summary>
/// Turns text in English, Russian, Chinese, or any mixture, into the terms that search compares. The same analysis serves the
/// in-memory index, the databases and the classifier, so that all of them find the same things.
/// <para>Pure and safe to call from any thread; linear in the length of the text.</para>
/// </summary>
public static class Analyzer
{
    /// <summary>The greatest length of a term, in UTF-16 units. Longer words are cut: nobody types them.</summary>
    public const int LongestTerm = 64;

    /// <summary>Analyses a text.</summary>
    /// <param name="text">Any text; malformed UTF-16 and control characters are skipped.</param>
    /// <returns>
    /// The tokens in order. A compound (code, address) comes before its parts, and a bigram right after its first character.
    /// </returns>
    public static List<Token> Analyze(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<Token>(Math.Min(text.Length / 4 + 4, 1 << 16));
        Analyze(text, tokens);
        return tokens;
    }

    /// <summary>Analyses a text into a list that the caller may reuse.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokens">Receives the tokens behind those it already holds.</param>
    /// <param name="limit">Analysis stops after this many tokens were added (a compound is never torn, so a few more are possible).</param>
    public static void Analyze(ReadOnlySpan<char> text, List<Token> tokens, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var writer = new TokenWriter(text, tokens);
        var segmenter = new Segmenter(text);
        var stop = limit > int.MaxValue - tokens.Count ? int.MaxValue : tokens.Count + limit;
        while (tokens.Count < stop && segmenter.MoveNext(out var segment))
            writer.Write(segment, stop);
    }

    /// <summary>Folds a text to the letters that search compares, without stemming: lower case, no marks, simplified Chinese, ё as е.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The folded text; punctuation is kept, combining marks are not.</returns>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = new StringBuilder(text.Length);
        Span<char> buffer = stackalloc char[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = 0;
            if (ChineseFolding.IsUnspaced(rune))
                length = ChineseFolding.Fold(rune).EncodeToUtf16(buffer);
            else if (!rune.IsBmp)
                length = rune.EncodeToUtf16(buffer);
            else
                Folding.Append((char)rune.Value, buffer, ref length);
            folded.Append(buffer[..length]);
        }
        return folded.ToString();
    }

    /// <summary>Reduces segments to terms and gives them their places.</summary>
    private ref struct TokenWriter(ReadOnlySpan<char> text, List<Token> tokens)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private readonly List<Token> _tokens = tokens;
        private readonly TermPool _pool = TermPool.Current;
        private int _position = tokens is [.., var last] ? last.Position + 1 : 0;

        public void Write(Segment segment, int stop)
        {
            switch (segment.Kind)
            {
                case TokenKind.Character:
                    WriteCharacters(segment, stop);
                    break;
                case TokenKind.Word:
                    WriteWord(segment, TokenKind.Word);
                    break;
                case TokenKind.Number:
                    WriteNumber(segment);
                    break;
                default:
                    WriteCompound(segment);
                    break;
            }
        }

        private void WriteWord(Segment segment, TokenKind kind)
        {
            Span<char> word = stackalloc char[LongestTerm];
            var length = 0;
            foreach (var unit in _text.Slice(segment.Start, segment.Length))
            {
                if (unit is not ('-' or '‑'))
                    Folding.Append(unit, word, ref length);
            }
            if (length > 0)
                Add(_pool.Stem(word[..length]), segment.Start, segment.Length, kind);
        }

        private void WriteNumber(Segment segment)
        {
            var digits = _text.Slice(segment.Start, segment.Length);
            var decimalPoint = DecimalPoint(digits);
            Span<char> number = stackalloc char[LongestTerm];
            var length = 0;
            for (var i = 0; i < digits.Length && length < number.Length; i++)
            {
                if (char.IsDigit(digits[i]))
                    number[length++] = Folding.Fold(digits[i]);
                else if (decimalPoint is null ? digits[i] == '.' : i == decimalPoint)
                    number[length++] = '.';
            }
            Add(_pool.Keep(number[..length]), segment.Start, segment.Length, TokenKind.Number);
        }

        /// <summary>
        /// The place of the decimal separator. A comma with exactly three digits behind it separates thousands, as does every
        /// separator but the last of a mixture; a number with several points (a version, a date) has no decimals: null.
        /// </summary>
        private static int? DecimalPoint(ReadOnlySpan<char> digits)
        {
            var last = digits.LastIndexOfAny('.', ',');
            if (last < 0)
                return -1;
            var first = digits.IndexOfAny('.', ',');
            if (first != last && digits[first] == digits[last])
                return digits[last] == '.' ? null : -1;
            return digits[last] == ',' && digits.Length - last == 4 ? -1 : last;
        }

        /// <summary>The whole first, then its parts; the whole shares the place of its first part.</summary>
        private void WriteCompound(Segment segment)
        {
            var place = _position;
            var whole = segment.Kind == TokenKind.Code ? FoldCode(segment) : FoldAddress(segment);
            if (whole.Length == 0)
                return;
            _tokens.Add(new Token(whole, segment.Start, segment.Length, place, segment.Kind));
            var end = segment.Start + segment.Length;
            var start = segment.Start + SchemeLength(segment);
            while (start < end)
            {
                var length = PartLength(start, end);
                if (length == 0)
                {
                    start++;
                    continue;
                }
                WriteWord(new Segment(start, length, TokenKind.Part), TokenKind.Part);
                start += length;
            }
            _position = Math.Max(_position, place + 1);
        }

        /// <summary>A run of letters or of digits.</summary>
        private readonly int PartLength(int start, int end)
        {
            var isDigit = char.IsDigit(_text[start]);
            var index = start;
            while (index < end && (isDigit ? char.IsDigit(_text[index]) : char.IsLetter(_text[index])))
                index++;
            return index - start;
        }

        private readonly string FoldCode(Segment segment)
        {
            Span<char> code = stackalloc char[LongestTerm];
            var length = 0;
            foreach (var unit in _text.Slice(segment.Start, segment.Length))
            {
                if (char.IsLetterOrDigit(unit))
                    Folding.Append(unit, code, ref length);
            }
            for (var i = 0; i < length; i++)
                code[i] = LatinLookalike(code[i]);
            return _pool.Keep(code[..length]);
        }

        /// <summary>An order code read from a screen may be typed in the letters at hand: А-10293 in Cyrillic is A-10293.</summary>
        private static char LatinLookalike(char letter) => letter switch
        {
            'а' => 'a',
            'в' => 'b',
            'е' => 'e',
            'к' => 'k',
            'м' => 'm',
            'н' => 'h',
            'о' => 'o',
            'р' => 'p',
            'с' => 'c',
            'т' => 't',
            'у' => 'y',
            'х' => 'x',
            _ => letter,
        };

        private readonly string FoldAddress(Segment segment)
        {
            Span<char> address = stackalloc char[LongestTerm];
            var length = 0;
            foreach (var unit in _text.Slice(segment.Start, segment.Length)[SchemeLength(segment)..])
                Folding.Append(unit, address, ref length);
            return _pool.Keep(address[..length]);
        }

        private readonly int SchemeLength(Segment segment)
        {
            if (segment.Kind != TokenKind.Url)
                return 0;
            var address = _text.Slice(segment.Start, segment.Length);
            var scheme = address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
                : address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
                : 0;
            return address[scheme..].StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? scheme + 4 : scheme;
        }

        private void WriteCharacters(Segment segment, int stop)
        {
            Span<char> pair = stackalloc char[4];
            var index = segment.Start;
            var end = segment.Start + segment.Length;
            var width = FoldCharacter(index, pair, out var length);
            while (index < end && _tokens.Count < stop)
            {
                var character = _pool.Keep(pair[..length]);
                var next = index + width;
                _tokens.Add(new Token(character, index, width, _position, TokenKind.Character));
                if (next < end)
                {
                    var nextWidth = FoldCharacter(next, pair[length..], out var nextLength);
                    _tokens.Add(new Token(pair[..(length + nextLength)].ToString(), index, width + nextWidth, _position, TokenKind.Bigram));
                    pair.Slice(length, nextLength).CopyTo(pair);
                    (width, length) = (nextWidth, nextLength);
                }
                _position++;
                index = next;
            }
        }

        /// <summary>Writes the folded character and returns how many units it takes in the text.</summary>
        private readonly int FoldCharacter(int index, Span<char> target, out int length)
        {
            Rune.DecodeFromUtf16(_text[index..], out var rune, out var width);
            length = ChineseFolding.Fold(rune).EncodeToUtf16(target);
            return width;
        }

        private void Add(string term, int start, int length, TokenKind kind) =>
            _tokens.Add(new Token(term, start, length, _position++, kind));
    }
}
