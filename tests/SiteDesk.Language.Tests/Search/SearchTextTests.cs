namespace SiteDesk.Language.Tests.Search;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("товар", "нет товара в наличии")]
    [InlineData("товара", "Где мой ТОВАР?")]
    [InlineData("会员 ", "怎么取消会员卡")]
    [InlineData("票吗 ", "发票在哪里，票据呢")]
    [InlineData("想退", "要退货")]
    [InlineData("расчет", "Расчёт не прошёл")]
    [InlineData("refund", "I was refunded twice")]
    [InlineData("deliv", "the delivery is late")]
    [InlineData("delivery", "the deliveries are late")]
    [InlineData("退货", "我想退貨，谢谢")]
    [InlineData("退貨運費", "运费由谁付？我要退货")]
    [InlineData("货", "退货")]
    [InlineData("退", "退货")]
    [InlineData("10293", "order A-10293 is lost")]
    [InlineData("a10293", "order A-10293 is lost")]
    [InlineData("A-102", "order A-10293 is lost")]
    [InlineData("А-10293", "order A-10293 is lost")]
    [InlineData("anna@example.com", "from Anna@Example.com")]
    [InlineData("anna@exa", "from Anna@Example.com")]
    [InlineData("\"order is lost\"", "my order is lost again")]
    [InlineData("«退货运费»", "关于退货运费的问题")]
    [InlineData("\"货运\"", "关于退货运费的问题")]
    [InlineData("\"lost or", "lost orders")]
    [InlineData("how do I return", "returning things")]
    [InlineData("where is", "where is it")]
    [InlineData("我想怎么退货", "退货说明")]
    [InlineData("2e10", "part 2e10 is missing")]
    public void What_a_reader_types_finds_the_text(string query, string text) => Finds(query, text).ShouldBeTrue();

    [Theory]
    [InlineData("universal ", "the university")]
    [InlineData("\"lost order\"", "order lost")]
    [InlineData("退款", "退货，货款")]
    [InlineData("refund late", "the refund is here")]
    [InlineData("会员 ", "员工在吗")]
    [InlineData("在线 ", "没有路线图")]
    [InlineData("10293 ", "order A-102930")]
    [InlineData("", "anything")]
    [InlineData("🙂 !!!", "anything")]
    public void What_was_not_asked_for_is_not_found(string query, string text) => Finds(query, text).ShouldBeFalse();

    [Theory]
    [InlineData("\" OR 1=1 --")]
    [InlineData("a' | !b & (c:* <-> 'd\\")]
    [InlineData("NEAR(a b) AND NOT col:x ^y* {z}")]
    [InlineData("nul\0nul \uD800 \u202Eabc")]
    [InlineData("\"\"\"\"\"")]
    public void Rendered_queries_hold_nothing_that_an_engine_could_take_for_its_own(string query)
    {
        var search = SearchText.ForQuery(query);
        var tokens = search.Clauses.SelectMany(clause => clause.Alternatives).SelectMany(phrase => phrase.Tokens).ToList();

        tokens.ShouldAllBe(token => token.Length > 0 && token.All(char.IsLetterOrDigit));
        search.ToFts5().Count(unit => unit == '"').ShouldBe(search.Clauses.Sum(clause => clause.Alternatives.Count) * 2);
        search.ToTsQuery().Count(unit => unit == '\'').ShouldBe(tokens.Count * 2);
    }

    [Fact]
    public void Both_renderings_say_the_same()
    {
        var search = SearchText.ForQuery("late \"lost order\" refu");

        search.ToFts5().ShouldBe("(\"late\") AND (\"lost order\") AND (\"refu\" OR \"refu\" *)");
        search.ToTsQuery().ShouldBe("('late') & ('lost' <-> 'order') & ('refu' | 'refu':*)");
    }

    [Theory]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData('退')]
    [InlineData('1')]
    public void A_query_of_a_hundred_thousand_characters_stays_small(char unit)
    {
        var search = SearchText.ForQuery(string.Join(' ', Enumerable.Repeat(new string(unit, 9), 10_000)));

        search.Clauses.Count.ShouldBeLessThanOrEqualTo(32);
        search.ToFts5().Length.ShouldBeLessThan(20_000);
    }

    [Fact]
    public void A_text_of_any_length_fits_the_limits_of_the_databases()
    {
        var random = new Random(7);
        var text = string.Join(' ', Enumerable.Range(0, 50_000).Select(_ => $"слово{random.Next()} 退货{random.Next()}@"));

        var index = SearchText.ForIndex(text);

        index.Split(' ').Length.ShouldBe(SearchText.MostTokens);
        index.Split(' ').ShouldAllBe(token => token.All(char.IsLetterOrDigit));
    }

    [Fact]
    public void The_code_of_a_beginning_is_the_beginning_of_the_code()
    {
        foreach (var term in new[] { "order", "заказ", "2e10", "a@b.c", "退货", "don't", "한국" })
        {
            for (var length = 1; length < term.Length; length++)
                SearchText.Encode(term).ShouldStartWith(SearchText.Encode(term[..length]));
        }
    }

    /// <summary>What both engines do: tokens split at spaces, phrases by place, all clauses required.</summary>
    private static bool Finds(string query, string text)
    {
        var tokens = SearchText.ForIndex(text).Split(' ');
        var search = SearchText.ForQuery(query);
        return !search.IsEmpty && search.Clauses.All(clause => clause.Alternatives.Any(phrase => Occurs(phrase, tokens)));
    }

    private static bool Occurs(SearchPhrase phrase, string[] tokens) =>
        Enumerable.Range(0, tokens.Length).Any(start => phrase.Tokens.Select((token, i) => (token, i)).All(pair =>
            start + pair.i < tokens.Length
            && (phrase.IsPrefix && pair.i == phrase.Tokens.Count - 1
                ? tokens[start + pair.i].StartsWith(pair.token, StringComparison.Ordinal)
                : tokens[start + pair.i] == pair.token)));
}
