namespace SiteDesk.Language.Tests.Text;

public sealed class LanguageDetectorTests
{
    [Theory]
    [InlineData("Where is my order?", "en")]
    [InlineData("refund", "en")]
    [InlineData("I can't log in to my account", "en")]
    [InlineData("где мой заказ", "ru")]
    [InlineData("Привет! Не приходит order A-10293 на iPhone", "ru")]
    [InlineData("我的订单在哪里", "zh")]
    [InlineData("請問如何退貨", "zh")]
    [InlineData("我的 iPhone order 到哪了", "zh")]
    [InlineData("де моє замовлення, я його ще не отримав", "other")]
    [InlineData("Wo ist meine Bestellung?", "other")]
    [InlineData("¿Dónde está mi pedido?", "other")]
    [InlineData("Où est ma commande, je ne la trouve pas", "other")]
    [InlineData("注文はどこですか", "other")]
    [InlineData("أين طلبي", "other")]
    [InlineData("12345 🙂", "other")]
    [InlineData("", "other")]
    public void Short_messages_are_recognised(string text, string code) => LanguageDetector.Detect(text).Code.ShouldBe(code);

    [Fact]
    public void A_sentence_is_surer_than_a_word()
    {
        var word = LanguageDetector.Detect("order").Confidence;
        var sentence = LanguageDetector.Detect("I would like to know where my order is").Confidence;

        word.ShouldBeInRange(0.1, 0.6);
        sentence.ShouldBeGreaterThan(0.9);
        LanguageDetector.Detect("🙂").Confidence.ShouldBe(0);
    }
}
