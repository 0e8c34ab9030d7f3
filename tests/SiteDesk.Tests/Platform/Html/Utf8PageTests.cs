using System.Text;
using SiteDesk.Platform.Html;

namespace SiteDesk.Tests.Platform.Html;

public sealed class Utf8PageTests
{
    [Fact]
    public void A_page_has_the_same_bytes_in_whatever_pieces_it_is_written()
    {
        const int seed = 20_771;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        string[] letters = ["a", "<", "é", "ж", "你", "😀", "\ud83d", "\ude00", "\u0000", "\uffff", "&quot;", new('x', 5_000), new('中', 40_000)];
        for (var round = 0; round < 400; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => letters[random.Next(random.Next(20) == 0 ? letters.Length : letters.Length - 2)]));
            // A first half at the very end stays without its second: nothing is known of it yet.
            text += "end";
            using var page = new Utf8Page();
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(text.Length - at, random.Next(5) == 0 ? random.Next(10_000) : random.Next(4));
                Write(page, text.Substring(at, length), random.Next(4));
                at += length;
            }

            page.Content.ToArray().ShouldBe(Encoding.UTF8.GetBytes(text), $"seed {seed}, round {round}");
        }
    }

    private static void Write(Utf8Page page, string piece, int way)
    {
        if (way == 0)
            page.Write(piece);
        else if (way == 1)
            page.Write(piece.AsSpan());
        else if (way == 2)
            page.Write(piece.ToCharArray(), 0, piece.Length);
        else
            foreach (var letter in piece)
                page.Write(letter);
    }
}
