using System.Text.RegularExpressions;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Workspace;
using SiteDesk.Tests.Channels.Email;
using static Microsoft.Playwright.Assertions;

namespace SiteDesk.Journeys.Email;

/// <summary>Somebody stands before the sign-in page and has forgotten the password.</summary>
public sealed partial class ForgottenPasswordJourneys(SharedBrowser browser) : IAsyncLifetime
{
    const string Remembered = "remembered at last";

    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Who_forgot_the_password_comes_back_by_a_mailed_link_with_the_keyboard_alone()
    {
        await using (var early = await browser.Visit(_desk.Address, new Reader()))
        {
            var none = await early.Open("/forgotten-password");
            await none.WaitForSelectorAsync("code:has-text('user reset-password')");
            await none.ShouldBeAccessible();
            await early.Screenshot(none, "forgotten-password-no-mail");
        }

        await using var sink = new SmtpSink();
        await AddMailbox(sink);
        var asked = 0;
        foreach (var reader in new[] { new Reader(), new Reader("ru", Theme.Dark, 390), new Reader("zh-Hans", Theme.Light, 1024) })
        {
            var address = $"{reader}@example.com".ToLowerInvariant();
            await _desk.Join("Nina", address, reader.Language);
            await using var visit = await browser.Visit(_desk.Address, reader);
            var page = await visit.Open("/sign-in");
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, "sign-in");
            await page.FocusAsync("a[href='/forgotten-password']");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator("#Email")).ToBeFocusedAsync();
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, "forgotten-password");
            await page.Keyboard.TypeAsync(address);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync("[role=status]");
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, "forgotten-password-asked");

            var letter = (await sink.ArrivedAsync(++asked))[asked - 1];
            letter.Recipients.ShouldBe([address]);
            await page.GotoAsync(LinkPattern().Match(letter.Message.Body.Text!).Value);
            await Expect(page.Locator("#Password")).ToBeFocusedAsync();
            await page.ShouldBeAccessible();
            await visit.Screenshot(page, "new-password");
            await page.Keyboard.TypeAsync(Remembered);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync("[role=status]");
            await page.FillAsync("#email", address);
            await page.FillAsync("#password", Remembered);
            await page.Keyboard.PressAsync("Enter");
            await DeskAtWork.Ready(page);
        }
    }

    async Task AddMailbox(SmtpSink sink)
    {
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets");
        await page.GotoAsync("/agent/mailboxes/new");
        await page.FillAsync("#Address", "help@shop.example.com");
        await page.UncheckAsync("input[name=FindServers]");
        await page.FillAsync("#OutgoingHost", "127.0.0.1");
        await page.FillAsync("#OutgoingPort", $"{sink.Port}");
        await page.SelectOptionAsync("select[name=OutgoingSecurity]", "None");
        await page.CheckAsync("input[name=IsAnonymous]");
        await page.ClickAsync(".save-bar button[type=submit]");
        await page.WaitForSelectorAsync("#post-address");
    }

    [GeneratedRegex("http://[^ \r\n]+/new-password/[A-Za-z0-9_-]+", RegexOptions.None, 1000)]
    private static partial Regex LinkPattern();
}
