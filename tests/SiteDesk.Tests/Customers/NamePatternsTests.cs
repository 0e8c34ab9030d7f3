using SiteDesk.Customers;

namespace SiteDesk.Tests.Customers;

public sealed class NamePatternsTests
{
    [Theory]
    [InlineData("Иван Петров", "Иван писал, Ивану ответили, о Петрове не знаем", "_ писал, _ ответили, о _ не знаем")]
    [InlineData("Мария", "Марии и Марией, но Марина", "_ и _, но Марина")]
    [InlineData("王芳", "我叫王芳，请问", "我叫_，请问")]
    [InlineData("Ann Lee", "Ann Lee, ANN, Leeds and Anna", "_, _, Leeds and Anna")]
    [InlineData("J. Doe", "J. Doe's jar", "_'s jar")]
    public void A_name_is_found_whole_word_by_word_and_in_its_cases(string name, string text, string masked) =>
        NamePatterns.Of([name]).Aggregate(text, (left, pattern) => pattern.Replace(left, "_")).ShouldBe(masked);
}
