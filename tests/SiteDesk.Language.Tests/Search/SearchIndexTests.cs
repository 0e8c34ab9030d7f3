namespace SiteDesk.Language.Tests.Search;

public sealed class SearchIndexTests
{
    private const long Returns = 1, Delivery = 2, Payment = 3, Hello = 4, Account = 5;

    private static readonly SearchIndex English = SearchIndex.Build(
        [
            new(Returns, "Returns and refunds", "Send the goods back within 14 days. The money is refunded to your card.")
            {
                Questions = ["How do I get my money back?"],
                Headings = ["Who pays for shipping"],
            },
            new(Delivery, "Delivery times", "Parcels arrive in three days. Delivery to islands takes a week."),
            new(Payment, "Ways to pay", "We take cards, PayPal and invoices. Error E-4017 means that the bank declined."),
            new(Hello, "About our shop", "We sell cups. Universal cups for every home."),
            new(Account, "Reset your password", "Open the sign-in page and choose a new password."),
        ],
        new SynonymSet([["parcel", "package", "small box"], ["log in", "sign-in"]]));

    private static readonly SearchIndex Russian = SearchIndex.Build(
    [
        new(Returns, "Возврат товара", "Верните товар в течение 14 дней, деньги придут на карту."),
        new(Delivery, "Сроки доставки", "Посылка приходит за три дня. Расчёт стоимости в корзине."),
        new(Payment, "Способы оплаты", "Принимаем карты, СБП и счета."),
        new(Hello, "Привет", "О магазине."),
    ]);

    private static readonly SearchIndex Chinese = SearchIndex.Build(
    [
        new(Returns, "如何退货", "收到商品后七天内可以申请退货，运费由买家承担。"),
        new(Delivery, "配送时间", "订单发货后三天内送达。"),
        new(Payment, "付款方式", "支持支付宝和微信支付。"),
    ]);

    [Theory]
    [InlineData("refunded", Returns)]
    [InlineData("money back", Returns)]
    [InlineData("deliv", Delivery)]
    [InlineData("delivry", Delivery)]
    [InlineData("pasword reset", Account)]
    [InlineData("package", Delivery)]
    [InlineData("small box", Delivery)]
    [InlineData("where is the package", Delivery)]
    [InlineData("log in", Account)]
    [InlineData("E-4017", Payment)]
    [InlineData("e4017", Payment)]
    [InlineData("куагтв", Returns)]
    public void English_questions_find_their_article(string query, long article) => English.Search(query).Hits[0].Id.ShouldBe(article);

    [Theory]
    [InlineData("возвраты", Returns)]
    [InlineData("товары вернуть", Returns)]
    [InlineData("расчет", Delivery)]
    [InlineData("доставк", Delivery)]
    [InlineData("даставка", Delivery)]
    [InlineData("jgkfnf", Payment)]
    [InlineData("ghbdtn", Hello)]
    public void Russian_questions_find_their_article(string query, long article) => Russian.Search(query).Hits[0].Id.ShouldBe(article);

    [Theory]
    [InlineData("退货", Returns)]
    [InlineData("退貨運費", Returns)]
    [InlineData("请问怎么退货呢", Returns)]
    [InlineData("什么时候送达", Delivery)]
    [InlineData("微信", Payment)]
    [InlineData("付", Payment)]
    public void Chinese_questions_find_their_article(string query, long article) => Chinese.Search(query).Hits[0].Id.ShouldBe(article);

    [Fact]
    public void The_wrong_keyboard_layout_is_corrected_and_said()
    {
        var results = Russian.Search("ghbdtn");

        (results.Correction, results.ShownFor).ShouldBe((QueryCorrection.Layout, "привет"));
    }

    [Fact]
    public void A_typing_mistake_is_corrected_and_said()
    {
        var results = English.Search("new pasword please");

        (results.Correction, results.ShownFor).ShouldBe((QueryCorrection.Spelling, "new password please"));
    }

    [Fact]
    public void A_word_that_articles_know_is_left_alone() => English.Search("cups").Correction.ShouldBe(QueryCorrection.None);

