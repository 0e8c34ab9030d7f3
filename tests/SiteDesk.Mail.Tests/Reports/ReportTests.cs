namespace SiteDesk.Mail.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void A_status_notification_gives_every_recipient_failures_first()
    {
        var report = DeliveryReport.Find(Eml.Read("""
            From: MAILER-DAEMON@mx.example
            Subject: Delivery Status Notification
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b

            Some failed.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; good@b.example
            Action: relayed
            Status: 2.1.5

            Final-Recipient: rfc822;bad@b.example
            Action: failed
            Status: 5.1.1 (bad destination)
            Diagnostic-Code: smtp; 550 5.1.1 <bad@b.example>
             no such user
            --b
            Content-Type: text/rfc822-headers

            Message-ID: <orig@a.example>
            To: bad@b.example
            --b--
            """))!;
        report.First.ShouldBe(new RecipientReport("bad@b.example", DeliveryAction.Failed, "5.1.1", "550 5.1.1 <bad@b.example> no such user"));
        report.Recipients[1].Action.ShouldBe(DeliveryAction.Relayed);
        report.OriginalMessageId.ShouldBe("orig@a.example");
        report.IsPermanentFailure.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Ihre Nachricht konnte nicht zugestellt werden:\n\n<ivan@b.example>:\n550 5.1.1 unbekannt", "Unzustellbar: Hallo", "5.1.1")]
    [InlineData("К сожалению, не удалось доставить письмо:\n\nivan@b.example\n552 5.2.2 ящик переполнен", "Недоставленное сообщение", "5.2.2")]
    [InlineData("很抱歉，您的邮件无法投递到以下地址:\n\nivan@b.example\n550 user not found", "系统退信", "5.0.0")]
    [InlineData("Votre message n'a pas pu être remis :\n\n<ivan@b.example>\n451 4.3.0 plus tard", "Non remis : Bonjour", "4.3.0")]
    public void Reports_in_other_languages_are_read(string text, string subject, string status)
    {
        var raw = System.Text.Encoding.UTF8.GetBytes($"Return-Path: <>\nFrom: Postmaster <postmaster@mx.example>\nTo: me@a.example\nSubject: {subject}\n\n{text}\n\nReceived: from x\nMessage-ID: <o@a.example>\n");
        var report = DeliveryReport.Find(MimeMessage.Read(raw))!;
        report.First.Recipient.ShouldBe("ivan@b.example");
        report.First.Status.ShouldBe(status);
        report.OriginalMessageId.ShouldBe("o@a.example");
    }

    [Theory]
    [InlineData("Re: Undeliverable: your order", "I got this error back: 550 5.1.1 user unknown. What should I do?")]
    [InlineData("Delivery failed", "The courier says my parcel could not be delivered. It is order 5512, please help.")]
    [InlineData("Undeliverable parcel", "My parcel is undeliverable, they say. Code 550.")]
    [InlineData("Fwd: failure notice", "See below\n\nI'm afraid I wasn't able to deliver your message.\n<x@b.example>:\n550 no")]
    [InlineData("Не доставлено", "Заказ не доставлено, верните деньги")]
    public void A_customer_who_writes_about_a_delivery_is_no_bounce(string subject, string text)
    {
        var raw = System.Text.Encoding.UTF8.GetBytes($"Return-Path: <anna@b.example>\nFrom: Anna <anna@b.example>\nTo: help@a.example\nSubject: {subject}\n\n{text}\n");
        DeliveryReport.Find(MimeMessage.Read(raw)).ShouldBeNull();
        AutomaticMail.Judge(MimeMessage.Read(raw)).ShouldBe(new AutomaticMail(false, false, ""));
    }

    [Fact]
    public void A_complaint_names_the_reader_who_complained()
    {
        var report = DeliveryReport.Find(Eml.Read("From: fbl@isp.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\ncomplaint\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: <anna@b.example>\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <o@a.example>\n\nx\n--b--"))!;
        report.First.Action.ShouldBe(DeliveryAction.Complaint);
        report.First.Recipient.ShouldBe("anna@b.example");
        report.OriginalMessageId.ShouldBe("o@a.example");
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied", true)]
    [InlineData("Auto-Submitted: auto-generated (rejected)", true)]
    [InlineData("Auto-Submitted: no", false)]
    [InlineData("Auto-Submitted: No", false)]
    [InlineData("X-Autoreply: yes", true)]
    [InlineData("Precedence: auto_reply", true)]
    [InlineData("Subject: Automatic reply: Hello", true)]
    [InlineData("Subject: Abwesenheitsnotiz: Hallo", true)]
    [InlineData("Subject: =?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGCOiDQt9Cw0LrQsNC3?=", true)]
    [InlineData("Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDorqLljZU=?=", true)]
    [InlineData("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", true)]
    [InlineData("X-Auto-Response-Suppress: OOF, AutoReply", true)]
    [InlineData("Subject: Re: Automatic reply machine broken", false)]
    [InlineData("Precedence: bulk", false)]
    [InlineData("Subject: My vacation order", false)]
    public void Robots_are_told_from_people(string header, bool automatic) =>
        AutomaticMail.Judge(Eml.Read($"From: anna@b.example\n{header}\n\nx")).IsAutomatic.ShouldBe(automatic);

    [Theory]
    [InlineData("Precedence: list")]
    [InlineData("List-Id: <x.b.example>")]
    [InlineData("From: no-reply@b.example")]
    [InlineData("Return-Path: <>")]
    [InlineData("Auto-Submitted: no\nReturn-Path: <>")]
    public void Some_mail_must_not_be_answered_by_a_machine(string header) =>
        AutomaticMail.Judge(Eml.Read($"{header}\n\nx")).MustNotBeAnswered.ShouldBeTrue();

    [Fact]
    public void Authentication_results_count_only_from_a_trusted_host()
    {
        var message = Eml.Read("Authentication-Results: mx.a.example 1; spf=pass (ok; really) smtp.mailfrom=b.example;\n dkim=fail header.d=x.example; dkim=pass header.d=b.example; dmarc=Pass header.from=b.example\nAuthentication-Results: evil.example; dmarc=pass\nFrom: anna@b.example\n\nx");
        Verdicts(AuthenticationResults.Read(message, ["mx.a.example"])).ShouldBe(("pass", "pass", "pass", "mx.a.example"));
        Verdicts(AuthenticationResults.Read(message, ["evil.example"])).ShouldBe((null, null, "pass", "evil.example"));
        AuthenticationResults.Read(message, []).ShouldBe(AuthenticationResults.None);
        AuthenticationResults.Read(message, null).Dmarc.ShouldBe("pass");
        AuthenticationResults.Read(Eml.Read("Authentication-Results: mx.a.example; none\n\nx"), ["mx.a.example"]).Spf.ShouldBeNull();
    }

    [Theory]
    [InlineData("550 5.1.1 unknown", "5.1.1", '5')]
    [InlineData("(#4.4.3)", "4.4.3", '\0')]
    [InlineData("host 5.4.3.2 said 451-4.7.1 wait", "4.7.1", '4')]
    [InlineData("Exim 4.94.2 here", null, '\0')]
    [InlineData("order 5512 for 550.00", null, '\0')]
    public void Codes_are_told_from_other_numbers(string text, string? enhanced, char reply)
    {
        StatusCodes.Enhanced(text).ShouldBe(enhanced);
        StatusCodes.ReplyClass(text).ShouldBe(reply);
    }

    [Theory]
    [InlineData("dmarc=pass header.from=b.example", "a.example", false)]
    [InlineData("dmarc=pass (p=reject dis=none) header.from=a.example", "a.example", true)]
    [InlineData("dmarc=pass header.from=a.example", "news.a.example", true)]
    [InlineData("dmarc=pass header.from=x@a.example", "A.EXAMPLE", true)]
    [InlineData("dmarc=pass", "a.example", true)]
    [InlineData("dmarc=pass header.from=b.example; dkim=pass header.d=a.example", "a.example", false)]
    [InlineData("dmarc=fail header.from=a.example; dkim=pass header.d=a.example", "a.example", false)]
    [InlineData("dkim=pass header.d=a.example", "a.example", true)]
    [InlineData("dkim=pass (2048-bit key) header.i=@a.example header.s=x", "a.example", true)]
    [InlineData("dkim=pass header.d=mail.a.example", "a.example", true)]
    [InlineData("dkim=pass header.i=@mail.a.example", "news.a.example", true)]
    [InlineData("spf=pass smtp.mailfrom=cbg.bounces.a.example", "a.example", true)]
    [InlineData("dkim=pass header.d=mail.a.example; dmarc=fail", "a.example", false)]
    [InlineData("dkim=pass header.d=other.co.uk", "shop.co.uk", false)]
    [InlineData("dkim=pass header.d=mail.shop.co.uk", "shop.co.uk", true)]
    [InlineData("dkim=pass header.d=stranger.github.io", "anna.github.io", false)]
    [InlineData("dkim=pass header.d=xn--e1afmkfd.xn--p1ai", "пример.рф", true)]
    [InlineData("dkim=pass header.d=other.xn--p1ai", "пример.рф", false)]
    [InlineData("dkim=pass header.d=com", "com", false)]
    [InlineData("dkim=pass header.d=a.example", "news.a.example", true)]
    [InlineData("dkim=pass header.d=example", "a.example", false)]
    [InlineData("dkim=pass header.d=evil-a.example", "a.example", false)]
    [InlineData("dkim=fail header.d=a.example", "a.example", false)]
    [InlineData("spf=pass smtp.mailfrom=bounce@a.example", "A.example", true)]
    [InlineData("spf=pass smtp.mailfrom=evil.example", "a.example", false)]
    [InlineData("spf=softfail smtp.mailfrom=a.example; dmarc=none", "a.example", false)]
    [InlineData("none", "a.example", false)]
    public void A_server_vouches_for_the_author_s_domain_and_no_other(string verdicts, string domain, bool isVouched)
    {
        var message = MimeMessage.Read(System.Text.Encoding.ASCII.GetBytes($"Authentication-Results: mx.a.example; {verdicts}\r\nFrom: x@{domain}\r\n\r\nx"));
        AuthenticationResults.Read(message, ["mx.a.example"]).VouchesFor(domain).ShouldBe(isVouched);
        AuthenticationResults.Read(message, ["mx.b.example"]).VouchesFor(domain).ShouldBeFalse();
    }

    private static (string? Spf, string? Dkim, string? Dmarc, string? Host) Verdicts(AuthenticationResults results) => (results.Spf, results.Dkim, results.Dmarc, results.Host);
}
