namespace SiteDesk.Language;

/// <summary>Text typed in the wrong one of the English and Russian keyboard layouts, turned into what was meant.</summary>
public static class KeyboardLayout
{
    private const string English = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>";
    private const string Russian = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ";

    private static readonly Dictionary<char, char> ToRussian = English.Zip(Russian).ToDictionary();
    private static readonly Dictionary<char, char> ToEnglish = Russian.Zip(English).ToDictionary();

    /// <summary>
    /// Swaps the layout of a text: Latin keys become Russian letters when most letters are Latin, and the other way round. Whether the
    /// result makes sense is for the caller to find out.
    /// </summary>
    /// <param name="text">What was typed.</param>
    /// <returns>What the same keys give in the other layout.</returns>
    public static string Swap(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var latin = text.Count(char.IsAsciiLetter);
        var cyrillic = text.Count(unit => unit is >= 'А' and <= 'я' or 'ё' or 'Ё');
        var keys = latin >= cyrillic ? ToRussian : ToEnglish;
        return string.Create(text.Length, (text, keys), static (swapped, state) =>
        {
            for (var i = 0; i < swapped.Length; i++)
                swapped[i] = state.keys.GetValueOrDefault(state.text[i], state.text[i]);
        });
    }
}