    [Fact]
    public void Articles_that_the_reader_may_not_see_are_not_found() =>
        English.Search("refund", new SearchOptions { Accept = id => id != Returns }).Hits.ShouldNotContain(hit => hit.Id == Returns);

    [Fact]
    public void Words_are_marked_in_all_their_forms()
    {
        const string text = "Возвраты: вернём деньги за ВОЗВРАТ. Невозвратный тариф.";

        var found = Russian.Search("возврат").Highlighter.Find(text).Select(range => text.Substring(range.Start, range.Length));

        found.ShouldBe(["Возвраты", "ВОЗВРАТ"]);
    }

    [Fact]
    public void Chinese_pairs_are_marked_as_one()
    {
        const string text = "收到商品後可以申請退貨。";

        var range = Chinese.Search("退货").Highlighter.Find(text).ShouldHaveSingleItem();

        text.Substring(range.Start, range.Length).ShouldBe("退貨");
    }

    [Fact]
    public void An_excerpt_shows_where_the_words_stand()
    {
        var text = string.Concat(Enumerable.Repeat("Nothing of interest here. ", 40)) + "The refund takes three days. " + new string('x', 200);

        var excerpt = SearchHighlighter.For("refund").Excerpt(text, 80);

        text.Substring(excerpt.Range.Start, excerpt.Range.Length).ShouldContain("refund takes");
        excerpt.Range.Length.ShouldBeLessThanOrEqualTo(80);
        excerpt.Highlights.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("🙂🙂")]
    [InlineData("?!\0\uD800")]
    public void A_query_without_words_finds_nothing(string query) => English.Search(query).Hits.ShouldBeEmpty();

    [Theory]
    [InlineData("how do I")]
    [InlineData("أين طلبي من فضلك")]
    [InlineData("\" OR 1=1 --")]
    public void An_odd_query_does_no_harm(string query) => English.Search(query).Hits.Count.ShouldBeLessThanOrEqualTo(English.Count);

    [Theory]
    [InlineData("how do I", 0)]
    [InlineData("what is my", 0)]
    [InlineData("как мне", 0)]
    [InlineData("请问怎么", 0)]
    [InlineData("我想要，怎么样", 0)]
    [InlineData("about us", 1)]
    [InlineData("why us?", 2)]
    [InlineData("how do I refund", 3)]
    public void Grammar_alone_finds_only_what_is_called_so(string query, long first)
    {
        var index = SearchIndex.Build([
            new SearchDocument(1, "About us", "We sell cups. What is my order, and how do I get it?"), new SearchDocument(2, "Cups", "How do I choose?") { Questions = ["Why us?"] },
            new SearchDocument(3, "How do I get a refund?", "What is my refund? Как мне вернуть чашку? 我想退款，怎么办？"), new SearchDocument(4, "Delivery", "How do I track what is mine?"),
        ], cancellation: TestContext.Current.CancellationToken);

        (index.Search(query).Hits is [var hit, ..] ? hit.Id : 0).ShouldBe(first);
    }

    [Fact]
    public void A_query_of_a_hundred_thousand_characters_is_answered() =>
        English.Search(string.Concat(Enumerable.Repeat("refund ", 15_000))).Hits[0].Id.ShouldBe(Returns);

    [Fact]
    public void An_empty_index_finds_nothing() => SearchIndex.Build([], cancellation: TestContext.Current.CancellationToken).Search("refund").Hits.ShouldBeEmpty();

    [Fact]
    public async Task Readers_search_while_a_new_index_is_built()
    {
        var current = English;
        var articles = Enumerable.Range(0, 2_000)
            .Select(id => new SearchDocument(id, $"Article {id}", $"Text number {id} about cups and refunds"));
        var cancellation = TestContext.Current.CancellationToken;
        var building = Task.Run(() => SearchIndex.Build(articles, cancellation: cancellation), cancellation);

        while (!building.IsCompleted)
            current.Search("refund").Hits[0].Id.ShouldBe(Returns);
        current = await building;

        current.Search("article 1234").Hits[0].Id.ShouldBe(1234);
    }
}
