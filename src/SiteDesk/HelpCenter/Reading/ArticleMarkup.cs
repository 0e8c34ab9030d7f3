using System.Text;
using System.Text.Encodings.Web;
using SiteDesk.HelpCenter.Bodies;
using SiteDesk.Language;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>An article's body as its page shows it.</summary>
/// <param name="VideoHosts">Where its videos are played from; the page's content policy lets these in and no others.</param>
/// <param name="Picture">The first picture that is large enough to stand for the article where it is shared; null for none.</param>
public sealed record ArticleMarkup(string Html, BodyText Text, IReadOnlyList<string> VideoHosts, string? Picture)
{
    /// <summary>Pixels across and down; what is smaller is a button or a sign.</summary>
    private const int LeastOfSharedPicture = 200;

    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "p", "ul", "ol", "li", "strong", "em", "code", "blockquote", "thead", "tbody", "tr", "br", "hr",
    };

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    /// <param name="body">Canonical HTML.</param>
    /// <param name="texts">Words for call-outs and videos, in the article's language.</param>
    /// <param name="marks">What a reader searched, to be marked; null for nothing.</param>
    public static ArticleMarkup Of(string body, Texts texts, SearchHighlighter? marks = null)
    {
        var text = BodyText.Of(body);
        var writer = new Writer(texts, marks, text.Headings);
        var reader = new CanonicalReader(body);
        while (reader.MoveNext())
            writer.Write(ref reader);
        return new ArticleMarkup(writer.Html.ToString(), text, writer.VideoHosts, writer.Picture);
    }

    /// <summary>Text with what was searched marked in it, encoded.</summary>
    public static string Marked(string text, IReadOnlyList<TextRange> found)
    {
        if (found.Count == 0)
            return Encoder.Encode(text);
        var html = new StringBuilder(text.Length + found.Count * 13);
        var done = 0;
        foreach (var range in found)
        {
            html.Append(Encoder.Encode(text[done..range.Start])).Append("<mark>").Append(Encoder.Encode(text[range.Start..range.End])).Append("</mark>");
            done = range.End;
        }

        return html.Append(Encoder.Encode(text[done..])).ToString();
    }

    /// <summary>Writes what it knows; elements outside the closed set are left out, whatever the body says.</summary>
    private sealed class Writer(Texts texts, SearchHighlighter? marks, IReadOnlyList<BodyHeading> headings)
    {
        private readonly List<string> _hosts = [];
        private int _heading;
        private bool _isInVideo;
        private int _code;

        public StringBuilder Html { get; } = new();

        public IReadOnlyList<string> VideoHosts => _hosts;

        public string? Picture { get; private set; }

        public void Write(ref CanonicalReader reader)
        {
            if (_isInVideo && !(reader.Kind == PieceKind.Closing && reader.Name is "figure"))
                return;
            if (reader.Kind == PieceKind.Text)
            {
                var text = reader.Decoded();
                Html.Append(marks is null ? Encoder.Encode(text) : Marked(text, marks.Find(text)));
                return;
            }

            var name = reader.Name.ToString();
            if (name == "ol" && reader.Kind == PieceKind.Opening)
                Html.Append($"<ol{Span("start", reader.Attribute("start"))}>"); // steps that go on after something else
            else if (Plain.Contains(name))
                WritePlain(name, reader.Kind == PieceKind.Opening);
            else if (reader.Kind == PieceKind.Opening)
                Open(name, ref reader);
            else
                Close(name);
        }

        private void WritePlain(string name, bool opens)
        {
            if (name == "code" && _code > 0)
                return; // the block of code has its element already
            if (opens)
                Html.Append('<').Append(name).Append('>');
            else if (name is not ("br" or "hr"))
                Html.Append("</").Append(name).Append('>');
        }

        private void Open(string name, ref CanonicalReader reader)
        {
            switch (name)
            {
                case "h2" or "h3":
                    Html.Append($"<{name} id=\"{Encoder.Encode(_heading < headings.Count ? headings[_heading++].Anchor : "")}\">");
                    break;
                case "a":
                    OpenLink(reader.Attribute("href"));
                    break;
                case "img":
                    WritePicture(ref reader);
                    break;
                case "table":
                    Html.Append($"<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{Encoder.Encode(texts["help.table"])}\"><table>");
                    break;
                case "th" or "td":
                    Html.Append($"<{name}{Span("colspan", reader.Attribute("colspan"))}{Span("rowspan", reader.Attribute("rowspan"))}>");
                    break;
                case "pre":
                    _code++;
                    Html.Append($"<div class=\"code\"><pre tabindex=\"0\"{Named("data-language", reader.Attribute("data-language"))}><code>");
                    break;
                case "aside":
                    OpenCallout(reader.Attribute("data-kind"));
                    break;
                case "figure" when VideoProvider.Find(reader.Attribute("data-video")) is { } video:
                    _isInVideo = true;
                    WriteVideo(video.Provider, video.Id);
                    break;
                default: // not of the closed set
                    break;
            }
        }

        private void Close(string name)
        {
            switch (name)
            {
                case "h2" or "h3" or "a" or "th" or "td":
                    Html.Append("</").Append(name).Append('>');
                    break;
                case "table":
                    Html.Append("</table></div>");
                    break;
                case "pre":
                    _code--;
                    Html.Append("</code></pre></div>");
                    break;
                case "aside":
                    Html.Append("</div>");
                    break;
                case "figure":
                    _isInVideo = false;
                    break;
                default: // not of the closed set
                    break;
            }
        }

        private void OpenLink(string? address)
        {
            if (address is null || !IsSafe(address))
                Html.Append("<a>");
            else if (address.StartsWith("http", StringComparison.OrdinalIgnoreCase))
                Html.Append($"<a href=\"{Encoder.Encode(address)}\" rel=\"noopener\">");
            else
                Html.Append($"<a href=\"{Encoder.Encode(address)}\">");
        }

        private static bool IsSafe(string address) =>
            address is ['/' or '#', ..] || address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) || address.StartsWith("tel:", StringComparison.OrdinalIgnoreCase);

        private void WritePicture(ref CanonicalReader reader)
        {
            if (reader.Attribute("src") is not { } source || !source.StartsWith("/help-files/", StringComparison.Ordinal))
                return;
            if (IsLarge(reader.Attribute("width")) && IsLarge(reader.Attribute("height")))
                Picture ??= source;
            Html.Append($"<img src=\"{Encoder.Encode(source)}\" alt=\"{Encoder.Encode(reader.Attribute("alt") ?? "")}\"{Span("width", reader.Attribute("width"))}{Span("height", reader.Attribute("height"))} loading=\"lazy\" decoding=\"async\">");
        }

        private static bool IsLarge(string? pixels) => int.TryParse(pixels, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= LeastOfSharedPicture;

        private void OpenCallout(string? kind)
        {
            var known = kind is "tip" or "warning" ? kind : "note";
            Html.Append($"<div class=\"callout\" role=\"note\" data-kind=\"{known}\"><p class=\"callout-title\">{Encoder.Encode(texts[$"help.callout.{known}"])}</p>");
        }

        /// <summary>A link to the video; the page's script makes a player of it when it is pressed, and nothing is fetched before.</summary>
        private void WriteVideo(VideoProvider provider, string id)
        {
            if (!_hosts.Contains(provider.PlayerOrigin, StringComparer.Ordinal))
                _hosts.Add(provider.PlayerOrigin);
            Html.Append($"<p class=\"video\"><a class=\"video-start\" href=\"{Encoder.Encode(provider.PageOf(id))}\" rel=\"noopener\" data-player=\"{Encoder.Encode(provider.PlayerOf(id))}\" data-title=\"{Encoder.Encode(texts["help.video", ("name", provider.Name)])}\">")
                .Append($"<span>{Encoder.Encode(texts["help.video", ("name", provider.Name)])}</span><small>{Encoder.Encode(texts["help.video-hint", ("name", provider.Name)])}</small></a></p>");
        }

        /// <summary>An attribute that is a whole number, else nothing.</summary>
        private static string Span(string name, string? value) =>
            int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" {name}=\"{number}\"")
                : "";

        private static string Named(string name, string? value) => value is { Length: > 0 and <= 40 } ? $" {name}=\"{Encoder.Encode(value)}\"" : "";
    }
}
