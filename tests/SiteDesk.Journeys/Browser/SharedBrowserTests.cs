using SiteDesk.Journeys.Accessibility;

namespace SiteDesk.Journeys.Browser;

/// <summary>The ground the journeys stand on: when one of these fails, no journey's result means anything.</summary>
public sealed class SharedBrowserTests(SharedBrowser browser)
{
    [Theory]
    [InlineData("en", Theme.Light, 1440, "en-GB")]
    [InlineData("ru", Theme.Dark, 1024, "ru-RU")]
    [InlineData("zh-Hans", Theme.Dark, 390, "zh-CN")]
    public async Task A_visit_has_the_readers_language_theme_and_width(string language, Theme theme, int width, string expected)
    {
        await using var page = await StaticPage.Serve("<title>Empty</title>");
        await using var visit = await browser.Visit(page.Address, new Reader(language, theme, width));
        var tab = await visit.Open();

        (await tab.EvaluateAsync<string>("navigator.language")).ShouldBe(expected);
        (await tab.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches")).ShouldBe(theme == Theme.Dark);
        (await tab.EvaluateAsync<int>("innerWidth")).ShouldBe(width);
    }

    [Fact]
    public async Task Two_visits_share_no_storage()
    {
        await using var page = await StaticPage.Serve("<title>Empty</title>");
        await using var first = await browser.Visit(page.Address, new Reader());
        await using var second = await browser.Visit(page.Address, new Reader());
        await (await first.Open()).EvaluateAsync("localStorage.setItem('mark', 'first')");

        (await (await second.Open()).EvaluateAsync<string?>("localStorage.getItem('mark')")).ShouldBeNull();
    }

    [Fact]
    public async Task An_inaccessible_page_is_reported_in_words()
    {
        await using var page = await StaticPage.Serve("<title>Bad</title><main><h1>Bad</h1><img src='data:,'><input></main>");
        await using var visit = await browser.Visit(page.Address, new Reader());
        var violations = await Axe.Violations(await visit.Open());

        violations.ShouldContain(violation => violation.Contains("image-alt", StringComparison.Ordinal));
        violations.ShouldContain(violation => violation.Contains("<input>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_accessible_page_under_a_strict_content_policy_passes()
    {
        await using var page = await StaticPage.Serve(
            "<!doctype html><html lang='en'><title>Good</title><main><h1>Good</h1><label>Name <input></label></main></html>",
            contentPolicy: "default-src 'none'; script-src 'nonce-x'");
        await using var visit = await browser.Visit(page.Address, new Reader());
        await (await visit.Open()).ShouldBeAccessible();
    }

    [Fact]
    public async Task A_script_error_fails_the_visit()
    {
        await using var page = await StaticPage.Serve("<title>Broken</title><script>missing()</script>");
        await using var visit = await browser.Visit(page.Address, new Reader());
        await visit.Open();

        (await visit.TakeFaultsWith("missing")).ShouldHaveSingleItem().ShouldContain("missing is not defined");
    }

    [Fact]
    public async Task A_screenshot_is_kept_where_continuous_integration_finds_it()
    {
        await using var page = await StaticPage.Serve("<title>Picture</title><h1>你好, мир</h1>");
        await using var visit = await browser.Visit(page.Address, new Reader("zh-Hans", Theme.Dark, 390));
        var file = await visit.Screenshot(await visit.Open(), "ground");

        Path.GetFileName(file).ShouldBe("zh-Hans-dark-390.png");
        new FileInfo(file).Length.ShouldBeGreaterThan(1000);
    }
}
