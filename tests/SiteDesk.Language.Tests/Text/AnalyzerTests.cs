using System.Diagnostics;

namespace SiteDesk.Language.Tests.Text;

public sealed class AnalyzerTests
{
    [Theory]
    [InlineData("refunded Refunds REFUND", "refund refund refund")]
    [InlineData("возвраты Возврата возвратом", "возврат возврат возврат")]
    [InlineData("Расчёт расчет", "расчет расчет")]
    [InlineData("café naïve Größe", "cafe naiv gross")]
    [InlineData("cafe\u0301 мои\u0306", "cafe мо")]
    [InlineData("Ｒｅｆｕｎｄ ４２", "refund 42")]
    [InlineData("e-mail t-shirts", "email tshirt")]
    [InlineData("it’s user's don't", "it user don't")]
    [InlineData("где мой order", "где мо order")]
    [InlineData("1,299.00 12,50 1,299 3.14", "1299.00 12.50 1299 3.14")]
    [InlineData("", "")]
    [InlineData("🙂 ... — !?", "")]
    public void Words_are_reduced_to_one_form(string text, string terms) => Terms(text).ShouldBe(terms);

    [Theory]
    [InlineData("退貨", "退 退货 货")]
    [InlineData("退货", "退 退货 货")]
    [InlineData("怎么refund呢", "怎 怎么 么 refund 呢")]
    [InlineData("𠮷野", "𠮷 𠮷野 野")]
    public void Chinese_becomes_characters_and_pairs_in_simplified_form(string text, string terms) => Terms(text).ShouldBe(terms);

    [Theory]
    [InlineData("A-10293", "a10293", TokenKind.Code, "a 10293")]
    [InlineData("А-10293", "a10293", TokenKind.Code, "а 10293")]
    [InlineData("iPhone15", "iphone15", TokenKind.Code, "iphon 15")]
    [InlineData("2026-01-15", "20260115", TokenKind.Code, "2026 01 15")]
    [InlineData("Anna.Lee+shop@Example.com", "anna.lee+shop@example.com", TokenKind.Email, "anna lee shop exampl com")]
    [InlineData("https://www.Example.com/help/returns/", "example.com/help/returns", TokenKind.Url, "exampl com help return")]
    [InlineData("example.com/faq", "example.com/faq", TokenKind.Url, "exampl com faq")]
    [InlineData("магазин.рф", "магазин.рф", TokenKind.Url, "магазин рф")]
    public void Codes_and_addresses_are_kept_whole_beside_their_parts(string text, string whole, TokenKind kind, string parts)
    {
        var tokens = Analyzer.Analyze($"({text}).");

        tokens[0].ShouldBe(new Token(whole, 1, text.TrimEnd('/').Length, 0, kind));
        string.Join(' ', tokens.Skip(1).Select(token => token.Term)).ShouldBe(parts);
        tokens.Skip(1).ShouldAllBe(token => token.Kind == TokenKind.Part);
    }

    [Theory]
    [InlineData("It came to an end.Next day nothing.")]
    [InlineData("a@b and @name")]
    [InlineData("Wi-Fi or-not")]
    public void Ordinary_punctuation_makes_no_compounds(string text) =>
        Analyzer.Analyze(text).ShouldAllBe(token => token.Kind == TokenKind.Word);

    [Fact]
    public void Chinese_text_right_behind_an_address_is_not_part_of_it() =>
        Analyzer.Analyze("请看https://shop.example/help谢谢")
            .Single(token => token.Kind == TokenKind.Url).Term.ShouldBe("shop.example/help");

    [Fact]
    public void Offsets_point_at_the_words_as_they_were_written()
    {
        const string text = "Возвра\u0301т ＲＥＦＵＮＤ 退貨! A-10293";

        var words = Analyzer.Analyze(text).Select(token => text.Substring(token.Start, token.Length));

        words.ShouldBe(["Возвра\u0301т", "ＲＥＦＵＮＤ", "退", "退貨", "貨", "A-10293", "A", "10293"]);
    }

    [Fact]
    public void A_compound_and_a_pair_share_the_place_of_their_first_part()
    {
        var places = Analyzer.Analyze("see A-10293 退货 now").Select(token => (token.Term, token.Position));

        places.ShouldBe([("see", 0), ("a10293", 1), ("a", 1), ("10293", 2), ("退", 3), ("退货", 3), ("货", 4), ("now", 5)]);
    }

    [Theory]
    [InlineData('a')]
    [InlineData('я')]
    [InlineData('货')]
    [InlineData('.')]
    [InlineData('-')]
    [InlineData('7')]
    [InlineData('\0')]
    [InlineData('\uD800')]
    [InlineData('\u0301')]
    public void A_hundred_thousand_equal_characters_are_analysed_at_once(char unit) => AnalyseQuickly(new string(unit, 100_000));

    [Theory]
    [InlineData("a.")]
    [InlineData("a@")]
    [InlineData("a-")]
    [InlineData("1a-")]
    [InlineData("www.")]
    [InlineData("http://")]
    [InlineData("a'")]
    [InlineData("x@y.")]
    public void Text_made_to_look_like_addresses_takes_linear_time(string piece) =>
        AnalyseQuickly(string.Concat(Enumerable.Repeat(piece, 50_000)));

    [Fact]
    public void Random_text_never_breaks_an_invariant()
    {
        const int seed = 20260115;
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        var random = new Random(seed);
        const string alphabet = "aZéя Ёй退貨\uD842\uDFB7\uD800.@-_/:0９7'’\u0301\u0306\u200D ،عא한かﬀＡ🙂\0\n";
        for (var round = 0; round < 3_000; round++)
        {
            var text = string.Create(random.Next(40), random, (span, r) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = alphabet[r.Next(alphabet.Length)];
            });
            foreach (var token in Analyzer.Analyze(text))
            {
                token.Start.ShouldBeGreaterThanOrEqualTo(0);
                token.Length.ShouldBeGreaterThan(0);
                token.End.ShouldBeLessThanOrEqualTo(text.Length);
                token.Term.Length.ShouldBeInRange(1, Analyzer.LongestTerm);
            }
        }
    }

    private static void AnalyseQuickly(string text)
    {
        var clock = Stopwatch.StartNew();
        Analyzer.Analyze(text).ShouldNotBeNull();
        // Quadratic time would take minutes here; the limit only has to tell the two apart on a busy machine.
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static string Terms(string text) => string.Join(' ', Analyzer.Analyze(text).Select(token => token.Term));
}
