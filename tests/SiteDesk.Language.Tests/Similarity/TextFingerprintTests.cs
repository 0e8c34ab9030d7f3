namespace SiteDesk.Language.Tests.Similarity;

public sealed class TextFingerprintTests
{
    private const string Letter =
        "Hello, I ordered two blue cups last week and one of them arrived broken. Please send a new one or refund the money. Order A-10293.";

    [Theory]
    [InlineData("HELLO! I ordered two blue cups last week, and one of them arrived broken. Please send a new one or refund the money. Order A-10293. Thanks")]
    [InlineData("I ordered two blue cups last week and one of them arrived broken. Please send a new one or refund my money. Order A-10293")]
    public void A_text_sent_again_with_small_changes_is_found(string again)
    {
        var (first, second) = (TextFingerprint.Of(Letter), TextFingerprint.Of(again));

        first.LikenessTo(second).ShouldBeGreaterThan(0.6);
        first.Bands().Intersect(second.Bands()).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("I cannot sign in, the page says that my password is wrong although I changed it yesterday.")]
    [InlineData("Здравствуйте, чашка пришла разбитой")]
    [InlineData("")]
    public void Another_text_is_not(string other)
    {
        var (first, second) = (TextFingerprint.Of(Letter), TextFingerprint.Of(other));

        first.LikenessTo(second).ShouldBeLessThan(0.2);
        first.Bands().Intersect(second.Bands()).ShouldBeEmpty();
    }

    [Fact]
    public void Chinese_texts_are_compared_too() =>
        TextFingerprint.Of("我上周买的杯子收到时是坏的，请退款").LikenessTo(TextFingerprint.Of("您好，我上周買的杯子收到時是壞的，請退款"))
            .ShouldBeGreaterThan(0.6);

    [Fact]
    public void A_stored_fingerprint_is_the_same_when_read_back()
    {
        var fingerprint = TextFingerprint.Of(Letter);

        TextFingerprint.FromBytes(fingerprint.ToBytes()).LikenessTo(fingerprint).ShouldBe(1);
        TextFingerprint.FromBytes(TextFingerprint.Of("").ToBytes()).IsEmpty.ShouldBeTrue();
        Should.Throw<ArgumentException>(() => TextFingerprint.FromBytes(new byte[3]));
    }
}
