using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Channels.Email.Settings;
using SiteDesk.Platform.Web;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>What an administrator sets for mail, against servers of the outside world on this machine.</summary>
public abstract partial class MailSettingsTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task An_access_token_is_renewed_before_it_ends_and_a_refusal_is_told_in_the_server_s_words()
    {
        var (given, mode) = (0, "good");
        var seen = new List<string>();
        await using var login = await ForeignWebServer.StartAsync(async http =>
        {
            var form = await http.Request.ReadFormAsync();
            lock (seen)
                seen.Add($"{form["grant_type"]} {form["client_id"]} {form["client_secret"]} {form["refresh_token"]} {form["scope"]}");
            http.Response.ContentType = "application/json";
            if (mode == "good")
            {
                var number = Interlocked.Increment(ref given);
                await http.Response.WriteAsync($$"""{"access_token":"token-{{number}}","token_type":"Bearer","expires_in":3600,"refresh_token":"refresh-{{number}}"}""");
                return;
            }

            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("""{"error":"invalid_grant","error_description":"The refresh token has been revoked."}""");
        });
        await using var imap = new PolledMailServer { AcceptsToken = token => token == $"token-{given}" };
        await using var mail = await StartAsync();
        await mail.AddMailboxAsync("oauth@shop.example.com", 1, new("IncomingHost", "127.0.0.1"), new("IncomingPort", imap.Port.ToString()), new("IncomingSecurity", "None"), new("SecretKind", "AccessToken"), new("Secret", ""),
            new("TokenEndpoint", new Uri(login.Address, "/token").ToString()), new("ClientId", "desk"), new("ClientSecret", "client-geheim"), new("RefreshToken", "refresh-0"), new("TokenScope", "imap"));

        await UntilAsync(() => imap.Tokens.Contains("token-1"));
        seen[0].ShouldBe("refresh_token desk client-geheim refresh-0 imap");
        var mailbox = (await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().AsNoTracking().OrderBy(row => row.Id).LastAsync())).Id;
        var test = await mail.Owner.GetTextAsync($"/agent/mailboxes/{mailbox}/test");
        test.ShouldContain("Renew the access token");
        test.ShouldContain("INBOX");
        given.ShouldBe(1, "a token that is good is used again");

        // The next one is got before the first ends, with the refresh token that came with it.
        _clock.Advance(TimeSpan.FromMinutes(59));
        await mail.Owner.GetTextAsync($"/agent/mailboxes/{mailbox}/test");
        seen[1].ShouldBe("refresh_token desk client-geheim refresh-1 imap");
        imap.Tokens.ShouldContain("token-2");

        mode = "refused";
        _clock.Advance(TimeSpan.FromHours(2));
        var refused = await mail.Owner.GetTextAsync($"/agent/mailboxes/{mailbox}/test");
        refused.ShouldContain("invalid_grant The refresh token has been revoked.");
        refused.ShouldNotContain("Open the folder");

        var page = await mail.Owner.GetTextAsync($"/agent/mailboxes/{mailbox}");
        foreach (var secret in new[] { "client-geheim", "refresh-", "token-" })
            page.ShouldNotContain($"\"{secret}");
        var stored = await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().AsNoTracking().FirstAsync(row => row.Id == mailbox));
        stored.Renewal!.SealedClientSecret!.ShouldNotContain("client-geheim");
        stored.Renewal.SealedRefreshToken.ShouldNotContain("refresh-0");
    }

    [Fact]
    public async Task Servers_are_found_from_the_address_by_document_and_by_mail_exchanger()
    {
        await using var web = await ForeignWebServer.StartAsync(async http =>
        {
            if (http.Request.Host.Host != "autoconfig.firm.example")
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            http.Response.ContentType = "text/xml";
            await http.Response.WriteAsync("""
                <clientConfig version="1.1"><emailProvider id="firm.example">
                <incomingServer type="pop3"><hostname>pop.firm.example</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
                <incomingServer type="imap"><hostname>mail.firm.example</hostname><port>143</port><socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></incomingServer>
                <outgoingServer type="smtp"><hostname>out.firm.example</hostname><port>465</port><socketType>SSL</socketType></outgoingServer>
                </emailProvider></clientConfig>
                """);
        }, isSecure: true);
        await using var names = new ForeignNameServer();
        names.Exchangers["hosted.example"] = "mx.yandex.net";
        await using var mail = await StartAsync(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(new OutwardCalls(IPAddress.IsLoopback, _ => [new IPEndPoint(IPAddress.Loopback, web.Address.Port)], (_, _, _, _) => true)));
            services.Replace(ServiceDescriptor.Singleton(new DomainRecords { NameServers = [names.Address] }));
        });

        var form = await FoundAsync(mail, "help@firm.example");
        (form.Incoming, form.Outgoing, form.UserName).ShouldBe((new ServerAddress("mail.firm.example", 143, SiteDesk.Mail.ConnectionSecurity.StartTls), new ServerAddress("out.firm.example", 465, SiteDesk.Mail.ConnectionSecurity.ImplicitTls), "help"));
        var hosted = await FoundAsync(mail, "help@hosted.example");
        (hosted.Incoming, hosted.Outgoing).ShouldBe((new ServerAddress("imap.yandex.com", 993, SiteDesk.Mail.ConnectionSecurity.ImplicitTls), new ServerAddress("smtp.yandex.com", 465, SiteDesk.Mail.ConnectionSecurity.ImplicitTls)));
        web.Asked.ShouldContain("hosted.example/.well-known/autoconfig/mail/config-v1.1.xml");
    }

    [Fact]
    public async Task A_key_made_here_signs_what_leaves_and_its_record_is_checked_in_DNS()
    {
        await using var names = new ForeignNameServer();
        await using var mail = await StartAsync(services => services.Replace(ServiceDescriptor.Singleton(new DomainRecords { NameServers = [names.Address] })));
        const string settings = "/agent/mailboxes/1";
        await mail.Owner.SubmitAsync($"{settings}/dkim", settings, ("selector", "Desk1"), ("key", ""));
        var page = WebUtility.HtmlDecode(await mail.Owner.GetTextAsync(settings));
        var (name, record) = (CopiedPattern("dkim-name", page), CopiedPattern("dkim-record", page));
        name.ShouldBe("desk1._domainkey.shop.example.com");
        record.ShouldStartWith("v=DKIM1; k=rsa; p=");
        page.ShouldNotContain("PRIVATE KEY-----\n");
        (await mail.Owner.GetTextAsync($"{settings}/dkim/check")).ShouldContain("DNS has no such record yet");
        names.Texts[name] = record.Replace("p=M", "p=N", StringComparison.Ordinal);
        (await mail.Owner.GetTextAsync($"{settings}/dkim/check")).ShouldContain("with another key");
        names.Texts[name] = record;
        (await mail.Owner.GetTextAsync($"{settings}/dkim/check")).ShouldContain("there and right");

        await mail.ReceiveAsync(MailDesk.Letter("Подпись", "Is this signed?"));
        var sent = (await mail.Sink.ArrivedAsync(1))[0].Message.Raw.ToArray();
        OwnSignature.Check(sent, record).ShouldBeNull();
        var changed = System.Text.Encoding.Latin1.GetString(sent).Replace("To: ", "To: eve@evil.example, ", StringComparison.Ordinal);
        OwnSignature.Check(System.Text.Encoding.Latin1.GetBytes(changed), record).ShouldNotBeNull("who changes a field is found out");

        // Somebody else's key, pasted; and what is none.
        await mail.Owner.SubmitAsync($"{settings}/dkim/removal", settings);
        (await mail.Owner.RefusedAsync($"{settings}/dkim", settings, ("selector", "x y"), ("key", ""))).ShouldContain("letters, digits and hyphens");
        (await mail.Owner.RefusedAsync($"{settings}/dkim", settings, ("selector", "own"), ("key", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----"))).ShouldContain("not a private RSA key");
        using var own = RSA.Create(2048);
        (await mail.Owner.RefusedAsync($"{settings}/dkim", settings, ("selector", "own"), ("key", own.ExportSubjectPublicKeyInfoPem()))).ShouldContain("not a private RSA key");
        await mail.Owner.SubmitAsync($"{settings}/dkim", settings, ("selector", "own"), ("key", own.ExportRSAPrivateKeyPem()));
        WebUtility.HtmlDecode(await mail.Owner.GetTextAsync(settings)).ShouldContain(Convert.ToBase64String(own.ExportSubjectPublicKeyInfo()));
        var stored = await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().AsNoTracking().FirstAsync());
        stored.Dkim!.SealedKey.ShouldNotContain(Convert.ToBase64String(own.ExportPkcs8PrivateKey())[..40]);
    }

    [Fact]
    public async Task Remote_pictures_come_through_us_after_a_click_and_from_public_places_only()
    {
        byte[] dot = [0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0, 0, 0, 0x3B];
        await using var web = await ForeignWebServer.StartAsync(async http =>
        {
            http.Response.ContentType = http.Request.Path.Value == "/page" ? "text/html" : "image/gif";
            if (http.Request.Path.Value == "/inward")
                http.Response.Redirect("http://inside.example/secret");
            else if (http.Request.Path.Value == "/moved")
                http.Response.Redirect("http://pictures.example/dot");
            else if (http.Request.Path.Value == "/large")
                await http.Response.Body.WriteAsync(new byte[3 * 1024 * 1024]);
            else
                await http.Response.Body.WriteAsync(dot);
        });
        // What is inside listens on the same machine at an address that is not allowed.
        await using var mail = await StartAsync(services => services.Replace(ServiceDescriptor.Singleton(new OutwardCalls(
            address => address.Equals(IPAddress.Loopback),
            asked => asked.Host == "inside.example" ? [new IPEndPoint(IPAddress.Parse("127.0.0.2"), web.Address.Port)] : [new IPEndPoint(IPAddress.Loopback, web.Address.Port)]))));
        var raw = await mail.ReceiveAsync($"""
            From: Anna <anna@example.com>
            To: help@shop.example.com
            Subject: Pictures
            Message-ID: <pictures@example.com>
            Date: Tue, 05 Mar 2024 10:00:00 +0000
            MIME-Version: 1.0
            Content-Type: text/html; charset=utf-8

            <p>Look</p>{string.Concat(new[] { "dot", "moved", "inward", "large", "page" }.Select(path => $"<img alt=\"{path}\" src=\"http://pictures.example/{path}\">"))}<img alt="direct" src="http://inside.example/secret">
            """);
        var original = $"/agent/messages/{raw.MessageId}/original";
        (await mail.Owner.GetTextAsync($"{original}/body")).ShouldNotContain("data:image");
        web.Asked.ShouldBeEmpty("nothing is fetched before somebody asks");

        var html = await mail.Owner.GetTextAsync($"{original}/body?pictures=1");
        DataPicture().Count(html).ShouldBe(2, "the picture itself, and the one that moved");
        html.ShouldContain(Convert.ToBase64String(dot));
        html.ShouldNotContain("pictures.example");
        web.Asked.ShouldContain("pictures.example/inward");
        web.Asked.ShouldNotContain(asked => asked.StartsWith("inside.example", StringComparison.Ordinal));
        using var agent = await mail.Desk.NewStaffAsync("masked@example.com", SiteDesk.Platform.Security.Role.Agent, member => member.MasksContacts = true);
        (await agent.GetAsync($"{original}/body?pictures=1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Mail_without_a_ticket_goes_after_the_months_of_its_site_and_other_mail_stays()
    {
        await using var mail = await StartAsync();
        var ticket = await mail.ReceiveAsync(MailDesk.Letter("Question", "One", id: "kept"));
        var repeat = await mail.ReceiveAsync("Received: again\n" + MailDesk.Letter("Question", "One", id: "kept"));
        var nobody = await mail.ReceiveAsync("Subject: nobody\n\nfrom no one");
        repeat.TicketId.ShouldBe(ticket.TicketId);
        _clock.Advance(TimeSpan.FromDays(20));
        var young = await mail.ReceiveAsync("Subject: nobody, later\n\nfrom no one");
        _clock.Advance(TimeSpan.FromDays(20));

        using var owner = mail.Desk.NewClient(); // the session ended meanwhile, even if it is remembered for some seconds
        await owner.SignInAsync(DeskServer.Owner, DeskServer.Password);

        await RunRetentionAsync(mail);
        (await KeysAsync(mail)).ShouldBe([ticket.Id, repeat.Id, nobody.Id, young.Id], "nothing goes while nobody chose");
        await owner.SubmitAsync("/agent/sites/1/privacy", "/agent/sites/1/privacy", ("PageVisitDays", "30"), ("TicketMonths", "0"), ("MailMonths", "1"));
        await RunRetentionAsync(mail);
        (await KeysAsync(mail)).ShouldBe([ticket.Id, repeat.Id, young.Id]);
        (await mail.Desk.InDatabaseAsync(database => database.Set<RawMailContent>().CountAsync())).ShouldBe(3);
        (await mail.Desk.AuditAsync()).ShouldContain("mail.removed");
        (await owner.GetTextAsync("/agent/audit")).ShouldContain("Removed old mail without tickets");
    }

    [Fact]
    public async Task The_way_of_an_answer_is_chosen_and_kept_and_our_own_address_gets_no_copy()
    {
        await using var mail = await StartAsync();
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Question", "One"));
        await mail.Sink.ArrivedAsync(1);
        var (ticket, page) = (raw.TicketId!.Value, $"/agent/tickets/{raw.TicketId}/mail-recipients");
        (await mail.Owner.GetTextAsync(page)).ShouldContain("By mail to");
        (await mail.Owner.RefusedAsync(page, $"/agent/tickets/{ticket}", ("cc", MailDesk.Address), ("bcc", ""), ("way", "usual"))).ShouldContain("a mailbox of your own");
        await mail.Owner.SubmitAsync(page, $"/agent/tickets/{ticket}", ("cc", ""), ("bcc", ""), ("way", "pages"));
        (await mail.Owner.GetTextAsync(page)).ShouldContain("Only on the tracking page");
        await mail.AnswerAsync(ticket, "Read it there");
        await mail.UntilHeardAsync();
        await mail.Owner.SubmitAsync(page, $"/agent/tickets/{ticket}", ("cc", ""), ("bcc", ""), ("way", "mail"));
        await mail.AnswerAsync(ticket, "And this by mail");
        var answers = (await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer))).FindAll(row => row.Kind == OutgoingKind.Answer);
        var messages = await mail.MessagesAsync(ticket);
        answers.ShouldHaveSingleItem().MessageId.ShouldBe(messages[^1].Id, "the first stayed on our pages");
        (await mail.Desk.AuditAsync()).Count(action => action == "mail.way-chosen").ShouldBe(2);
    }

    [Fact]
    public async Task A_site_confirms_requests_in_its_own_words()
    {
        await using var mail = await StartAsync();
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Address"] = MailDesk.Address, ["Site"] = "1", ["OutgoingHost"] = "127.0.0.1", ["OutgoingPort"] = mail.Sink.Port.ToString(), ["OutgoingSecurity"] = "None", ["IsEnabled"] = "true", ["SendsConfirmation"] = "true",
            ["Confirmation-en"] = "Thanks! Your number is {number} ({subject}).",
        };
        (await mail.Owner.PostFormAsync("/agent/mailboxes/1", form)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Where is it", "I wonder where my order is, can you help me?"));
        (await mail.Sink.ArrivedAsync(1))[0].Message.Body.Text.ShouldStartWith($"Thanks! Your number is #{raw.TicketId} (Where is it).");
        (await mail.Owner.GetTextAsync("/agent/mailboxes/1")).ShouldContain("Your number is {number}");
    }

    private Task<MailDesk> StartAsync(Action<IServiceCollection>? replace = null) => start(services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock));
        replace?.Invoke(services);
    });

    private static async Task<FoundServers> FoundAsync(MailDesk mail, string address)
    {
        await using var scope = mail.Desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FindServers>().RunAsync(address, TestContext.Current.CancellationToken);
    }

    private static async Task RunRetentionAsync(MailDesk mail)
    {
        await using var scope = mail.Desk.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<SiteDesk.Platform.Jobs.IRecurringJob>().OfType<RawMailRetention>().Single().RunAsync(TestContext.Current.CancellationToken);
    }

    private static Task<List<long>> KeysAsync(MailDesk mail) => mail.Desk.InDatabaseAsync(database => database.Set<RawMail>().OrderBy(row => row.Id).Select(row => row.Id).ToListAsync());

    private static string CopiedPattern(string id, string page) => Regex.Match(page, $"id=\"{id}\" value=\"(?<value>[^\"]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["value"].Value;

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!isSo())
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse("waited in vain");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex("src=\"data:image/gif", RegexOptions.None, 1000)]
    private static partial Regex DataPicture();
}

public sealed class MailSettingsOnSqliteTests() : MailSettingsTests(replace => MailDesk.StartAsync(null, replace));

public sealed class MailSettingsOnPostgresTests(PostgresServer server)
    : MailSettingsTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(MailSettingsOnPostgresTests), TestContext.Current.CancellationToken), replace));
