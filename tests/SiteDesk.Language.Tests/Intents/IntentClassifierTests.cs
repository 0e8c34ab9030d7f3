using System.Text.Json;

namespace SiteDesk.Language.Tests.Intents;

public sealed class IntentClassifierTests
{
    // A small service in three languages at once: what a new site starts with.
    private static readonly IntentExample[] Examples =
    [
        .. Of("order_status", "where is my order", "track my parcel", "has my package shipped yet", "когда придёт мой заказ", "где моя посылка", "我的订单到哪了", "包裹什么时候到"),
        .. Of("refund", "I want my money back", "how do I get a refund", "refund for a broken cup", "верните деньги", "как оформить возврат денег", "我要退款", "钱什么时候退回来"),
        .. Of("payment_failed", "my card was declined", "payment does not go through", "why can't I pay", "не проходит оплата", "карта не принимается", "付款失败了", "为什么支付不了"),
        .. Of("change_address", "change the delivery address", "I moved, send it elsewhere", "wrong address on my order", "поменять адрес доставки", "я указал не тот адрес", "修改收货地址", "地址填错了"),
        .. Of(IntentExample.OutOfScope, "what is the capital of France", "tell me a joke", "какая завтра погода", "今天天气怎么样"),
    ];

    [Theory]
    [InlineData("when will my order arrive?", "order_status")]
    [InlineData("заказ где", "order_status")]
    [InlineData("refunds please", "refund")]
    [InlineData("деньги вернуть можно?", "refund")]
    [InlineData("退款怎么弄", "refund")]
    [InlineData("карту не принимает", "payment_failed")]
    [InlineData("支付失敗", "payment_failed")]
    [InlineData("адрес доставки не тот", "change_address")]
    public void Questions_in_other_words_are_recognised(string question, string intent) =>
        Train(Examples).Classify(question).Ranked[0].Intent.ShouldBe(intent);

    [Fact]
    public void A_question_about_something_else_is_less_sure_than_one_about_an_intent()
    {
        var classifier = Train(Examples);

        classifier.Classify("who won the football match").Confidence.ShouldBeLessThan(classifier.Classify("where is my parcel").Confidence);
    }

    [Fact]
    public void Training_twice_gives_the_same_model()
    {
        var (first, second) = (Train(Examples), Train(Examples));

        foreach (var example in Examples)
        {
            var (left, right) = (first.Classify(example.Text), second.Classify(example.Text));
            right.Confidence.ShouldBe(left.Confidence);
            right.Ranked.ShouldBe(left.Ranked);
        }
    }

    [Fact]
    public void Shares_are_ranked_and_make_a_whole()
    {
        var ranked = Train(Examples).Classify("I need to change something").Ranked;

        ranked.Count.ShouldBe(4);
        ranked.Sum(score => score.Share).ShouldBe(1, 1e-6);
        ranked.Select(score => score.Share).ShouldBeInOrder(SortDirection.Descending);
    }

    [Theory]
    [InlineData("")]
    [InlineData("🙂")]
    [InlineData("\0\uD800")]
    [InlineData("عرض")]
    public void A_question_without_a_known_word_is_never_answered(string question) =>
        Train(Examples).Classify(question).Decision.ShouldNotBe(IntentDecision.Answer);

    [Fact]
    public void A_question_of_a_hundred_thousand_characters_is_judged_like_any_other() =>
        Train(Examples).Classify(string.Concat(Enumerable.Repeat("where is my order ", 6_000)))
            .Ranked[0].Intent.ShouldBe("order_status");

    [Fact]
    public void One_intent_is_nothing_to_tell_apart() =>
        Should.Throw<ArgumentException>(() => Train([new IntentExample("hello", "greeting")]));

    [Fact]
    public void Questions_out_of_scope_beside_one_intent_are_nothing_to_tell_apart() =>
        Should.Throw<ArgumentException>(() => Train([.. Of("greeting", "hello", "hi there"), .. Of(IntentExample.OutOfScope, "tell me a joke")]));

