using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.Playwright;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Settings;

namespace SiteDesk.Journeys.Public;

/// <summary>What people see who are not signed in, and what a first look at any page costs them on their line.</summary>
public sealed class PublicPagesTests(SharedBrowser browser, SettingsDesk desk)
{
    const int MostBytes = 100_000;

    [Theory]
    [InlineData("en", Theme.Light, 1440)]
    [InlineData("ru", Theme.Dark, 390)]
    [InlineData("zh-Hans", Theme.Light, 390)]
    [InlineData("zh-Hans", Theme.Dark, 1024)]
    public async Task Somebody_asks_through_the_form_and_follows_the_ticket_without_a_mouse(string language, Theme theme, int width)
    {
        await using var visit = await browser.Visit(desk.Address, new Reader(language, theme, width, "Europe/Berlin"));
        var page = await visit.Open($"/contact/{desk.SiteKey}");
        await ShouldBeFit(visit, page, "contact-form");
        var keys = new Typist(page);
        await keys.Type("#text", "Лампа, 台灯, lamp: which one is dimmable?");
        await keys.Type("#contact", "nobody knows");
        await keys.Type("#name", "Maria");
        await keys.Tick("#agrees");
        await keys.Press("main form button[type=submit]");
        await page.WaitForSelectorAsync("#contact[aria-invalid=true]");
        (await page.InputValueAsync("#text")).Trim().ShouldBe("Лампа, 台灯, lamp: which one is dimmable?");
        await ShouldBeFit(visit, page, "contact-form-refused");

        await keys.Type("#contact", "maria@example.com");
        if (!await page.IsCheckedAsync("#agrees"))
            await keys.Tick("#agrees");
        await keys.Press("main form button[type=submit]");
        await page.WaitForURLAsync("**/t/*");
        await page.WaitForSelectorAsync(".bubble-own:has-text('dimmable')");
        await ShouldBeFit(visit, page, "tracking");
        await keys.Type("main textarea", "The round one, I mean.");
        await keys.Press("main form button[type=submit]");
        await page.WaitForSelectorAsync(".bubble-own:has-text('The round one')");
    }

    [Theory]
    [InlineData("en", Theme.Dark, 1440)]
    [InlineData("ru", Theme.Light, 390)]
    [InlineData("zh-Hans", Theme.Light, 1024)]
    public async Task Every_other_public_page_is_fit_to_be_seen(string language, Theme theme, int width)
    {
        await using var visit = await browser.Visit(desk.Address, new Reader(language, theme, width, "Europe/Berlin"));
        var page = await visit.Tab();
        foreach (var (name, path) in new[] { ("sign-in", "/sign-in"), ("api", "/api"), ("try", $"/try/{desk.SiteKey}"), ("missing", "/nowhere"), ("link-gone", "/invitation/nowhere") })
        {
            await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            await ShouldBeFit(visit, page, name);
        }
    }

    /// <summary>
    /// As browsers count it: bodies as they come over the line, with their headers, the page's own included. A build keeps scripts and
    /// styles uncompressed where a published program has them packed, so the bodies are packed here, with gzip, which is larger than
    /// the Brotli that browsers get.
    /// </summary>
    [Fact]
    public async Task A_first_look_transfers_less_than_a_hundred_kilobytes()
    {
        (string Path, bool SignedIn)[] pages =
        [
            ($"/contact/{desk.SiteKey}", false), ("/sign-in", false), ($"/try/{desk.SiteKey}", false), ("/api", false),
            ("/agent/tickets?view=open", true), ($"/agent/tickets/{desk.Ids["ticket"]}", true), ("/agent/sites", true), ("/agent/permissions", true), ("/agent/views/new", true),
        ];
        foreach (var (path, signedIn) in pages)
        {
            await using var visit = signedIn ? await desk.SignedIn(browser, new Reader()) : await browser.Visit(desk.Address, new Reader());
            var page = await visit.Tab();
            var finished = new ConcurrentBag<IRequest>();
            page.RequestFinished += (_, request) => finished.Add(request);
            await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            if (signedIn)
                await page.WaitForSelectorAsync("html[data-ready]");

            long bytes = 0;
            var parts = new List<(long Bytes, string Path)>();
            // Asked for twice in one page, a file is fetched once where browsers may keep it, as a published program lets them.
            foreach (var request in finished.DistinctBy(request => request.Url).Where(request => !request.Url.Contains("/vendor/turbo.", StringComparison.Ordinal)))
            {
                var sizes = await request.SizesAsync();
                var answer = (await request.ResponseAsync())!;
                var part = sizes.ResponseHeadersSize + (answer.Status == 200 ? Math.Min(sizes.ResponseBodySize, Packed(await answer.BodyAsync())) : sizes.ResponseBodySize);
                parts.Add((part, new Uri(request.Url).AbsolutePath));
                bytes += part;
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {bytes} bytes in {finished.Count} answers: {string.Join(", ", parts.OrderByDescending(part => part.Bytes).Select(part => $"{part.Path} {part.Bytes}"))}");
            finished.Count.ShouldBeGreaterThan(2, path);
            bytes.ShouldBeLessThan(MostBytes, $"{path}: {string.Join(", ", parts.OrderByDescending(part => part.Bytes).Select(part => $"{part.Path} {part.Bytes}"))}");
        }
    }

    static long Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(body);
        return packed.Length;
    }

    static async Task ShouldBeFit(Visit visit, IPage page, string name)
    {
        await page.ShouldBeAccessible();
        var picture = await visit.Screenshot(page, $"public-{name}", fullPage: true);
        // A full-page picture is as wide as the page can be scrolled; the width stands at byte 16 of a PNG file (RFC 2083, section 11.2.1).
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian((await File.ReadAllBytesAsync(picture)).AsSpan(16, 4)).ShouldBe(visit.Reader.Width, $"{name} is wider than the window");
    }
}
