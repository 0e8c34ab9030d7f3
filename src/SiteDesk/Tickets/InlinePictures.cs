using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SiteDesk.Platform.Files;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tickets;

/// <summary>
/// Pictures that stand in the text of an answer, written <c>![words](picture:AbCdEfGh)</c>: eight letters of the token of a file that the
/// message has. The stored HTML names them in the same way, because a colleague, a customer and a mail program each find the file
/// elsewhere; whoever shows it says where.
/// </summary>
public static partial class InlinePictures
{
    /// <summary>Letters of a file's token that name it. The rest keeps it unguessable.</summary>
    public const int KeyLength = 8;

    private const string Scheme = "picture:";

    /// <returns>What a text names the picture by; null when the file cannot stand in a text.</returns>
    public static string? KeyOf(StoredFile file) => file.IsPicture ? file.Token[..KeyLength] : null;

    /// <returns>Whether the picture has its place in the text, so that it is not listed below it again.</returns>
    public static bool IsPlaced(Message message, StoredFile file) =>
        message.IsFormatted && KeyOf(file) is { } key && message.Html!.Contains($"<img src=\"{Scheme}{key}\"", StringComparison.Ordinal);

    /// <summary>The stored HTML with its pictures found. Of one that is not among the files its words remain.</summary>
    /// <param name="html">As <see cref="FormattedText.ToHtml"/> made it.</param>
    /// <param name="files">The message's own: nobody names a file of another.</param>
    /// <param name="address">Where the reader finds it; null when it is not to be had there.</param>
    /// <param name="widest">Pixels beyond which a picture is made narrower; for readers that know no style sheet.</param>
    public static string Show(string html, IEnumerable<StoredFile> files, Func<StoredFile, string?> address, int? widest = null)
    {
        if (!html.Contains(Scheme, StringComparison.Ordinal))
            return html;
        var known = files.Where(file => file.IsPicture).DistinctBy(KeyOf).ToDictionary(file => KeyOf(file)!, StringComparer.Ordinal);
        return InHtml().Replace(html, match =>
        {
            var words = match.Groups["words"].Value;
            if (!known.TryGetValue(match.Groups["key"].Value, out var file) || address(file) is not { } source)
                return words;
            var shown = new StringBuilder("<img src=\"").Append(MessageBody.Encode(source)).Append("\" alt=\"").Append(words.Length > 0 ? words : MessageBody.Encode(file.Name)).Append('"');
            return AppendSize(shown, file, widest).Append('>').ToString();
        });
    }

    /// <summary>The Markdown with the words of a picture in its place, for those who read no HTML.</summary>
    public static string AsWords(string text) => InText().Replace(text, match => match.Groups["words"].Value is { Length: > 0 } words ? $"[{words}]" : "");

    /// <returns>The letters that name a file; null when the address is no picture's.</returns>
    internal static string? KeyIn(string? address) => address is not null && KeyPattern().Match(address) is { Success: true } match ? match.Groups["key"].Value : null;

    internal static void Append(StringBuilder html, string key, string words) =>
        html.Append("<img src=\"").Append(Scheme).Append(key).Append("\" alt=\"").Append(MessageBody.Encode(words)).Append("\">");

    private static StringBuilder AppendSize(StringBuilder html, StoredFile file, int? widest)
    {
        if (file is not { Width: > 0 and var width, Height: > 0 and var height })
            return html;
        if (widest is { } most && width > most)
            (width, height) = (most, Math.Max(1, (int)((long)height * most / width)));
        return html.Append(CultureInfo.InvariantCulture, $" width=\"{width}\" height=\"{height}\"");
    }

    // What FormattedText writes and nothing else: a bracket that somebody typed is encoded there.
    [GeneratedRegex("""<img src="picture:(?<key>[A-Za-z0-9_-]{8})" alt="(?<words>[^"]*)">""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex InHtml();

    [GeneratedRegex("""!\[(?<words>[^\]\n]*)\]\(picture:[A-Za-z0-9_-]{8}\)""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex InText();

    [GeneratedRegex("^picture:(?<key>[A-Za-z0-9_-]{8})$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KeyPattern();
}
