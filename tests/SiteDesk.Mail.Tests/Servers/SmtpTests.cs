using System.Text;

namespace SiteDesk.Mail.Tests.Servers;

[Collection(MailServersCollection.Name)]
public sealed class SmtpTests(MailServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ComposedMessage Message(string id, string text = "Hello\n.dot\n..two\n", string to = "anna@test.example") => MessageWriter.Write(new OutgoingMessage
    {
        MessageId = id + "@test.example",
        Date = new DateTimeOffset(2024, 3, 5, 10, 0, 0, TimeSpan.Zero),
        From = new MailAddress("Help", "help@test.example"),
        To = [new MailAddress("", to)],
        Subject = id,
        Text = text,
    });

    [Theory]
    [InlineData(ConnectionSecurity.ImplicitTls)]
    [InlineData(ConnectionSecurity.StartTls)]
    [InlineData(ConnectionSecurity.None)]
    public async Task Mail_goes_through_every_kind_of_connection_and_arrives_unchanged(ConnectionSecurity security)
    {
        var id = "through-" + security;
        var message = Message(id);
        await using (var smtp = await SmtpConnection.ConnectAsync(servers.Smtp(security), Cancellation))
        {
            var results = await smtp.SendAsync("help@test.example", ["anna@test.example"], message.Bytes, cancellation: Cancellation);
            results.ShouldAllBe(result => result.Outcome == SmtpOutcome.Accepted);
            await smtp.QuitAsync(Cancellation);
        }
        var arrived = await ArrivedAsync("anna", id + "@test.example");
        arrived.Body.Text.TrimEnd().ShouldBe("Hello\n.dot\n..two");
    }

    [Fact]
    public async Task Signed_in_users_may_send_elsewhere_and_strangers_may_not()
    {
        await using var signedIn = await SmtpConnection.ConnectAsync(servers.Smtp(user: "anna"), Cancellation);
        (await signedIn.SendAsync("help@test.example", ["x@elsewhere.example"], Message("out").Bytes, cancellation: Cancellation))[0].Outcome.ShouldBe(SmtpOutcome.Accepted);
        await using var stranger = await SmtpConnection.ConnectAsync(servers.Smtp(), Cancellation);
        (await stranger.SendAsync("help@test.example", ["x@elsewhere.example"], Message("out").Bytes, cancellation: Cancellation))[0].Outcome.ShouldBe(SmtpOutcome.PermanentFailure);
    }

    [Fact]
    public async Task Refusals_are_told_apart_recipient_by_recipient_and_the_connection_goes_on()
    {
        await using var smtp = await SmtpConnection.ConnectAsync(servers.Smtp(), Cancellation);
        var results = await smtp.SendAsync("", ["anna@test.example", "grey@test.example", "full@test.example", "nobody@test.example", "evil@test.example>\r\nRCPT TO:<boris@test.example"], Message("mixed").Bytes, cancellation: Cancellation);
        results.Select(result => result.Outcome).ShouldBe([SmtpOutcome.Accepted, SmtpOutcome.TemporaryFailure, SmtpOutcome.PermanentFailure, SmtpOutcome.PermanentFailure, SmtpOutcome.PermanentFailure]);
        results[1].Reply.Status.ShouldBe("4.2.0");
        results[2].Reply.Status.ShouldBe("5.2.2");
        (await smtp.SendAsync("help@test.example", ["nobody@test.example"], Message("none").Bytes, cancellation: Cancellation))[0].Reply.Code.ShouldBe(550);
        (await smtp.SendAsync("help@test.example", ["anna@test.example"], Message("again").Bytes, cancellation: Cancellation))[0].Outcome.ShouldBe(SmtpOutcome.Accepted);
    }

    [Fact]
    public async Task A_mail_that_is_too_large_is_not_even_sent()
    {
        await using var smtp = await SmtpConnection.ConnectAsync(servers.Smtp(), Cancellation);
        smtp.MaximumSize.ShouldBe(200_000);
        var result = (await smtp.SendAsync("help@test.example", ["anna@test.example"], Message("large", new string('x', 250_000)).Bytes, cancellation: Cancellation))[0];
        result.Outcome.ShouldBe(SmtpOutcome.PermanentFailure);
        result.Reply.Status.ShouldBe("5.3.4");
    }

    [Fact]
    public async Task International_addresses_go_in_utf8_where_the_server_takes_them()
    {
        var message = Message("international", to: "почта@test.example");
        message.RequiresSmtpUtf8.ShouldBeTrue();
        await using (var smtp = await SmtpConnection.ConnectAsync(servers.Smtp(), Cancellation))
            (await smtp.SendAsync("help@test.example", ["почта@test.example"], message.Bytes, message.RequiresSmtpUtf8, cancellation: Cancellation))[0].Outcome.ShouldBe(SmtpOutcome.Accepted);
        (await ArrivedAsync("emil", "international@test.example")).To.Single().Address.ShouldBe("почта@test.example");

        await using var old = new ScriptedServer("220 old", "C: EHLO", "250 old.example");
        await using var connection = await SmtpConnection.ConnectAsync(old.Server, Cancellation);
        (await connection.SendAsync("help@test.example", ["почта@test.example"], message.Bytes, true, cancellation: Cancellation))[0].Reply.Status.ShouldBe("5.6.7");
    }

    [Fact]
    public async Task A_wrong_password_and_an_untrusted_certificate_are_named()
    {
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(servers.Smtp(user: "anna") with { Password = "wrong" }, Cancellation))).Error.ShouldBe(MailTransportError.LoginRefused);
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(servers.Smtp() with { ValidateCertificate = null }, Cancellation))).Error.ShouldBe(MailTransportError.CertificateRejected);
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(servers.Smtp(ConnectionSecurity.None, "anna"), Cancellation))).Error.ShouldBe(MailTransportError.NotOffered);
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(servers.Smtp() with { Port = 1 }, Cancellation))).Error.ShouldBe(MailTransportError.CannotConnect);
    }

    [Fact]
    public async Task A_connection_lost_after_the_last_byte_leaves_the_outcome_open()
    {
        await using var server = new ScriptedServer("220 x", "C: EHLO", "250 x", "C: MAIL", "250 ok", "C: RCPT", "250 ok", "C: DATA", "354 go", "C: .", "drop");
        await using var smtp = await SmtpConnection.ConnectAsync(server.Server, Cancellation);
        (await smtp.SendAsync("a@b.example", ["c@d.example"], Message("open").Bytes[..10], cancellation: Cancellation))[0].Outcome.ShouldBe(SmtpOutcome.Unknown);
        smtp.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_lost_earlier_means_nothing_was_sent()
    {
        await using var server = new ScriptedServer("220 x", "C: EHLO", "250 x", "C: MAIL", "250 ok", "C: RCPT", "drop");
        await using var smtp = await SmtpConnection.ConnectAsync(server.Server, Cancellation);
        (await Should.ThrowAsync<MailTransportException>(smtp.SendAsync("a@b.example", ["c@d.example"], Message("lost").Bytes, cancellation: Cancellation))).Error.ShouldBe(MailTransportError.ConnectionLost);
    }

    [Fact]
    public async Task A_silent_server_is_left_in_time()
    {
        await using var server = new ScriptedServer("hang");
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(server.Server with { Timeout = TimeSpan.FromMilliseconds(200) }, Cancellation))).Error.ShouldBe(MailTransportError.TimedOut);
    }

    [Fact]
    public async Task Commands_slipped_in_before_tls_are_noticed()
    {
        await using var server = new ScriptedServer("220 x", "C: EHLO", "250-x\r\n250 STARTTLS", "C: STARTTLS", "220 go\r\n250 injected");
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(server.Server with { Security = ConnectionSecurity.StartTls }, Cancellation))).Error.ShouldBe(MailTransportError.ProtocolViolated);
        await using var without = new ScriptedServer("220 x", "C: EHLO", "250 x");
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(without.Server with { Security = ConnectionSecurity.StartTls }, Cancellation))).Error.ShouldBe(MailTransportError.NotOffered);
    }

    [Fact]
    public async Task Tokens_and_the_old_login_are_spoken()
    {
        await using var token = new ScriptedServer("220 x", "C: EHLO", "250-x\r\n250 AUTH PLAIN XOAUTH2", "C: AUTH", "235 ok");
        await using (await SmtpConnection.ConnectAsync(token.Server with { UserName = "anna", AccessToken = "t0k" }, Cancellation))
            Encoding.UTF8.GetString(Convert.FromBase64String(token.Received[^1].Split(' ')[2])).ShouldBe("user=anna\u0001auth=Bearer t0k\u0001\u0001");
        await using var refused = new ScriptedServer("220 x", "C: EHLO", "250-x\r\n250 AUTH XOAUTH2", "C: AUTH", "334 eyJ9", "C: ", "535 5.7.8 no");
        (await Should.ThrowAsync<MailTransportException>(SmtpConnection.ConnectAsync(refused.Server with { UserName = "anna", AccessToken = "t0k" }, Cancellation))).Error.ShouldBe(MailTransportError.LoginRefused);
        await using var login = new ScriptedServer("220 x", "C: EHLO", "250-x\r\n250 AUTH=LOGIN", "C: AUTH LOGIN", "334 VXNlcm5hbWU6", "C: YW5uYQ==", "334 UGFzc3dvcmQ6", "C: cHc=", "235 ok");
        await using (await SmtpConnection.ConnectAsync(login.Server with { UserName = "anna", Password = "pw" }, Cancellation)) login.Received[^1].ShouldBe("cHc=");
    }

    [Theory]
    [InlineData("a\n.b", "a\r\n..b\r\n.\r\n")]
    [InlineData(".\r\n", "..\r\n.\r\n")]
    [InlineData("a\r.b\n", "a\r\n..b\r\n.\r\n")]
    [InlineData("", "\r\n.\r\n")]
    [InlineData("x\r", "x\r\n.\r\n")]
    public void No_line_of_a_message_ends_it_early(string message, string sent) => Encoding.ASCII.GetString(SmtpConnection.DotStuffed(Encoding.ASCII.GetBytes(message))).ShouldBe(sent);

    private async Task<MimeMessage> ArrivedAsync(string user, string messageId)
    {
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap(user), Cancellation);
        await imap.SelectAsync("INBOX", Cancellation);
        for (var waits = 0; waits < 30; waits++)
        {
            foreach (var summary in await imap.SummariesAsync(1, 1_000, Cancellation))
                if (MimeMessage.Read(await imap.FetchAsync(summary.Uid, 1_000_000, Cancellation)) is var message && message.MessageId == messageId) return message;
            await imap.WaitForChangeAsync(TimeSpan.FromSeconds(1), Cancellation);
        }
        throw new InvalidOperationException($"{messageId} did not arrive\n{servers.Log}");
    }
}
