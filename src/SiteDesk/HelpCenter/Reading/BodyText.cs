using System.Text;

namespace SiteDesk.HelpCenter.Reading;

/// <summary>A heading of an article with what stands under it, as plain text.</summary>
/// <param name="Level">2 or 3.</param>
/// <param name="Anchor">Its place in the page, unique in the article.</param>
public sealed record BodyHeading(int Level, string Anchor, string Text, string Answer);

/// <summary>What an article says, without its markup.</summary>
/// <param name="Plain">The text without headings, blocks separated by line ends.</param>
public sealed record BodyText(string Plain, IReadOnlyList<BodyHeading> Headings)
{
    private const int LengthOfBeginning = 160;

    /// <summary>The first words, for lists of search engines and feeds.</summary>
    public string Beginning
    {
        get
        {
            var line = Plain.ReplaceLineEndings(" ");
            if (line.Length <= LengthOfBeginning)
                return line;
            var end = line.LastIndexOf(' ', LengthOfBeginning);
            return line[..(end > LengthOfBeginning / 2 ? end : char.IsHighSurrogate(line[LengthOfBeginning - 1]) ? LengthOfBeginning - 1 : LengthOfBeginning)] + "…";
        }
    }

    public static BodyText Of(string html)
    {
        var (plain, heading, answer) = (new StringBuilder(html.Length), (StringBuilder?)null, new StringBuilder());
        var headings = new List<BodyHeading>();
        var anchors = new Anchors();
        var reader = new CanonicalReader(html);
        while (reader.MoveNext())
        {
            if (reader.Kind == PieceKind.Text)
            {
                if (heading is not null)
                {
                    heading.Append(reader.Decoded());
                }
                else
                {
                    var text = reader.Decoded();
                    plain.Append(text);
                    answer.Append(text);
                }
            }
            else if (reader.Name is "h2" or "h3")
            {
                if (reader.Kind == PieceKind.Opening)
                {
                    heading = new StringBuilder();
                }
                else if (heading is not null)
                {
                    Close(headings, answer);
                    var text = Tidy(heading);
                    headings.Add(new BodyHeading(reader.Name[1] - '0', anchors.Next(text), text, ""));
                    heading = null;
                }
            }
            else if (reader.Name is not ("a" or "strong" or "em" or "code"))
            {
                EndLine(heading is null ? plain : heading);
                EndLine(answer);
            }
        }

        Close(headings, answer);
        return new BodyText(plain.ToString().Trim(), headings);
    }

    private static void Close(List<BodyHeading> headings, StringBuilder answer)
    {
        if (headings.Count > 0)
            headings[^1] = headings[^1] with { Answer = answer.ToString().Trim() };
        answer.Clear();
    }

    private static void EndLine(StringBuilder text)
    {
        if (text is { Length: > 0 } && text[^1] != '\n')
            text.Append('\n');
    }

    private static string Tidy(StringBuilder text) => string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Gives headings their places, as the authors' side names them: the same text twice gets a number. The page's own ids have an underscore, which no place has.</summary>
    internal sealed class Anchors
    {
        private readonly HashSet<string> _given = new(StringComparer.Ordinal);

        public string Next(string heading)
        {
            var anchor = Slugs.Free(Slugs.Of(heading, "section"), _given.Contains);
            _given.Add(anchor);
            return anchor;
        }
    }
}
