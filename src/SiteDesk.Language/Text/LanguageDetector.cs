using System.Runtime.InteropServices;

namespace SiteDesk.Language;

/// <summary>The languages that are told apart.</summary>
public enum TextLanguage
{
    /// <summary>None of the others, or nothing to tell it by.</summary>
    Other,

    /// <summary>English (en).</summary>
    English,

    /// <summary>Russian (ru).</summary>
    Russian,

    /// <summary>Chinese (zh), simplified or traditional.</summary>
    Chinese,
}

/// <summary>What a text is written in.</summary>
/// <param name="Language">The likeliest language.</param>
/// <param name="Confidence">How sure that is, 0 to 1. A single word is worth about 0.5, a sentence about 0.9.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DetectedLanguage(TextLanguage Language, double Confidence)
{
    /// <summary>The ISO 639-1 code: en, ru, zh; or "other".</summary>
    public string Code => Language switch
    {
        TextLanguage.English => "en",
        TextLanguage.Russian => "ru",
        TextLanguage.Chinese => "zh",
        _ => "other",
    };
}

/// <summary>
/// Tells English, Russian and Chinese apart, and each from what looks like it: by script, by letters that only the neighbours use,
/// and by the small words of the Latin languages. Deterministic; made for messages of one to a few sentences.
/// </summary>
public static class LanguageDetector
{
    private const int LongestSample = 2_000;

    // Brand names, codes and addresses are Latin in every language, so Latin words weigh less than native ones beside them.
    private const double LatinBesideNative = 0.5;
    private const double WordsInCharacter = 0.6;

    private static readonly HashSet<string> ForeignWords = new(
        """
        ich du er sie wir ihr und der die das ein eine ist nicht mit auf für von zu bitte danke wie wo kann habe mein meine
        je tu il elle nous vous les des une est pas avec pour dans sur merci bonjour où comment peux mon ma mes
        yo el ella los las una es con por para en sobre gracias hola cómo puedo mi mis que qué está pedido
        eu ele ela os uma não com por obrigado olá como meu minha você
        io lui lei il gli una è non con per di grazie ciao come posso mio mia sono
        ik hij zij de het een niet met voor van bedankt hoe kan mijn
        jest nie się jak gdzie mogę moje proszę dziękuję czy
        ve bir bu için değil nasıl nerede benim teşekkürler
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> ForeignLookup =
        ForeignWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Detects the language of a text.</summary>
    /// <param name="text">Any text; its first 2,000 UTF-16 units are looked at.</param>
    public static DetectedLanguage Detect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sample = text.AsSpan(0, Math.Min(text.Length, LongestSample));
        var evidence = new Evidence();
        var segmenter = new Segmenter(sample);
        while (segmenter.MoveNext(out var segment))
        {
            var part = sample.Slice(segment.Start, segment.Length);
            if (segment.Kind == TokenKind.Character)
                evidence.AddCharacters(part);
            else if (segment.Kind == TokenKind.Word)
                evidence.AddWord(part);
        }
        return evidence.Judge();
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Evidence
    {
        private double _russian;
        private double _otherCyrillic;
        private double _chinese;
        private double _japanese;
        private double _latin;
        private double _english;
        private double _foreignLatin;
        private double _otherScripts;

        public void AddCharacters(ReadOnlySpan<char> characters)
        {
            foreach (var rune in characters.EnumerateRunes())
            {
                if (rune.Value is >= 0x3041 and <= 0x30FF)
                    _japanese += WordsInCharacter;
                else
                    _chinese += WordsInCharacter;
            }
        }

        public void AddWord(ReadOnlySpan<char> word)
        {
            Span<char> lower = stackalloc char[Math.Min(word.Length, Analyzer.LongestTerm)];
            word[..lower.Length].ToLowerInvariant(lower);
            switch (lower[0])
            {
                case >= 'а' and <= 'я' or 'ё' or (>= '\u0450' and <= '\u052F'):
                    if (lower.ContainsAny("іїєґўјљњћџђқғңөұүһә"))
                        _otherCyrillic++;
                    else
                        _russian++;
                    break;
                case < '\u0250' or (>= '\u1E00' and <= '\u1EFF') or (>= 'ａ' and <= 'ｚ'):
                    AddLatin(lower);
                    break;
                default:
                    _otherScripts++;
                    break;
            }
        }

        private void AddLatin(ReadOnlySpan<char> word)
        {
            _latin++;
            if (StopWords.IsEnglish(word))
                _english++;
            if (ForeignLookup.Contains(word))
                _foreignLatin += StopWords.IsEnglish(word) ? 0.3 : 1;
            else if (word.ContainsAnyExceptInRange('\0', '\u007F') && !word.Contains('’'))
                _foreignLatin += 0.7;
        }

        public readonly DetectedLanguage Judge()
        {
            // Kana makes the Chinese characters around it Japanese; a letter of a neighbour makes the Cyrillic around it that neighbour's.
            var chinese = _japanese > _chinese * 0.1 ? 0 : _chinese;
            var japanese = _japanese + _chinese - chinese;
            var russian = _otherCyrillic > _russian * 0.1 ? 0 : _russian;
            var otherCyrillic = _otherCyrillic + _russian - russian;
            var native = chinese + russian > 0;
            var latin = _latin * (native ? LatinBesideNative : 1);
            var isForeign = _foreignLatin > _english && _foreignLatin > _latin * 0.12;

            var scores = (
                English: isForeign ? 0 : latin,
                Russian: russian,
                Chinese: chinese,
                Other: japanese + otherCyrillic + _otherScripts + (isForeign ? latin : 0));
            var total = scores.English + scores.Russian + scores.Chinese + scores.Other;
            if (total == 0)
                return new DetectedLanguage(TextLanguage.Other, 0);

            var (language, best) = (TextLanguage.Other, scores.Other);
            if (scores.English > best)
                (language, best) = (TextLanguage.English, scores.English);
            if (scores.Russian >= best && scores.Russian > 0)
                (language, best) = (TextLanguage.Russian, scores.Russian);
            if (scores.Chinese >= best && scores.Chinese > 0)
                (language, best) = (TextLanguage.Chinese, scores.Chinese);

            // Latin letters alone prove little until an English stop word is seen; a script of its own proves much at once.
            var familiarity = language == TextLanguage.English ? 0.4 + 0.6 * Math.Min(1, 3 * _english / _latin) : 1;
            var amount = 1 - Math.Exp(-1.2 * best);
            return new DetectedLanguage(language, best / total * familiarity * amount);
        }
    }
}
