using SiteDesk.Assistant.LanguageModel;
using SiteDesk.Assistant.LanguageModel.Wording;

namespace SiteDesk.Tests.Assistant.LanguageModel;

/// <summary>What a model may say: only what stands in the passages and facts, in any usual way of writing.</summary>
public sealed class AnswerCheckTests
{
    private static readonly Passage[] Shop =
    [
        new(1, "Returns", "You can return unused goods within 14 days of delivery. Returning a parcel costs 4.90 EUR; from 1,000 EUR on it is free. Write to returns@shop.example or see https://shop.example/help/returns."),
        new(2, "Sale", "With the code SAVE10 you get 10% off until 24 December 2026. The shop is open 09:00–18:00, phone +49 30 1234 5678."),
        new(3, "Возврат", "Вернуть товар можно в течение 14 рабочих дней. Доставка стоит 1 490 ₽, скидка 15 процентов до 24.12.2026. Гарантия 2 года."),
        new(4, "退货", "收到商品后十四天内可以退货，运费12元，满200元免运费。活动到2026年12月24日，退款需要3-5个工作日。每天10点开门。"),
    ];

    [Theory]
    [InlineData("en", "You can return it within 14 days [1].")]
    [InlineData("en", "**Returns** take up to 14 days [1]. The parcel costs €4.90 [1].")]
    [InlineData("en", "From 1000 EUR on it is free [1]; that is EUR 1,000.00 [1].")]
    [InlineData("en", "You get 10 percent off with save10 until December 24th, 2026 [2].")]
    [InlineData("en", "The offer ends on 24 December [2], and we are open from 9 am to 6 pm [2].")]
    [InlineData("en", "Please write to Returns@Shop.example [1] or see [the page](https://www.shop.example/help/returns/) [1].")]
    [InlineData("en", "Call us at +49 30 12345678 and ask for the return [2].")]
    [InlineData("en", "You can return it [1, 2] within ten and four days【1】.")]
    [InlineData("ru", "Вернуть товар можно за 14 дней [3], доставка стоит 1490 руб. [3]")]
    [InlineData("ru", "Скидка 15 % действует до 24 декабря 2026 года [3], гарантия — 2 года [3].")]
    [InlineData("zh-Hans", "收到商品后14天内可以退货[4]，满二百元免运费[4]。")]
    [InlineData("zh-Hans", "您可以在十四天内退货【4】，运费是１２元[4]，退款要三到五个工作日[4]。")]
    [InlineData("zh-Hans", "活动到12月24日为止，上午10点开门[4]。一下子就能办好，千万不要着急。")]
    public void What_stands_in_the_passages_may_be_said_in_any_usual_way(string language, string said)
    {
        var result = Judge(language, said);
        result.Failure.ShouldBeNull($"{said} → {result.Failure}");
        result.Text.ShouldNotBeNull();
        result.Cited.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("UnsupportedNumber", "en", "You can return it within 30 days [1].")]
    [InlineData("UnsupportedNumber", "en", "You can return it within 14 weeks [1].")]
    [InlineData("UnsupportedNumber", "en", "You can return it within １５ days [1].")]
    [InlineData("UnsupportedNumber", "en", "You can return it within 1\u200B5 days [1].")]
    [InlineData("UnsupportedNumber", "en", "Use the code SAVE20 for your return [2].")]
    [InlineData("UnsupportedNumber", "en", "Call us at +49 30 1234 5679 for the return [2].")]
    [InlineData("UnsupportedNumber", "ru", "Вернуть товар можно за 41 день [3].")]
    [InlineData("UnsupportedNumber", "zh-Hans", "您可以在三十天内退货[4]。")]
    [InlineData("UnsupportedNumber", "zh-Hans", "您可以在七天内退货[4]。")]
    [InlineData("UnsupportedAmount", "en", "The return parcel costs 5.90 EUR [1].")]
    [InlineData("UnsupportedAmount", "en", "The return parcel costs $4.90 [1].")]
    [InlineData("UnsupportedAmount", "en", "From 1.000 EUR on the return is free [1].")]
    [InlineData("UnsupportedAmount", "en", "You get 14% off the whole order [2].")]
    [InlineData("UnsupportedAmount", "ru", "Доставка стоит 14 ₽ [3].")]
    [InlineData("UnsupportedAmount", "ru", "Доставка стоит 1490 тыс. рублей [3].")]
    [InlineData("UnsupportedAmount", "zh-Hans", "满两千元免运费[4]。")]
    [InlineData("UnsupportedDate", "en", "The offer ends on 25 December 2026 [2].")]
    [InlineData("UnsupportedDate", "en", "The offer ends on 24 December 2027 [2].")]
    [InlineData("UnsupportedDate", "en", "The shop is open until 19:00 [2].")]
    [InlineData("UnsupportedDate", "ru", "Скидка действует до 24.11.2026 [3].")]
    [InlineData("UnsupportedDate", "zh-Hans", "活动到2026年11月24日为止[4]。")]
    [InlineData("UnsupportedLink", "en", "See https://evil.example/returns for the return [1].")]
    [InlineData("UnsupportedLink", "en", "See https://shop.example/help/returns?token=1 for the return [1].")]
    [InlineData("UnsupportedLink", "en", "See [the page](javascript:alert) for the return [1].")]
    [InlineData("UnsupportedLink", "en", "See evil.example for the return [1].")]
    [InlineData("UnsupportedLink", "en", "Write to returns@evil.example about the return [1].")]
    [InlineData("UnsupportedLink", "en", "![picture](https://evil.example/pixel.png) You can return it [1].")]
    [InlineData("NoCitation", "en", "You can return it within 14 days.")]
    [InlineData("UnknownCitation", "en", "You can return it within 14 days [9].")]
    [InlineData("UnknownCitation", "en", "You can return it within 14 days [1], see also [14].")]
    [InlineData("WrongLanguage", "en", "Вы можете вернуть товар в течение 14 дней [3].")]
    [InlineData("WrongLanguage", "en", "Vous pouvez retourner les articles dans les 14 jours avec nous [1].")]
    [InlineData("WrongLanguage", "ru", "You can return it within 14 days of the delivery [1].")]
    [InlineData("WrongLanguage", "zh-Hans", "You can return it within 14 days of the delivery [1].")]
    [InlineData("Unreadable", "en", "You can return it <script>alert()</script> [1].")]
    [InlineData("Unreadable", "en", "You can return it <img src=x onerror=alert()> [1].")]
    [InlineData("Unreadable", "en", " \u0007 ")]
    public void What_does_not_stand_there_drops_the_whole_answer(string failure, string language, string said)
    {
        var result = Judge(language, said);
        result.Failure.ToString().ShouldBe(failure, said);
        result.Text.ShouldBeNull();
    }

