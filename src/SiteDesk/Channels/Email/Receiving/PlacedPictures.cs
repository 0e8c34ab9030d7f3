using System.Text.RegularExpressions;
using SiteDesk.Mail;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>
/// Puts the pictures of a colleague's mail where the composer would: into the text. Outlook marks their places in the plain text by
/// <c>[cid:…]</c>, Gmail by <c>[image: name]</c>. Programs that mark none have said where only in HTML: such a picture follows the text when it
/// stands there before the quote. What stands nowhere, or in the quote, stays a file.
/// </summary>
internal static partial class PlacedPictures
{
    public static string Place(string text, string? html, IReadOnlyList<(MailAttachment Attachment, string Key)> pictures)
    {
        var written = html is null ? "" : QuoteStart().Match(html) is { Success: true } quote ? html[..quote.Index] : html;
        foreach (var (attachment, key) in pictures)
        {
            var picture = $"![{WordsOf(attachment.Name)}](picture:{key})";
            string?[] marks = [$"[cid:{attachment.ContentId}]", attachment.Name is { Length: > 0 } name ? $"[image: {name}]" : null];
            var mark = marks.OfType<string>().FirstOrDefault(candidate => text.Contains(candidate, StringComparison.OrdinalIgnoreCase));
            if (mark is not null)
                text = text.Replace(mark, picture, StringComparison.OrdinalIgnoreCase);
            else if (written.Contains($"cid:{attachment.ContentId}", StringComparison.OrdinalIgnoreCase))
                text = text.Length == 0 ? picture : $"{text.TrimEnd()}\n\n{picture}";
        }

        return text;
    }

    /// <summary>What would end the words of a picture is not among them.</summary>
    private static string WordsOf(string? name) => name is null ? "" : Unspeakable().Replace(Path.GetFileNameWithoutExtension(name), " ").Trim();

    [GeneratedRegex("""<blockquote|class="?gmail_quote|id="?(?:divRplyFwdMsg|appendonsend)|border-top:\s*solid #(?:E1E1E1|B5C4DF)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex QuoteStart();

    [GeneratedRegex("""[\[\]\\()\r\n*_`]+""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Unspeakable();
}
