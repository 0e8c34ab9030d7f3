using SiteDesk.Tickets.ReplyTemplates;

namespace SiteDesk.Tests.Tickets.ReplyTemplates;

public sealed class TemplatePlaceholdersTests
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal) { ["customer"] = "Anna", ["number"] = "42", ["agent"] = "Irina" };

    [Theory]
    [InlineData("Hello {customer}, it is #{number}.", "Hello Anna, it is #42.")]
    [InlineData("Hello {customer|friend}!", "Hello Anna!")]
    [InlineData("{customer}，您好", "Anna，您好")]
    [InlineData("{ \"json\": 1 } and {x: y} and {}", "{ \"json\": 1 } and {x: y} and {}")]
    [InlineData("{nobody} stays", "{nobody} stays")]
    public void What_is_known_is_filled_in_and_other_braces_stay(string text, string filled) => TemplatePlaceholders.Fill(text, Known).ShouldBe(filled);

    [Theory]
    [InlineData("Hello {customer},\nthanks.", "Hello,\nthanks.")]
    [InlineData("Hello, {customer}!", "Hello!")]
    [InlineData("Hello {customer}", "Hello")]
    [InlineData("Здравствуйте, {customer}!", "Здравствуйте!")]
    [InlineData("{customer}，您好！", "您好！")]
    [InlineData("Hi.\n{customer}, thank you", "Hi.\nthank you")]
    [InlineData("Dear {customer|friend}, hi", "Dear friend, hi")]
    [InlineData("Dear {customer| } hi", "Dear hi")]
    [InlineData("您好，{customer}。", "您好。")]
    [InlineData("See {link}{subject} there", "See there")]
    [InlineData("Hello {customer}you", "Hello you")]
    [InlineData("{customer}", "")]
    public void Where_nothing_is_known_the_gap_closes(string text, string filled) =>
        TemplatePlaceholders.Fill(text, new Dictionary<string, string>(StringComparer.Ordinal) { ["customer"] = "" }).ShouldBe(filled);

    [Fact]
    public void A_value_is_never_read_as_a_template() =>
        TemplatePlaceholders.Fill("{customer} {agent}", new Dictionary<string, string>(StringComparer.Ordinal) { ["customer"] = "{agent}", ["agent"] = "Irina" }).ShouldBe("{agent} Irina");

    [Fact]
    public void What_means_nothing_is_named_once() =>
        TemplatePlaceholders.UnknownIn("{customer} {name} {клиент} {name} {客户|朋友} { no } {a: b}").ShouldBe(["{name}", "{клиент}", "{客户}"]);
}