    [Fact]
    public void An_answer_that_is_far_longer_than_the_plain_one_is_dropped() =>
        Judge("en", string.Concat(Enumerable.Repeat("You can return it within 14 days [1]. ", 40))).Failure.ShouldBe(WordingFailure.TooLong);

    [Fact]
    public void Markup_goes_and_citations_are_written_in_one_way()
    {
        var result = Judge("en", "## Returns\n> You can **return** it within `14 days`【1】.\n\n\n\nIt is __free__ from 1,000 EUR on [^1,\u00A02].");
        result.Text.ShouldBe("Returns\nYou can return it within 14 days[1].\n\nIt is free from 1,000 EUR on [1][2].");
        result.Cited.ShouldBe([1, 2]);
    }

    [Fact]
    public void A_fact_supports_what_is_said_like_a_passage()
    {
        var request = new WordingRequest("Where is it?", "en", Shop, ["Order A-10024 was sent on 12 May 2026"], "It was sent.");
        AnswerCheck.Judge("Your order a-10024 left us on May 12 [1].", request).Failure.ShouldBeNull();
        AnswerCheck.Judge("Your order A-10025 left us on May 12 [1].", request).Failure.ShouldBe(WordingFailure.UnsupportedNumber);
    }

    /// <summary>Every figure of the passages, changed by one: none may pass as it is.</summary>
    [Fact]
    public void No_changed_figure_passes()
    {
        const int seed = 20_26;
        var random = new Random(seed);
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        for (var round = 0; round < 2_000; round++)
        {
            var days = random.Next(2, 4_000);
            var price = random.Next(2, 400_000);
            var wrongDays = days + random.Next(1, 500);
            var wrongPrice = price + random.Next(1, 500);
            var request = new WordingRequest("How long?", "en", [new Passage(1, "Terms", $"It takes {days} days and costs {price / 100}.{price % 100:00} EUR.")], [], "");
            AnswerCheck.Judge($"It takes {days} days and costs €{price / 100:N0}.{price % 100:00} [1].", request).Failure.ShouldBeNull($"{days} {price}");
            AnswerCheck.Judge($"It takes {wrongDays:N0} days [1].", request).Failure.ShouldBe(WordingFailure.UnsupportedNumber, $"{days} {wrongDays}");
            AnswerCheck.Judge($"It costs you {wrongPrice / 100}.{wrongPrice % 100:00} EUR [1].", request).Failure.ShouldBe(WordingFailure.UnsupportedAmount, $"{price} {wrongPrice}");
        }
    }

    [Theory]
    [InlineData("十", 10)]
    [InlineData("十四", 14)]
    [InlineData("二十", 20)]
    [InlineData("一百零五", 105)]
    [InlineData("一百二", 120)]
    [InlineData("两千", 2000)]
    [InlineData("一万二", 12000)]
    [InlineData("三万零五十", 30050)]
    [InlineData("二〇二六", 2026)]
    [InlineData("一亿两千万", 120000000)]
    public void Chinese_numerals_are_read(string written, int value) => ChineseNumerals.Read(written).ShouldBe(value);

    private static WordingResult Judge(string language, string said) =>
        AnswerCheck.Judge(said, new WordingRequest("?", language, Shop, [], "You can return it within 14 days."));
}
