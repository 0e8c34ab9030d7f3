using System.Text;

namespace SiteDesk.Mail.Tests.Servers;

[Collection(MailServersCollection.Name)]
public sealed class ImapTests(MailServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] Raw(int number, int size = 0) => Encoding.ASCII.GetBytes($"From: a@b.example\r\nSubject: {number}\r\nMessage-ID: <{number}@b.example>\r\n\r\n{new string('x', size)}\r\n");

    [Theory]
    [InlineData(ConnectionSecurity.ImplicitTls)]
    [InlineData(ConnectionSecurity.StartTls)]
    public async Task A_mailbox_is_read_and_stays_unseen(ConnectionSecurity security)
    {
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap("boris", security), Cancellation);
        var uid = await imap.AppendAsync("INBOX", Raw(1), ["\\Flagged"], Cancellation);
        uid.ShouldNotBeNull();
        (await imap.SelectAsync("INBOX", Cancellation))!.UidValidity.ShouldBeGreaterThan(0u);
        Encoding.ASCII.GetString((await imap.FetchAsync(uid.Value, 1_000_000, Cancellation))!).ShouldBe(Encoding.ASCII.GetString(Raw(1)));
        var summary = (await imap.SummariesAsync(uid.Value, 10, Cancellation)).First();
        summary.Size.ShouldBe(Raw(1).Length);
        summary.Flags.Contains("\\Flagged", StringComparer.Ordinal).ShouldBeTrue();
        summary.Flags.Contains("\\Seen", StringComparer.Ordinal).ShouldBeFalse();
        await imap.SetFlagAsync(uid.Value, "\\Seen", true, Cancellation);
        (await imap.SummariesAsync(uid.Value, 10, Cancellation))[0].Flags.Contains("\\Seen", StringComparer.Ordinal).ShouldBeTrue();
        (await imap.FetchAsync(uid.Value + 1000, 1000, Cancellation)).ShouldBeNull();
        await imap.LogoutAsync(Cancellation);
    }

    [Fact]
    public async Task Folders_with_names_in_any_script_are_listed_and_mail_moves_between_them()
    {
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap("chen"), Cancellation);
        foreach (var name in (string[])["Обработано", "已处理 & \"done\""]) (await imap.CreateFolderAsync(name, Cancellation)).ShouldBeTrue();
        (await imap.CreateFolderAsync("Обработано", Cancellation)).ShouldBeFalse();
        var folders = await imap.ListFoldersAsync(Cancellation);
        folders.Select(folder => folder.Name).ShouldBe(["Обработано", "已处理 & \"done\"", "INBOX", "Sent"], ignoreOrder: true);
        folders.Single(folder => folder.Name == "Sent").Attributes.Contains("\\Sent", StringComparer.Ordinal).ShouldBeTrue();
        var uid = (await imap.AppendAsync("INBOX", Raw(2), [], Cancellation))!.Value;
        await imap.SelectAsync("INBOX", Cancellation);
        await imap.MoveAsync(uid, "Обработано", Cancellation);
        (await imap.SummariesAsync(uid, 10, Cancellation)).ShouldBeEmpty();
        (await imap.SelectAsync("Обработано", Cancellation))!.Count.ShouldBe(1);
        var moved = (await imap.SummariesAsync(1, 10, Cancellation)).Single();
        await imap.DeleteAsync(moved.Uid, Cancellation);
        (await imap.SummariesAsync(1, 10, Cancellation)).ShouldBeEmpty();
        (await imap.SelectAsync("nowhere", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_large_folder_is_followed_in_portions_over_gaps()
    {
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap("fumi"), Cancellation);
        var uids = new List<uint>();
        for (var number = 0; number < 250; number++) uids.Add((await imap.AppendAsync("INBOX", Raw(number), [], Cancellation))!.Value);
        await imap.SelectAsync("INBOX", Cancellation);
        foreach (var uid in uids.Skip(10).Take(220)) await imap.DeleteAsync(uid, Cancellation);
        var seen = new List<uint>();
        while (await imap.SummariesAsync(seen.Count == 0 ? 1 : seen[^1] + 1, 15, Cancellation) is { Count: > 0 } portion)
        {
            portion.Count.ShouldBeLessThanOrEqualTo(15);
            seen.AddRange(portion.Select(summary => summary.Uid));
        }
        seen.ShouldBe(uids.Take(10).Concat(uids.Skip(230)));
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_passed_over_and_the_connection_goes_on()
    {
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap("dora"), Cancellation);
        var large = (await imap.AppendAsync("INBOX", Raw(1, 3_000_000), [], Cancellation))!.Value;
        await imap.SelectAsync("INBOX", Cancellation);
        (await Should.ThrowAsync<MailTransportException>(imap.FetchAsync(large, 100_000, Cancellation))).Error.ShouldBe(MailTransportError.Refused);
        (await imap.FetchAsync(large, 4_000_000, Cancellation))!.Length.ShouldBe(Raw(1, 3_000_000).Length);
    }

    [Fact]
    public async Task Idle_wakes_for_a_new_mail_and_ends_when_nothing_comes()
    {
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap("gina"), Cancellation);
        imap.Capabilities.Contains("IDLE").ShouldBeTrue();
        await imap.SelectAsync("INBOX", Cancellation);
        (await imap.WaitForChangeAsync(TimeSpan.FromMilliseconds(300), Cancellation)).ShouldBe(ImapIdleResult.Quiet);
        var waiting = imap.WaitForChangeAsync(TimeSpan.FromMinutes(1), Cancellation);
        await servers.DeliverAsync("gina", "1.first.test", Raw(7));
        (await waiting).ShouldBe(ImapIdleResult.Changed);
        MimeMessage.Read((await imap.FetchAsync((await imap.SummariesAsync(1, 10, Cancellation)).Last().Uid, 10_000, Cancellation))!).MessageId.ShouldBe("7@b.example");
    }

    [Fact]
    public async Task A_dropped_connection_is_noticed_while_waiting()
    {
        await using var imap = await ImapConnection.ConnectAsync(servers.Imap("emil"), Cancellation);
        await imap.SelectAsync("INBOX", Cancellation);
        var waiting = imap.WaitForChangeAsync(TimeSpan.FromMinutes(1), Cancellation);
        await servers.KickAsync("emil");
        (await Should.ThrowAsync<MailTransportException>(waiting)).Error.ShouldBe(MailTransportError.ConnectionLost);
        await using var again = await ImapConnection.ConnectAsync(servers.Imap("emil"), Cancellation);
        (await again.SelectAsync("INBOX", Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_changed_uidvalidity_is_seen()
    {
        uint before;
        await using (var imap = await ImapConnection.ConnectAsync(servers.Imap("boris"), Cancellation))
        {
            await imap.AppendAsync("INBOX", Raw(3), [], Cancellation);
            before = (await imap.SelectAsync("INBOX", Cancellation))!.UidValidity;
            await imap.LogoutAsync(Cancellation);
        }
        // UIDVALIDITY is made of the seconds: the next one must be another.
        while (DateTimeOffset.UtcNow.ToUnixTimeSeconds() <= before) await Task.Delay(50, Cancellation);
        servers.ForgetUids("boris");
        await using var after = await ImapConnection.ConnectAsync(servers.Imap("boris"), Cancellation);
        (await after.SelectAsync("INBOX", Cancellation))!.UidValidity.ShouldNotBe(before);
    }

    [Fact]
    public async Task A_wrong_password_is_named_and_no_password_goes_in_the_clear()
    {
        (await Should.ThrowAsync<MailTransportException>(ImapConnection.ConnectAsync(servers.Imap("anna") with { Password = "wrong" }, Cancellation))).Error.ShouldBe(MailTransportError.LoginRefused);
        (await Should.ThrowAsync<MailTransportException>(ImapConnection.ConnectAsync(servers.Imap("anna", ConnectionSecurity.None), Cancellation))).Error.ShouldBe(MailTransportError.NotOffered);
    }

    [Fact]
    public async Task Servers_without_extensions_are_spoken_to_in_the_old_way()
    {
        await using var server = new ScriptedServer("* OK hi", "C: a1", "* CAPABILITY IMAP4rev1\r\na1 OK", "C: a2 LOGIN {4}", "+ go", "C: anna {2}", "+ go", "C: pw", "a2 OK", "C: a3", "* CAPABILITY IMAP4rev1\r\na3 OK", "C: a4 APPEND", "+ go", "C: Subject", "a4 OK done", "C: a5 SELECT", "* 1 EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT 9] x\r\na5 OK [READ-ONLY] done", "C: a6 UID COPY", "a6 OK", "C: a7 UID STORE", "a7 OK");
        await using var imap = await ImapConnection.ConnectAsync(server.Server with { UserName = "anna", Password = "pw" }, Cancellation);
        (await imap.AppendAsync("Sent", Encoding.ASCII.GetBytes("Subject: x\r\n"), [], Cancellation)).ShouldBeNull();
        (await imap.SelectAsync("INBOX", Cancellation)).ShouldBe(new ImapFolder("INBOX", 5, 9, 1, true));
        await imap.MoveAsync(8, "Done", Cancellation);
    }

    [Fact]
    public async Task Tokens_are_spoken_and_a_refusal_with_details_is_a_refusal()
    {
        await using var server = new ScriptedServer("* OK hi", "C: a1", "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\na1 OK", "C: a2 AUTHENTICATE XOAUTH2 ", "+ eyJzdGF0dXMiOiI0MDEifQ==", "C: ", "a2 NO failed");
        (await Should.ThrowAsync<MailTransportException>(ImapConnection.ConnectAsync(server.Server with { UserName = "anna", AccessToken = "t0k" }, Cancellation))).Error.ShouldBe(MailTransportError.LoginRefused);
        Encoding.UTF8.GetString(Convert.FromBase64String(server.Received[1].Split(' ')[3])).ShouldBe("user=anna\u0001auth=Bearer t0k\u0001\u0001");
    }

    [Fact]
    public async Task Literals_anywhere_in_a_response_are_read_and_nonsense_is_named()
    {
        await using var server = new ScriptedServer("* PREAUTH hi", "C: a1", "* CAPABILITY IMAP4rev1\r\na1 OK", "C: a2", "* LIST (\\HasNoChildren) \"/\" {7}\r\nOdd \"na\r\n* LIST () NIL plain\r\na2 OK", "C: a3", "what?");
        await using var imap = await ImapConnection.ConnectAsync(server.Server, Cancellation);
        (await imap.ListFoldersAsync(Cancellation)).Select(folder => folder.Name).ShouldBe(["Odd \"na", "plain"]);
        (await Should.ThrowAsync<MailTransportException>(imap.CheckAsync(Cancellation))).Error.ShouldBe(MailTransportError.ProtocolViolated);
    }

    [Fact]
    public async Task A_stalled_server_is_left_in_time()
    {
        await using var server = new ScriptedServer("* OK hi", "C: a1", "* CAPABILITY {99999999}", "hang");
        (await Should.ThrowAsync<MailTransportException>(ImapConnection.ConnectAsync(server.Server with { Timeout = TimeSpan.FromMilliseconds(300) }, Cancellation))).Error.ShouldBe(MailTransportError.TimedOut);
    }
}
