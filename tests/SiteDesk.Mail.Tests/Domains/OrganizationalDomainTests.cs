namespace SiteDesk.Mail.Tests.Domains;

public sealed class OrganizationalDomainTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("News.Example.COM.", "example.com")]
    [InlineData("a.b.c.example.co.uk", "example.co.uk")]
    [InlineData("co.uk", null)]
    [InlineData("com", null)]
    [InlineData("anna.github.io", "anna.github.io")]
    [InlineData("pages.anna.github.io", "anna.github.io")]
    [InlineData("github.io", null)]
    [InlineData("c.kobe.jp", null)]
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("www.city.kobe.jp", "city.kobe.jp")]
    [InlineData("test.ck", null)]
    [InlineData("www.ck", "www.ck")]
    [InlineData("a.www.ck", "www.ck")]
    [InlineData("почта.пример.рф", "xn--e1afmkfd.xn--p1ai")]
    [InlineData("shop.unlisted-suffix", "shop.unlisted-suffix")]
    [InlineData("[192.0.2.1]", null)]
    [InlineData("192.0.2.1", null)]
    [InlineData("a..com", null)]
    [InlineData("", null)]
    public void An_organisation_is_one_label_below_a_public_suffix(string domain, string? organization) => OrganizationalDomain.Of(domain).ShouldBe(organization);

    [Theory]
    // RFC 7489 section 3.1.1 (DKIM) and 3.1.2 (SPF), its own examples.
    [InlineData("example.com", "news.example.com", true)]
    [InlineData("cbg.bounces.example.com", "example.com", true)]
    [InlineData("com", "example.com", false)]
    [InlineData("example.net", "example.com", false)]
    [InlineData("a.example.com", "b.example.com", true)]
    [InlineData("evil-example.com", "example.com", false)]
    [InlineData("one.myshopify.com", "two.myshopify.com", false)]
    [InlineData("github.io", "github.io", true)]
    [InlineData("com", "com", false)]
    [InlineData("", "", false)]
    public void Domains_are_aligned_when_they_are_one_organisations(string first, string second, bool areAligned)
    {
        OrganizationalDomain.AreAligned(first, second).ShouldBe(areAligned);
        OrganizationalDomain.AreAligned(second, first).ShouldBe(areAligned);
    }

    [Fact]
    public void Whatever_is_asked_is_answered()
    {
        var random = new Random(1);
        const string letters = "abc.-_@[]!*пр中\0 \u00ad\ud800xn";
        for (var round = 0; round < 20_000; round++)
        {
            var domain = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => letters[random.Next(letters.Length)]));
            OrganizationalDomain.AreAligned(domain, domain + ".com");
            if (OrganizationalDomain.Of(domain) is { } organization)
                OrganizationalDomain.Of(organization).ShouldBe(organization, $"seed 1, round {round}: {domain}");
        }
    }
}
