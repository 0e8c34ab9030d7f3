using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Customers;
using SiteDesk.Platform.Files;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

public abstract class ReceivingTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    [Fact]
    public async Task A_mail_becomes_a_ticket_in_the_sender_s_language_and_is_confirmed_with_number_and_link()
    {
        await using var mail = await start(null);
        var raw = await mail.ReceiveAsync(MailDesk.Letter("=?utf-8?B?0JPQtNC1INC30LDQutCw0Lc=?=", "Здравствуйте, где мой заказ 4711? Я жду его уже неделю.\n\n-- \nАнна", "=?utf-8?B?0JDQvdC90LA=?= <anna@example.com>"));

        raw.Outcome.ShouldBe(MailOutcome.Ticket, raw.Reason);
        var ticket = await mail.TicketAsync(raw.TicketId!.Value);
        ticket.Subject.ShouldBe("Где заказ");
        ticket.Channel.ShouldBe("email");
        ticket.Language.ShouldBe("ru");
        (await mail.MessagesAsync(ticket.Id)).ShouldHaveSingleItem().Text.ShouldBe("Здравствуйте, где мой заказ 4711? Я жду его уже неделю.");
        var confirmation = (await mail.Sink.ArrivedAsync(1))[0];
        confirmation.Recipients.ShouldBe(["anna@example.com"]);
        confirmation.Message.Headers.Value("Auto-Submitted").ShouldBe("auto-replied");
        confirmation.Message.Subject.ShouldBe("Re: Где заказ");
        confirmation.Message.Body.Text.ShouldContain($"#{ticket.Id}");
        confirmation.Message.Body.Text.ShouldContain($"{mail.Desk.Address}t/{ticket.Token}");
        confirmation.Message.Body.Text.ShouldContain("мы получили ваше обращение");
        (await mail.Owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("Где заказ");
    }

    [Fact]
    public async Task An_answer_leaves_as_mail_and_the_customer_s_answer_to_it_comes_back_to_the_ticket()
    {
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new ManualClock())));
        var first = await mail.ReceiveAsync(MailDesk.Letter("Order late", "Where is it?", fields: "Cc: Boris <boris@example.com>\n", id: "first"));
        await mail.Sink.ArrivedAsync(1);
        var ticketId = first.TicketId!.Value;
        await mail.AnswerAsync(ticketId, "It is on its way.");
        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer));
        mail.Sink.Mails.Count.ShouldBe(1, "an answer is held for some seconds");
        ((ManualClock)mail.Desk.Services.GetRequiredService<TimeProvider>()).Advance(TimeSpan.FromSeconds(13));

        var answer = (await mail.Sink.ArrivedAsync(2))[1];
        answer.Recipients.ShouldBe(["anna@example.com", "boris@example.com"]);
        answer.Message.Cc.ShouldHaveSingleItem().Address.ShouldBe("boris@example.com");
        answer.Message.References.ShouldContain("first@example.com");
        answer.Message.Body.Text.ShouldStartWith("It is on its way.");
        answer.Message.Headers.First("Auto-Submitted").ShouldBeNull();
        (await mail.TicketAsync(ticketId)).Status.ShouldBe(StandardStatus.Pending);

        var back = await mail.ReceiveAsync(MailDesk.Letter("AW: whatever", "Thank you!\n\n> It is on its way.", fields: $"In-Reply-To: <{answer.Message.MessageId}>\n"));
        back.Outcome.ShouldBe(MailOutcome.FollowUp, back.Reason);
        back.TicketId.ShouldBe(ticketId);
        (await mail.TicketAsync(ticketId)).Status.ShouldBe(StandardStatus.Open);
        (await mail.MessagesAsync(ticketId))[^1].Text.ShouldBe("Thank you!");
        var colleague = await mail.ReceiveAsync(MailDesk.Letter("Re: Order late", "I have it.", "Boris <boris@example.com>", $"References: <x@y> <{answer.Message.MessageId}>\n"));
        colleague.TicketId.ShouldBe(ticketId);
        (await mail.MessagesAsync(ticketId))[^1].AuthorName.ShouldBe("Boris (boris@example.com)");
        mail.Sink.Mails.Count.ShouldBe(2, "a follow-up is not confirmed");
    }

    [Fact]
    public async Task A_mail_seen_twice_is_one_message_with_or_without_a_Message_ID()
    {
        await using var mail = await start(null);
        var second = await mail.AddMailboxAsync("sales@shop.example.com");
        var letter = MailDesk.Letter("Twice", "Once is enough.", id: "same");
        (await mail.ReceiveAsync(letter)).Outcome.ShouldBe(MailOutcome.Ticket);
        (await mail.ReceiveAsync("Received: from elsewhere\n" + letter)).Outcome.ShouldBe(MailOutcome.Repeat);
        (await mail.ReceiveAsync("Delivered-To: sales@shop.example.com\n" + letter, second)).Outcome.ShouldBe(MailOutcome.Repeat);

        const string nameless = "From: carl@example.com\nSubject: No id\nDate: Tue, 05 Mar 2024 10:00:00 +0000\n\nHello there";
        (await mail.ReceiveAsync(nameless)).Outcome.ShouldBe(MailOutcome.Ticket);
        (await mail.ReceiveAsync("Received: again\n" + nameless + "\n")).Outcome.ShouldBe(MailOutcome.Repeat);
        (await mail.ReceiveAsync(nameless + ", something else")).Outcome.ShouldBe(MailOutcome.Ticket);
        (await mail.Desk.InDatabaseAsync(database => database.Set<Message>().CountAsync())).ShouldBe(3);
    }

    [Fact]
    public async Task A_thread_never_crosses_into_another_site_nor_follows_the_subject_alone()
    {
        await using var mail = await start(null);
        var add = await mail.Owner.PostFormAsync("/agent/sites", [new("SiteName", "Other"), new("SiteAddress", "https://other.example.com"), new("TimeZone", "Etc/UTC"), new("Languages", "en")], "/agent/sites/new");
        add.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var other = await mail.AddMailboxAsync("help@other.example.com", 2);
        var first = await mail.ReceiveAsync(MailDesk.Letter("Question", "One", id: "one"));
        var confirmation = (await mail.Sink.ArrivedAsync(1))[0].Message.MessageId;

        var crossing = await mail.ReceiveAsync(MailDesk.Letter("Re: Question", "Two", fields: $"In-Reply-To: <{confirmation}>\nReferences: <one@example.com>\n"), other);
        crossing.Outcome.ShouldBe(MailOutcome.Ticket);
        crossing.TicketId.ShouldNotBe(first.TicketId);
        var sameSubject = await mail.ReceiveAsync(MailDesk.Letter("Re: Question", "Three"));
        sameSubject.TicketId.ShouldNotBe(first.TicketId);
        var byReference = await mail.ReceiveAsync(MailDesk.Letter("Re: Question", "Four", fields: "References: <one@example.com>\n"));
        byReference.TicketId.ShouldBe(first.TicketId);
        var byNumber = await mail.ReceiveAsync(MailDesk.Letter($"To [#{first.TicketId}]", "Five"));
        byNumber.TicketId.ShouldBe(first.TicketId);
        var strangersNumber = await mail.ReceiveAsync(MailDesk.Letter($"To [#{first.TicketId}]", "Six", "eve@example.net"));
        strangersNumber.TicketId.ShouldNotBe(first.TicketId);
        var forged = await mail.ReceiveAsync(MailDesk.Letter("Hm", "Seven", "eve@example.net", $"In-Reply-To: <t{first.TicketId}-00000000000000000000.0123456789abcdef@shop.example.com>\n"));
        forged.TicketId.ShouldNotBe(first.TicketId);
    }

    [Fact]
    public async Task Who_only_claims_to_be_the_customer_cannot_turn_the_answers_to_themselves()
    {
        await using var mail = await start(null);
        var first = await mail.ReceiveAsync(MailDesk.Letter("Question", "One"));
        var number = first.TicketId!.Value;
        await mail.ReceiveAsync(MailDesk.Letter($"#{number}", "Please answer there", fields: "Reply-To: mallory@evil.example\nCc: eve@evil.example\n"));
        (await mail.MessagesAsync(number)).Count.ShouldBe(2);
        await mail.AnswerAsync(number, "The code is 1234");
        var answer = (await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.Kind == OutgoingKind.Answer))).Find(row => row.Kind == OutgoingKind.Answer)!;
        answer.Recipients.ShouldHaveSingleItem().Address.ShouldBe("anna@example.com");
    }

    [Fact]
    public async Task A_machine_s_answer_is_kept_and_shown_and_sets_nothing_in_motion()
    {
        await using var mail = await start(null);
        var first = await mail.ReceiveAsync(MailDesk.Letter("Question", "One"));
        var confirmation = (await mail.Sink.ArrivedAsync(1))[0].Message.MessageId;
        var number = first.TicketId!.Value;
        await mail.AnswerAsync(number, "Solved");

        var absence = await mail.ReceiveAsync(MailDesk.Letter("Out of office", "I am away.", fields: $"Auto-Submitted: auto-replied\nIn-Reply-To: <{confirmation}>\n"));
        absence.TicketId.ShouldBe(number);
        (await mail.TicketAsync(number)).Status.ShouldBe(StandardStatus.Pending);
        (await mail.TicketAsync(number)).AwaitsReply.ShouldBeFalse();
        (await mail.MessagesAsync(number)).Count.ShouldBe(3);
        var robot = await mail.ReceiveAsync(MailDesk.Letter("Monthly report", "All is well.", "robot@example.com", "Auto-Submitted: auto-generated\n"));
        robot.Outcome.ShouldBe(MailOutcome.Ticket);
        var person = await mail.ReceiveAsync(MailDesk.Letter("Question", "By hand", "dora@example.com", "Auto-Submitted: no\n"));
        (await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.TicketId == person.TicketId))).Count(row => row.Kind == OutgoingKind.Confirmation).ShouldBe(2, "the first and the person's");
    }

    [Fact]
    public async Task A_bounce_belongs_to_the_mail_that_bounced_and_marks_the_address()
    {
        await using var mail = await start(null);
        var first = await mail.ReceiveAsync(MailDesk.Letter("Question", "One"));
        var confirmation = (await mail.Sink.ArrivedAsync(1))[0].Message.MessageId;
        await mail.AnswerAsync(first.TicketId!.Value, "Here");
        var bounce = await mail.ReceiveAsync($"""
            From: MAILER-DAEMON@mx.example.com
            To: help@shop.example.com
            Subject: Undelivered Mail Returned to Sender
            Message-ID: <bounce@mx.example.com>
            Auto-Submitted: auto-replied
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"
            MIME-Version: 1.0

            --b
            Content-Type: text/plain

            I'm sorry.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.com

            Final-Recipient: rfc822; anna@example.com
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 no such user

            --b
            Content-Type: text/rfc822-headers

            From: help@shop.example.com
            To: anna@example.com
            Message-ID: <{confirmation}>

            --b--
            """);
        bounce.Outcome.ShouldBe(MailOutcome.Bounce);
        var sent = (await mail.OutgoingAsync()).Find(row => row.Kind == OutgoingKind.Confirmation)!;
        sent.State.ShouldBe(OutgoingState.Bounced);
        sent.LastAnswer!.ShouldContain("no such user");
        (await mail.Desk.InDatabaseAsync(database => database.Set<UnreachableAddress>().SingleAsync())).Address.ShouldBe("anna@example.com");
        var messages = await mail.MessagesAsync(first.TicketId!.Value);
        messages[^1].Kind.ShouldBe(MessageKind.Note);
        messages[^1].Text.ShouldContain("no such user");
        (await mail.TicketAsync(first.TicketId!.Value)).Status.ShouldBe(StandardStatus.Open, "who answered has to hear of it");
    }

    [Fact]
    public async Task Two_programs_that_answer_each_other_stop_after_a_few_turns()
    {
        await using var mail = await start(null);
        for (var turn = 0; turn < 12; turn++)
            (await mail.ReceiveAsync(MailDesk.Letter($"Your mail {turn}", $"We have received your mail {turn}.", "robot@desk.example"))).State.ShouldBe(RawMailState.Done);

        (await mail.Desk.InDatabaseAsync(database => database.Set<Ticket>().CountAsync())).ShouldBe(5);
        (await mail.Desk.InDatabaseAsync(database => database.Set<Message>().CountAsync())).ShouldBe(12, "nothing is lost");
        (await mail.OutgoingAsync()).Count.ShouldBe(3);
        var own = (await mail.OutgoingAsync())[0].MailId;
        (await mail.ReceiveAsync($"From: help@shop.example.com\nMessage-ID: <{own}>\nSubject: Re: x\n\nback")).Outcome.ShouldBe(MailOutcome.Own);
        (await mail.ReceiveAsync(string.Concat(Enumerable.Repeat("Received: from a by b\n", 60)) + MailDesk.Letter("Round", "and round"))).Outcome.ShouldBe(MailOutcome.Loop);
    }

    [Fact]
    public async Task A_program_that_answers_within_one_ticket_is_taken_for_a_machine_after_some_turns()
    {
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton(new MailIntakeLimits { MailsOfSender = 3 })));
        var first = await mail.ReceiveAsync(MailDesk.Letter("Question", "One", id: "first"));
        var ticket = first.TicketId!.Value;
        for (var turn = 0; turn < 3; turn++)
            (await mail.ReceiveAsync(MailDesk.Letter("Re: Question", $"Thank you for your mail {turn}.", fields: "References: <first@example.com>\n"))).TicketId.ShouldBe(ticket);
        await mail.AnswerAsync(ticket, "You are welcome.");
        (await mail.TicketAsync(ticket)).Status.ShouldBe(StandardStatus.Pending);
        (await mail.ReceiveAsync(MailDesk.Letter("Re: Question", "Thank you for your mail again.", fields: "References: <first@example.com>\n"))).TicketId.ShouldBe(ticket);
        (await mail.TicketAsync(ticket)).Status.ShouldBe(StandardStatus.Pending, "it sets nothing in motion");
        (await mail.MessagesAsync(ticket)).Count.ShouldBe(6, "nothing is lost");
        var other = await mail.ReceiveAsync(MailDesk.Letter("Re: Question", "And mine?", "dora@example.com", "References: <first@example.com>\n"));
        (await mail.TicketAsync(other.TicketId!.Value)).Status.ShouldBe(StandardStatus.Open, "others are heard");
    }

    [Fact]
    public async Task A_mail_that_breaks_a_step_is_put_aside_with_its_reason_and_the_next_one_goes_on()
    {
        var scan = new BreakingScan();
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton<IVirusScan>(scan)));
        var broken = await mail.ReceiveAsync(WithFile("breaks.txt", "text/plain", "boom"));
        broken.State.ShouldBe(RawMailState.Quarantined);
        broken.Step.ShouldBe("attachments");
        broken.Reason!.ShouldContain("boom");
        (await mail.ReceiveAsync(MailDesk.Letter("Next", "goes on"))).Outcome.ShouldBe(MailOutcome.Ticket);

        var page = await mail.Owner.GetTextAsync($"/agent/mail-log/{broken.Id}");
        page.ShouldContain("boom");
        page.ShouldContain("breaks.txt");
        (await (await mail.Owner.GetAsync($"/agent/mail-log/{broken.Id}/source")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length.ShouldBe((int)broken.Size);
        scan.IsBroken = false;
        (await mail.Owner.PostFormAsync($"/agent/mail-log/{broken.Id}/another-try", [], $"/agent/mail-log/{broken.Id}")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await mail.UntilReadAsync(broken.ContentHash)).Outcome.ShouldBe(MailOutcome.Ticket);
    }

    [Fact]
    public async Task Files_and_inline_pictures_arrive_and_a_program_is_named_but_not_taken_over()
    {
        await using var mail = await start(null);
        var raw = await mail.ReceiveAsync(WithFile("Отчёт.pdf", "application/pdf", "%PDF", """
            --m
            Content-Type: image/png; name="logo.png"
            Content-Disposition: inline
            Content-ID: <logo>
            Content-Transfer-Encoding: base64

            iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
            --m
            Content-Type: application/octet-stream; name="update.exe"

            MZ
            """));
        var message = (await mail.MessagesAsync(raw.TicketId!.Value))[0];
        message.Files.Select(file => file.File.Name).Order().ShouldBe(["logo.png", "Отчёт.pdf"]);
        (await mail.Desk.InDatabaseAsync(database => database.Set<MessageMail>().SingleAsync())).RefusedFiles.ShouldBe(["update.exe"]);
    }

    [Fact]
    public async Task Junk_by_the_server_s_verdict_or_a_blocked_sender_is_kept_apart_and_not_confirmed()
    {
        await using var mail = await start(null);
        var verdict = await mail.ReceiveAsync(MailDesk.Letter("Win", "money", "win@spam.example", "X-Spam-Flag: YES\n"));
        (await mail.TicketAsync(verdict.TicketId!.Value)).Junk!.Reason.ShouldBe("verdict");
        (await mail.Owner.PostFormAsync("/agent/blocked-senders", [new("pattern", "@pest.example")], "/agent/blocked-senders")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var blocked = await mail.ReceiveAsync(MailDesk.Letter("Again", "me", "a@pest.example"));
        (await mail.TicketAsync(blocked.TicketId!.Value)).Junk!.Reason.ShouldBe("blocked");
        (await mail.OutgoingAsync()).ShouldBeEmpty();
        var page = await mail.Owner.GetTextAsync($"/agent/tickets/{verdict.TicketId}");
        page.ShouldContain("the mail server");
    }

    [Fact]
    public async Task What_agents_mark_as_junk_teaches_what_comes_after()
    {
        var clock = new ManualClock();
        await using var mail = await start(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            services.Replace(ServiceDescriptor.Singleton(new SiteDesk.Channels.Email.Receiving.MailIntakeLimits { JunkExamples = 4 }));
        });
        var junk = new List<long>();
        for (var number = 0; number < 4; number++)
        {
            junk.Add((await mail.ReceiveAsync(MailDesk.Letter("Casino bonus", $"Win the jackpot tonight, free casino bonus spins for you, edition {number}.", $"win{number}@spam{number}.example"))).TicketId!.Value);
            var honest = await mail.ReceiveAsync(MailDesk.Letter("Order", $"Where is the parcel of my order, it was promised for Monday, number {number}?", $"customer{number}@example.com"));
            await mail.AnswerAsync(honest.TicketId!.Value, "On its way.");
        }

        (await mail.Owner.PostFormAsync("/agent/tickets/changes", [new("numbers", string.Join(',', junk)), new("junk", "true")], "/agent/tickets")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await mail.TicketAsync(junk[0])).Junk!.Reason.ShouldBe("manual");
        clock.Advance(TimeSpan.FromMinutes(11));

        var more = await mail.ReceiveAsync(MailDesk.Letter("Casino bonus", "Free casino spins: win the jackpot, your bonus waits tonight.", "fresh@other.example"));
        (await mail.TicketAsync(more.TicketId!.Value)).Junk!.Reason.ShouldBe("learned");
        var order = await mail.ReceiveAsync(MailDesk.Letter("Order", "My parcel was promised for Monday, where is my order?", "someone@example.net"));
        (await mail.TicketAsync(order.TicketId!.Value)).Junk.ShouldBeNull();
    }

    [Fact]
    public async Task Verdicts_count_only_from_the_trusted_server_and_prove_the_address()
    {
        await using var mail = await start(null);
        var forged = await mail.ReceiveAsync(MailDesk.Letter("A", "a", "a@example.com", "Authentication-Results: mx.evil.example; dmarc=pass\n"));
        var proven = await mail.ReceiveAsync(MailDesk.Letter("B", "b", "b@example.com", "Authentication-Results: mx.shop.example.com; spf=pass; dkim=pass; dmarc=pass\n"));
        var others = await mail.ReceiveAsync(MailDesk.Letter("C", "c", "c@example.com", "Authentication-Results: mx.shop.example.com; dmarc=pass header.from=evil.example\n"));
        var below = await mail.ReceiveAsync(MailDesk.Letter("D", "d", "d@news.example.com", "Authentication-Results: mx.shop.example.com; dmarc=pass header.from=example.com\n"));
        await mail.ReceiveAsync(MailDesk.Letter("E", "e", "No reply <noreply@mallory.example>", "Authentication-Results: mx.shop.example.com; dmarc=pass header.from=mallory.example\nReply-To: victim@example.com\n"));
        var facts = await mail.Desk.InDatabaseAsync(database => database.Set<MessageMail>().ToDictionaryAsync(row => row.RawMailId));
        facts[forged.Id].Dmarc.ShouldBeNull();
        facts[proven.Id].Dmarc.ShouldBe("pass");
        facts[others.Id].Dmarc.ShouldBe("none", "it passed for another author than the one we read");
        facts[below.Id].Dmarc.ShouldBe("pass", "the verdict may name the organisation");
        var contacts = await mail.Desk.InDatabaseAsync(database => database.Set<CustomerContact>().ToDictionaryAsync(row => row.Value));
        contacts["a@example.com"].ProvenAt.ShouldBeNull();
        contacts["c@example.com"].ProvenAt.ShouldBeNull();
        contacts["d@news.example.com"].ProvenAt.ShouldNotBeNull();
        contacts["victim@example.com"].ProvenAt.ShouldBeNull("a stranger's domain vouches for nobody in Reply-To");
        contacts["b@example.com"].ProvenAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_form_that_writes_in_the_mailbox_s_own_name_is_the_visitor_s_request()
    {
        await using var mail = await start(null);
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Contact form", "Hello from the page", "Shop <help@shop.example.com>", "Reply-To: Vera <vera@example.com>\n"));
        raw.Outcome.ShouldBe(MailOutcome.Ticket);
        (await mail.Desk.InDatabaseAsync(database => database.Set<CustomerContact>().SingleAsync())).Value.ShouldBe("vera@example.com");
        (await mail.Sink.ArrivedAsync(1))[0].Recipients.ShouldBe(["vera@example.com"]);
    }

    [Fact]
    public async Task A_server_that_cannot_tell_of_news_is_asked_for_it()
    {
        await using var server = new PolledMailServer();
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton(new SiteDesk.Channels.Email.Receiving.MailIntakeLimits { PollInterval = TimeSpan.FromMilliseconds(200) })));
        server.Deliver(Encoding.UTF8.GetBytes(MailDesk.Letter("Before", "One").ReplaceLineEndings("\r\n")));
        await mail.AddMailboxAsync("polled@shop.example.com", 1, new("IncomingHost", "127.0.0.1"), new("IncomingPort", server.Port.ToString()), new("IncomingSecurity", "None"));
        await UntilAsync(() => server.AreAllSeen);
        server.Deliver(Encoding.UTF8.GetBytes(MailDesk.Letter("After", "Two").ReplaceLineEndings("\r\n")));
        await UntilAsync(() => server.AreAllSeen);
        server.Asked.ShouldBeGreaterThan(0);
        (await mail.Desk.InDatabaseAsync(database => database.Set<RawMail>().CountAsync())).ShouldBe(2);
        (await mail.Owner.GetTextAsync("/agent/mailboxes")).ShouldContain("Up to date");
    }

    [Fact]
    public async Task The_source_of_a_mail_goes_with_its_ticket()
    {
        await using var mail = await start(null);
        var raw = await mail.ReceiveAsync(MailDesk.Letter("Private", "Secret words"));
        await mail.Sink.ArrivedAsync(1);
        await mail.Desk.UseAsync<SiteDesk.Tickets.Retention.RemoveTickets, SiteDesk.Tickets.Retention.RemovedTickets>(remove => remove.RunAsync([raw.TicketId!.Value], TestContext.Current.CancellationToken));
        (await mail.Desk.InDatabaseAsync(database => database.Set<RawMailContent>().CountAsync())).ShouldBe(0);
        (await mail.Desk.InDatabaseAsync(database => database.Set<MessageMail>().CountAsync())).ShouldBe(0);
        (await mail.OutgoingAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mail_that_is_told_of_in_the_answer_to_another_command_is_not_waited_for()
    {
        await using var server = new PolledMailServer { TellsOnlyWhileStoring = true, ComesWhileStoring = Encoding.UTF8.GetBytes(MailDesk.Letter("Between", "Two").ReplaceLineEndings("\r\n")) };
        await using var mail = await start(null);
        server.Deliver(Encoding.UTF8.GetBytes(MailDesk.Letter("First", "One").ReplaceLineEndings("\r\n")));
        await mail.AddMailboxAsync("told@shop.example.com", 1, new("IncomingHost", "127.0.0.1"), new("IncomingPort", server.Port.ToString()), new("IncomingSecurity", "None"));
        await UntilAsync(() => server.ComesWhileStoring is null && server.AreAllSeen);
        (await mail.Desk.InDatabaseAsync(database => database.Set<RawMail>().CountAsync())).ShouldBe(2);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!isSo())
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static string WithFile(string name, string type, string content, string more = "") =>
        $"From: anna@example.com\nTo: help@shop.example.com\nSubject: File\nMessage-ID: <{Guid.NewGuid():N}@example.com>\nDate: Tue, 05 Mar 2024 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\nSee the file.\n--m\nContent-Type: {type}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n{content}\n{more}\n--m--\n";

    private sealed class BreakingScan : IVirusScan
    {
        public bool IsBroken { get; set; } = true;

        public Task<string?> FindAsync(Stream content, CancellationToken cancellation) =>
            IsBroken ? throw new InvalidOperationException("boom") : Task.FromResult<string?>(null);
    }
}

public sealed class ReceivingOnSqliteTests() : ReceivingTests(replace => MailDesk.StartAsync(null, replace));

public sealed class ReceivingOnPostgresTests(PostgresServer server)
    : ReceivingTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ReceivingOnPostgresTests), TestContext.Current.CancellationToken), replace));
