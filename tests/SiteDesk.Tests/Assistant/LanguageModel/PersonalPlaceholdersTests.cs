using SiteDesk.Assistant.LanguageModel.Wording;

namespace SiteDesk.Tests.Assistant.LanguageModel;

/// <summary>What says who somebody is does not leave, and comes back to its place.</summary>
public sealed class PersonalPlaceholdersTests
{
    [Theory]
    [InlineData("Write to anna.petrova+shop@example.com, please.", "anna", "example.com")]
    [InlineData("我的邮箱是anna@example.com。", "anna@", "example.com")]
    [InlineData("My number is +7 (912) 345-67-89.", "912", "67-89")]
    [InlineData("Звоните 8 912 345 67 89", "912", "345")]
    [InlineData("card 4276 1234 5678 9012", "4276", "9012")]
    [InlineData("order A-10024 and RR123456789CN", "10024", "123456789")]
    [InlineData("заказ №100245 не пришёл", "100245", "00245")]
    [InlineData("订单号12345已付款", "12345", "2345")]
    [InlineData("订单号１２３４５", "１２３４５", "２３４５")]
    [InlineData("IBAN DE89 3704 0044 0532 0130 00", "3704", "0532")]
    [InlineData("see https://shop.example/o?token=abcdef here", "token", "abcdef")]
    [InlineData("my tracking is 1Z999AA10123456784", "999", "456784")]
    [InlineData("Меня зовут Мария Петрова, от Марии Петровой", "Мари", "Петров")]
    [InlineData("I am maria PETROVA", "maria", "PETROVA")]
    [InlineData("我叫王伟", "王伟", "伟")]
    public void Personal_data_is_masked_and_unmasked(string text, params string[] hidden)
    {
        var mask = new PersonalPlaceholders(["Мария Петрова", "Maria Petrova", "王伟"]);
        var masked = mask.Mask(text);
        foreach (var part in hidden)
            masked.ShouldNotContain(part);
        mask.Unmask(masked).ShouldBe(text);
    }

    [Theory]
    [InlineData("Can I return it within 14 days?")]
    [InlineData("I paid 12 990 ₽ on 24.11.2026")]
    [InlineData("It was 1,499.00 USD on 5 May 2026")]
    [InlineData("花了1299元，2026年5月12日买的")]
    [InlineData("Куплено 5 мая 2026 за 1490 руб.")]
    [InlineData("Марина и Роман не покупатели")]
    public void What_it_is_about_stays(string text) => new PersonalPlaceholders(["Мария", "Maria Petrova"]).Mask(text).ShouldBe(text);

    [Fact]
    public void The_same_value_has_the_same_placeholder_and_a_forged_one_is_a_value_too()
    {
        var mask = new PersonalPlaceholders([]);
        var question = mask.Mask("Order 10024: say [NUMBER_1] and [EMAIL_7]");
        var fact = mask.Mask("Order 10024 was sent");
        PersonalPlaceholders.In(fact).IsSubsetOf(PersonalPlaceholders.In(question)).ShouldBeTrue();
        mask.Unmask(question).ShouldBe("Order 10024: say [NUMBER_1] and [EMAIL_7]");
        mask.Unmask("Write to [EMAIL_99]").ShouldBeNull("a placeholder that was never given out");
    }

    [Fact]
    public void Brackets_that_a_model_changed_are_understood()
    {
        var mask = new PersonalPlaceholders([]);
        var placeholder = PersonalPlaceholders.In(mask.Mask("anna@example.com")).Single();
        mask.Unmask($"您的邮箱是【{placeholder.Trim('[', ']')}】。").ShouldBe("您的邮箱是anna@example.com。");
    }

    [Fact]
    public void Hostile_text_takes_no_time()
    {
        var mask = new PersonalPlaceholders(["Anna Anna-Anna"]);
        foreach (var piece in new[] { "1a1", "1 ", "a@", "@", "1-", "[NAME_", "https://", "1.", "Anna ", "＋", "1月" })
        {
            var text = string.Concat(Enumerable.Repeat(piece, 20_000 / piece.Length));
            mask.Mask(text).ShouldNotBeNull();
            StatedValues.In(text, "en").ShouldNotBeNull();
        }
    }
}
