using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Playwright;
using SiteDesk.Journeys.Browser;
using SiteDesk.Journeys.Workspace;
using SiteDesk.Mail.Tests.Html;

namespace SiteDesk.Journeys.Email;

/// <summary>Mails that try to harm their reader, opened as an agent opens them. The page's policy stands behind the sanitiser: what has to be refused by it counts as let through.</summary>
public sealed class HostileMailJourneys(SharedBrowser browser) : IAsyncLifetime
{
    DeskAtWork _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await DeskAtWork.Start();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task No_vector_runs_a_script_sends_a_request_or_leaves_its_frame()
    {
        var vectors = HostileHtml.Vectors().Select(row => row.Data).ToList();
        await using var visit = await browser.Visit(_desk.Address, new Reader());
        var page = await DeskAtWork.SignIn(visit, "/agent/tickets");
        await page.GotoAsync("/agent/mailboxes/new");
        await page.FillAsync("#Address", "help@shop.example.com");
        await page.UncheckAsync("input[name=FindServers]");
        await page.ClickAsync(".save-bar button[type=submit]");
        await PostAll(await page.InputValueAsync("#post-address"), vectors);

        var faults = new ConcurrentQueue<string>();
        var desk = new Uri(page.Url).GetLeftPart(UriPartial.Authority);
        page.Dialog += async (_, dialog) =>
        {
            faults.Enqueue($"a script ran: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Popup += (_, popup) => faults.Enqueue($"a window opened: {popup.Url}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(desk, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) faults.Enqueue($"a request left: {request.Url}");
        };
        string? untouched = null;
        var shown = new HashSet<string>(StringComparer.Ordinal);
        for (var message = 1; message <= vectors.Count; message++)
        {
            var address = $"/agent/messages/{message.ToString(CultureInfo.InvariantCulture)}/original";
            await Open(page, address);
            page.Url.ShouldEndWith(address, customMessage: "no mail leads elsewhere");
            var title = await page.Locator("h1").InnerTextAsync();
            shown.Add(title);
            var vector = vectors[int.Parse(title[1..], CultureInfo.InvariantCulture)];
            await page.FrameLocator("iframe").Locator("i:has-text('first of the mail')").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
            (await page.FrameLocator("iframe").Locator(Active).CountAsync()).ShouldBe(0, vector);
            var look = await page.EvaluateAsync<string>(Look);
            (untouched ??= look).ShouldBe(look, $"the page around looks different: {vector}");
            faults.ShouldBeEmpty(vector);
            visit.TakeFaults().ShouldBeEmpty(vector);
        }

        shown.Count.ShouldBe(vectors.Count, "each was opened");
    }

    /// <summary>The mail may still be on its way into the desk.</summary>
    static async Task Open(IPage page, string address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await page.GotoAsync(address))!.Status == 404) limit.Token.IsCancellationRequested.ShouldBeFalse($"no mail at {address}");
    }

    // What could act, were it not for the policy.
    const string Active = "script, iframe, frame, object, embed, applet, base, link, form, input, button, svg, math, [onload], [onerror], [onclick], [onfocus], [onmouseover], [href^='javascript' i], [src^='http'], [style*='url' i], [style*='fixed' i]";

    /// <summary>How the page around the mail looks, and whether anything lies on top of it.</summary>
    const string Look = """
        () => {
          const box = document.querySelector("h1").getBoundingClientRect();
          const top = document.elementFromPoint(box.left + 4, box.top + box.height / 2);
          const styles = ["h1", ".up-link", "body"].map((name) => { const style = getComputedStyle(document.querySelector(name)); return [style.color, style.backgroundColor, style.fontSize, style.display, style.position].join(); });
          return JSON.stringify([top?.tagName, document.styleSheets.length, document.querySelectorAll("iframe").length, ...styles]);
        }
        """;

    static async Task PostAll(string address, List<string> vectors)
    {
        using var client = new HttpClient();
        for (var index = 0; index < vectors.Count; index++)
        {
            var number = index.ToString(CultureInfo.InvariantCulture);

            // Each from somebody else: many of one sender would be taken for a loop.
            var mail = $"From: v{number}@example.com\r\nTo: help@shop.example.com\r\nSubject: V{number}\r\nMessage-ID: <v{number}@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Convert.ToBase64String(Encoding.UTF8.GetBytes($"<i>first of the mail</i> <p>before {vectors[index]}"), Base64FormattingOptions.InsertLineBreaks) + "\r\n";
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(mail));
            (await client.PostAsync(new Uri(address), content, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }
    }
}