    [Fact]
    public void With_one_phrase_an_intent_it_recognises_but_answers_nothing()
    {
        var prediction = Train([.. Of("refund", "I want my money back"), .. Of("order_status", "where is my parcel")]).Classify("where is the parcel");

        prediction.Ranked[0].Intent.ShouldBe("order_status");
        // Nothing could be kept back to learn from how sure it may be.
        prediction.Decision.ShouldNotBe(IntentDecision.Answer);
        prediction.Confidence.ShouldBeInRange(0, 1);
    }

    [Fact]
    public void An_intent_of_a_single_phrase_takes_its_place_among_the_others() =>
        Train([.. Examples, .. Of("gift_card", "is there a gift voucher")]).Classify("do you sell a gift voucher").Ranked[0].Intent.ShouldBe("gift_card");

    [Fact]
    public void Phrases_that_are_empty_huge_or_broken_spoil_nothing()
    {
        var odd = Of("refund", "", " ", "\uD800", "a\nline \"quoted\", twice", string.Concat(Enumerable.Repeat("money back please ", 10_000)));

        Train([.. Examples, .. odd]).Classify("where is my parcel").Ranked[0].Intent.ShouldBe("order_status");
    }

    [Fact]
    public void A_few_questions_of_calibration_do_not_set_the_thresholds_alone()
    {
        var calibrated = IntentClassifier.Train(
            Examples,
            new IntentTrainingOptions { Calibration = [.. Of("refund", "refund please")] },
            TestContext.Current.CancellationToken);

        calibrated.Thresholds.Ask.ShouldBe(Train(Examples).Thresholds.Ask, 0.1);
    }

    [Fact]
    public void Training_stops_when_it_is_told_to() =>
        Should.Throw<OperationCanceledException>(() => IntentClassifier.Train(Examples, cancellation: new CancellationToken(canceled: true)));

    [Fact]
    public void On_held_out_questions_in_many_intents_it_reaches_its_goals()
    {
        if (Corpus.Find("intents", "clinc150", "train_val.json") is not { } path)
        {
            // Without the question sets the small examples have to do.
            var small = Train(Examples);
            Examples.Where(example => example.Intent != IntentExample.OutOfScope)
                .ShouldAllBe(example => small.Classify(example.Text).Ranked[0].Intent == example.Intent);
            return;
        }
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        // Thirty intents keep the test quick; the bench measures all.
        var train = Read(json, "train").GroupBy(example => example.Intent, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Take(30).SelectMany(group => group).Concat(Read(json, "oos_train")).ToList();
        var intents = train.Select(example => example.Intent).ToHashSet(StringComparer.Ordinal);
        var test = Read(json, "val").Where(example => intents.Contains(example.Intent)).Concat(Read(json, "oos_val")).ToList();

        var classifier = Train(train);
        var judged = test.Select(example => (example.Intent, Prediction: classifier.Classify(example.Text))).ToList();
        var inside = judged.Where(entry => entry.Intent != IntentExample.OutOfScope).ToList();
        var outside = judged.Where(entry => entry.Intent == IntentExample.OutOfScope).ToList();
        var answered = judged.Where(entry => entry.Prediction.Decision == IntentDecision.Answer).ToList();

        Share(inside, entry => entry.Prediction.Ranked[0].Intent == entry.Intent).ShouldBeGreaterThan(0.93);
        Share(outside, entry => entry.Prediction.Decision == IntentDecision.HandOver).ShouldBeGreaterThan(0.80);
        Share(answered, entry => entry.Prediction.Ranked[0].Intent == entry.Intent).ShouldBeGreaterThan(0.95);
        Share(inside, entry => entry.Prediction.Decision == IntentDecision.Answer).ShouldBeGreaterThan(0.75);
    }

    private static IntentClassifier Train(IReadOnlyList<IntentExample> examples) =>
        IntentClassifier.Train(examples, cancellation: TestContext.Current.CancellationToken);

    private static double Share<T>(List<T> all, Func<T, bool> isCounted) => all.Count(isCounted) / (double)all.Count;

    private static IEnumerable<IntentExample> Read(JsonDocument json, string list) =>
        json.RootElement.GetProperty(list).EnumerateArray().Select(pair => new IntentExample(pair[0].GetString()!, pair[1].GetString()!));

    private static IEnumerable<IntentExample> Of(string intent, params string[] texts) => texts.Select(text => new IntentExample(text, intent));
}
