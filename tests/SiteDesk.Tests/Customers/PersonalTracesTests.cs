using SiteDesk.Customers;

namespace SiteDesk.Tests.Customers;

public sealed class PersonalTracesTests
{
    [Theory]
    [InlineData("call 8 (912) 345-67-89, please", "Phone 8 (912) 345-67-89 +79123456789")]
    [InlineData("我的电话是138 1234 5678。", "Phone 138 1234 5678 +8613812345678")]
    [InlineData("+49 170 1234567 or a.b+c@mail.example.com.", "Phone +49 170 1234567 +491701234567", "Email a.b+c@mail.example.com a.b+c@mail.example.com")]
    [InlineData("Почта: Мария@пример.рф!", "Email Мария@пример.рф мария@xn--e1afmkfd.xn--p1ai")]
    [InlineData("order NL-10293, then #4711 and №123456", "Number NL-10293 ", "Number #4711 ", "Number №123456 ")]
    [InlineData("4111 1111 1111 1111", "Number 4111 1111 1111 1111 ")]
    [InlineData("邮箱是wang@example.com，电话：13812345678。", "Email wang@example.com wang@example.com", "Phone 13812345678 +8613812345678")]
    [InlineData("（li@example.com）谢谢", "Email li@example.com li@example.com")]
    [InlineData("+49.170.1234567 on 12.05.2026", "Phone +49.170.1234567 +491701234567", "Number 2026 ")]
    [InlineData("at @home, 14 days, 10.50 €, 30 of 31")]
    [InlineData("")]
    public void Traces_are_found_in_their_places_and_understood(string text, params string[] expected) =>
        PersonalTraces.Find(text).Select(trace => $"{trace.Kind} {text.Substring(trace.Start, trace.Length)} {trace.Contact?.Value}").ShouldBe(expected);

    [Theory]
    [InlineData("RU", "Phone")]
    [InlineData("CN", "Number")]
    public void A_national_number_is_read_as_the_country_writes_it(string country, string kind) =>
        PersonalTraces.Find("9123456789", country).ShouldHaveSingleItem().Kind.ToString().ShouldBe(kind);

    [Fact]
    public void What_the_caller_leaves_stays_as_it_is() =>
        PersonalTraces.Replace("Order 12345 of a@b.example", trace => trace.Kind == PersonalTraceKind.Email ? "…" : null).ShouldBe("Order 12345 of …");
}
