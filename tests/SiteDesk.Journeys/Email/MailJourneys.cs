using System.Globalization;
using System.Net;
using System.Text;
using SiteDesk.Journeys.Accessibility;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Workspace;
using SiteDesk.Tests.Channels.Email;

namespace SiteDesk.Journeys.Email;

/// <summary>From a mail that comes in to the answer, seen through the browser.</summary>
public sealed class MailJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_administrator_adds_a_mailbox_and_an_agent_reads_and_answers_what_comes()
    {
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets");
        await page.GotoAsync("/agent/mailboxes");
        await page.ShouldBeAccessible();
        await page.ClickAsync("a[href='/agent/mailboxes/new'] >> nth=0");
        await page.FillAsync("#Address", "help@shop.example.com");
        await page.UncheckAsync("input[name=FindServers]");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "mailbox-new", fullPage: true);
        await page.ClickAsync(".save-bar button[type=submit]");
        var address = await page.InputValueAsync("#post-address");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "mailbox-added", fullPage: true);

        await Post(address, Letter);
        await page.GotoAsync("/agent/mail-log");
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
        {
            while (await page.Locator(".chip:has-text('New ticket')").CountAsync() == 0)
            {
                limit.Token.ThrowIfCancellationRequested();
                await page.ReloadAsync();
            }
        }

        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "mail-log");
        await page.GotoAsync("/agent/tickets/1");
        await DeskAtWork.Ready(page);
        await page.WaitForSelectorAsync(".recipients:has-text('no mailbox that sends mail')"); // one that only takes mail in
        await page.ClickAsync("#quoted-1 summary");
        await page.WaitForSelectorAsync("#quoted-1 .mail-folded");
        await page.FillAsync("#composer-text", "It leaves today.");
        await page.ClickAsync("#composer button[type=submit]:has-text('Send')");
        await page.WaitForSelectorAsync(".message:has(.body:has-text('It leaves today')) .mail-note:has-text('Not sent: no mail server')");
        await page.ShouldBeAccessible(".ticket");
        await visit.Screenshot(page, "mail-ticket");

        await page.GotoAsync("/agent/messages/1/original");
        await page.FrameLocator("iframe").Locator("b:has-text('weeks')").WaitForAsync();
        (await page.FrameLocator("iframe").Locator("img[src^='http']").CountAsync()).ShouldBe(0);
        await page.ShouldBeAccessible("main");
        await visit.Screenshot(page, "mail-original", fullPage: true);

        foreach (var reader in new[] { new Reader("ru", Theme.Dark, 1024), new Reader("zh-Hans", Theme.Light, 390) })
        {
            await _desk.Join($"Reader {reader}", $"{reader}@example.com", reader.Language);
            await using var other = await browser.Visit(_desk.Address, reader);
            var look = await DeskAtWork.SignIn(other, "/agent/tickets/1", $"{reader}@example.com");
            await look.WaitForSelectorAsync(".recipients");
            await other.Screenshot(look, "mail-ticket");
            await look.GotoAsync("/agent/mailboxes/1");
            await other.Screenshot(look, "mailbox-added", fullPage: true);
            await look.GotoAsync("/agent/messages/1/original");
            await other.Screenshot(look, "mail-original", fullPage: true);
        }
    }

    [Fact]
    public async Task From_a_mail_that_comes_in_to_the_signed_answer_that_leaves()
    {
        await using var sink = new SmtpSink();
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets");
        await page.GotoAsync("/agent/mailboxes/new");
        await page.FillAsync("#Address", "help@shop.example.com");
        await page.UncheckAsync("input[name=FindServers]");
        await page.FillAsync("#OutgoingHost", "127.0.0.1");
        await page.FillAsync("#OutgoingPort", sink.Port.ToString(CultureInfo.InvariantCulture));
        await page.SelectOptionAsync("select[name=OutgoingSecurity]", "None");
        await page.CheckAsync("input[name=IsAnonymous]");
        await page.ClickAsync(".save-bar button[type=submit]");
        var address = await page.InputValueAsync("#post-address");
        await page.ClickAsync("button:has-text('Sign outgoing mail')");
        (await page.InputValueAsync("#dkim-record")).ShouldStartWith("v=DKIM1; k=rsa; p=");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "mailbox-signed", fullPage: true);

        await Post(address, Letter);
        await sink.ArrivedAsync(1);
        await page.GotoAsync("/agent/tickets/1");
        await DeskAtWork.Ready(page);
        await page.ClickAsync(".recipients a:has-text('Way and copies')");
        await page.FillAsync("#mail-cc", "chief@example.com");
        await page.SelectOptionAsync("#mail-way", "mail");
        await page.ShouldBeAccessible(".ticket");
        await visit.Screenshot(page, "mail-way");
        await page.ClickAsync(".recipients button:has-text('Save')");
        await page.WaitForSelectorAsync(".recipients:has-text('chief@example.com')");
        await page.FillAsync("#composer-text", "It leaves today.");
        await page.ClickAsync("#composer button[type=submit]:has-text('Send')");

        var sent = (await sink.ArrivedAsync(2))[1];
        sent.Recipients.ShouldBe(["anna@example.com", "chief@example.com"]);
        sent.Message.Body.Text.ShouldStartWith("It leaves today.");
        sent.Message.Headers.Value("DKIM-Signature").ShouldNotBeNull();
        await page.WaitForSelectorAsync(".message:has(.body:has-text('It leaves today')) .mail-note:has-text('Sent')");

        await page.GotoAsync("/agent/profile/mail");
        await page.ShouldBeAccessible();
        await visit.Screenshot(page, "notices-by-mail");
        foreach (var reader in new[] { new Reader("ru", Theme.Dark, 1024), new Reader("zh-Hans", Theme.Light, 390) })
        {
            await _desk.Join($"Reader {reader}", $"{reader}@example.com", reader.Language);
            await using var other = await browser.Visit(_desk.Address, reader);
            var look = await DeskAtWork.SignIn(other, "/agent/tickets", $"{reader}@example.com");
            await look.GotoAsync("/agent/profile/mail");
            await other.Screenshot(look, "notices-by-mail");
            await look.GotoAsync("/agent/mailboxes/1");
            await other.Screenshot(look, "mailbox-signed", fullPage: true);
            await look.GotoAsync("/agent/tickets/1/mail-recipients?edit=1");
            await other.Screenshot(look, "mail-way");
        }
    }

    static async Task Post(string address, string mail)
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n")));
        (await client.PostAsync(new Uri(address), content)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    const string Letter = """
        From: Anna Keller <anna@example.com>
        To: help@shop.example.com
        Cc: Boris <boris@example.com>
        Subject: Where is my parcel?
        Date: Tue, 05 Mar 2024 10:00:00 +0000
        Message-ID: <journey@example.com>
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/plain; charset=utf-8

        Hello, I have been waiting for three weeks. Where is my parcel?

        On Mon, 4 Mar 2024 at 09:00, Shop <help@shop.example.com> wrote:
        > Your order is on its way.

        --
        Anna Keller
        Example Street 5
        --b
        Content-Type: text/html; charset=utf-8

        <p>Hello, I have been waiting for <b>three weeks</b>. Where is my parcel?</p><img src="https://tracker.example/pixel.png" alt="">
        <blockquote>Your order is on its way.</blockquote><p>Anna Keller</p>
        --b--
        """;
}
