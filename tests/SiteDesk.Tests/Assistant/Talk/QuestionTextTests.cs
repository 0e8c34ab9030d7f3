using SiteDesk.Assistant.Talk;

namespace SiteDesk.Tests.Assistant.Talk;

public sealed class QuestionTextTests
{
    [Theory]
    [InlineData("<b>Hi!</b> where is my order", "where is my order")]
    [InlineData("<p>how do I <a href=\"https://example.com\">pay</a>&nbsp;&amp; when</p>", "how do I  pay \u00A0& when")]
    [InlineData("hello, my card was charged twice", "my card was charged twice")]
    [InlineData("Good morning everyone - can I pay by invoice", "can I pay by invoice")]
    [InlineData("Здравствуйте! где мой заказ", "где мой заказ")]
    [InlineData("Добрый день\nхочу вернуть куртку", "хочу вернуть куртку")]
    [InlineData("你好，怎么退货", "怎么退货")]
    [InlineData("您好怎么退货", "怎么退货")]
    public void A_question_stands_alone_without_markup_and_greeting(string text, string question) =>
        string.Join(' ', QuestionText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(string.Join(' ', question.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("hello")]
    [InlineData("Hi, all!")]
    [InlineData("你好！")]
    [InlineData("здравствуйте, вы")]
    [InlineData("high prices, why?")]
    [InlineData("my address is <anna@example.com>, is 2 < 3 > 1?")]
    public void What_is_no_markup_and_a_greeting_alone_stay(string text) => QuestionText.Of(text).ShouldBe(text);

    [Fact]
    public void Hostile_text_is_read_in_time_linear_in_its_length()
    {
        var text = string.Concat(Enumerable.Repeat("<a <b <!--", 20_000));
        QuestionText.Of(text).Length.ShouldBeGreaterThan(0);
    }
}
