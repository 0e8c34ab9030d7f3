using System.Security.Cryptography;
using System.Text;

namespace SiteDesk.Mail.Tests.Composing;

public sealed class MessageWriterTests
{
    private static readonly OutgoingMessage Plain = new()
    {
        MessageId = "m1@a.example",
        Date = new DateTimeOffset(2024, 3, 5, 10, 0, 0, TimeSpan.FromHours(3)),
        From = new MailAddress("Служба поддержки, магазин «Лампа»", "help@a.example"),
        To = [new MailAddress("王伟", "wang@b.example"), new MailAddress("O'Neil, Ann", "ann@b.example")],
        Subject = "Re: Ваш заказ №5512 уже в пути, ожидайте его завтра после обеда — 您的订单",
        InReplyTo = "o@b.example",
        References = ["p@b.example", "o@b.example"],
        Text = "Здравствуйте!\n\n.dot\nFrom here\ntrailing \n-- \nМы",
    };

    [Fact]
    public void What_is_written_is_read_again()
    {
        var files = new OutgoingFile[] { new("картинка.png", "image/png", new byte[] { 1, 2, 3 }, "pic@a"), new("Очень длинное имя файла с отчётом за март месяц 2024 года.pdf", "application/pdf", new byte[5000]) };
        var composed = MessageWriter.Write(Plain with { Html = "<p>Здравствуйте! <img src=\"cid:pic@a\"></p>", Files = files, Fields = [new("Auto-Submitted", "auto-replied")] });
        composed.RequiresSmtpUtf8.ShouldBeFalse();
        var message = MimeMessage.Read(composed.Bytes);
        message.From.ShouldBe(Plain.From);
        message.To.ShouldBe(Plain.To);
        message.Subject.ShouldBe(Plain.Subject);
        message.Date.ShouldBe(Plain.Date);
        message.MessageId.ShouldBe("m1@a.example");
        message.References.ShouldBe(Plain.References);
        message.Body.Text.TrimEnd('\n').ShouldBe(Plain.Text);
        message.Body.Html!.TrimEnd().ShouldBe("<p>Здравствуйте! <img src=\"cid:pic@a\"></p>");
        message.Body.Attachments.Select(file => (file.Name, file.ContentType, file.ContentId, file.IsInline, file.Content.Length))
            .ShouldBe([("картинка.png", "image/png", "pic@a", true, 3), ("Очень длинное имя файла с отчётом за март месяц 2024 года.pdf", "application/pdf", null, false, 5000)]);
        message.Problems.ShouldBeEmpty();
        Shape(message.Root).ShouldBe("mixed(related(alternative(plain, html), png), pdf)");
        Encoding.ASCII.GetString(composed.Bytes).ShouldContain("Content-Type: multipart/related; type=\"multipart/alternative\";", customMessage: "RFC 2387 section 3.1");
        AutomaticMail.Judge(message).IsAutomatic.ShouldBeTrue();
    }

    [Fact]
    public void An_address_in_a_field_is_never_broken_or_encoded()
    {
        var address = $"<https://desk.example.com/mail/unsubscribe/7-customer-replied-{new string('a', 120)}?language=zh-Hans>";
        var bytes = MessageWriter.Write(Plain with { Fields = [new("List-Unsubscribe", address), new("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] }).Bytes;
        Encoding.ASCII.GetString(bytes).ShouldContain(address);
        MimeMessage.Read(bytes).Headers.Value("List-Unsubscribe").ShouldBe(address);
        MimeMessage.Read(bytes).Headers.Value("List-Unsubscribe-Post").ShouldBe("List-Unsubscribe=One-Click");
    }

    [Fact]
    public void Pictures_alone_need_no_mixed_part_and_without_html_they_are_attached()
    {
        var picture = new OutgoingFile("a.png", "image/png", new byte[] { 1 }, "a@a");
        Shape(MimeMessage.Read(MessageWriter.Write(Plain with { Html = "<img src=\"cid:a@a\">", Files = [picture] }).Bytes).Root).ShouldBe("related(alternative(plain, html), png)");
        Shape(MimeMessage.Read(MessageWriter.Write(Plain with { Files = [picture] }).Bytes).Root).ShouldBe("mixed(plain, png)");
    }

    private static string Shape(MimePart part) => part.MediaType[(part.MediaType.IndexOf('/') + 1)..] + (part.Children.Count > 0 ? $"({string.Join(", ", part.Children.Select(Shape))})" : "");

    [Fact]
    public void Every_line_is_short_ascii_with_both_line_ends()
    {
        var text = string.Join('\n', Enumerable.Repeat(new string('x', 300) + " Привет =_ " + new string(' ', 5), 20));
        var bytes = MessageWriter.Write(Plain with { Text = text, Html = "<p>" + text, Subject = new string('Ж', 500) + new string('a', 2000) }).Bytes;
        System.Text.Ascii.IsValid(bytes).ShouldBeTrue();
        var lines = Encoding.ASCII.GetString(bytes).Split("\r\n");
        lines.ShouldAllBe(line => line.Length <= 78 && !line.Contains('\n') && !line.Contains('\r'));
        MimeMessage.Read(bytes).Body.Text.TrimEnd('\n').ShouldBe(text);
    }

    [Fact]
    public void The_same_message_gives_the_same_bytes()
    {
        var message = Plain with { Html = "<p>x", Files = [new("a", "x/y", new byte[3])] };
        MessageWriter.Write(message).Bytes.ShouldBe(MessageWriter.Write(message).Bytes);
        MessageWriter.StableMessageId("ticket 1", "a.example").ShouldBe(MessageWriter.StableMessageId("ticket 1", "a.example"));
        MessageWriter.StableMessageId("ticket 1", "a.example").ShouldNotBe(MessageWriter.StableMessageId("ticket 2", "a.example"), StringComparer.Ordinal);
    }

    [Fact]
    public void No_value_can_add_a_field()
    {
        const string evil = "x\r\nBcc: evil@e.example\r\n\r\nbody";
        var message = MimeMessage.Read(MessageWriter.Write(Plain with
        {
            Subject = evil,
            MessageId = evil + "@a",
            From = new MailAddress(evil, "a@a.example\r\nBcc: evil@e.example"),
            InReplyTo = evil,
            Fields = [new("X-One", evil), new("Bad Name\r\nBcc", "x"), new("Bcc:", "x")],
            Files = [new(evil, evil, new byte[1])],
        }).Bytes);
        message.Headers.First("Bcc").ShouldBeNull();
        message.Parts().ShouldAllBe(part => part.Headers.First("Bcc") == null);
        message.Body.Attachments.Single().ContentType.ShouldBe("application/octet-stream");
    }

    [Fact]
    public void International_domains_go_in_ascii_and_local_parts_ask_for_utf8()
    {
        var domain = MessageWriter.Write(Plain with { To = [new MailAddress("", "ivan@почта.рф")] });
        domain.RequiresSmtpUtf8.ShouldBeFalse();
        Encoding.UTF8.GetString(domain.Bytes).ShouldContain("To: ivan@xn--80a1acny.xn--p1ai");
        var local = MessageWriter.Write(Plain with { To = [new MailAddress("Иван", "иван@почта.рф")] });
        local.RequiresSmtpUtf8.ShouldBeTrue();
        MimeMessage.Read(local.Bytes).To.ShouldBe([new MailAddress("Иван", "иван@почта.рф")]);
    }

    [Fact]
    public void A_signature_holds_what_the_receiver_checks()
    {
        // The example of RFC 6376 section 3.4.5.
        DkimSigner.RelaxedField("A: X").ShouldBe("a:X");
        DkimSigner.RelaxedField("B : Y\t\r\n\tZ  ").ShouldBe("b:Y Z");
        Encoding.ASCII.GetString(DkimSigner.RelaxedBody(" C \r\nD \t E\r\n\r\n\r\n"u8)).ShouldBe(" C\r\nD E\r\n");
        DkimSigner.RelaxedBody("\r\n\r\n"u8).ShouldBeEmpty();

        using var key = RSA.Create(2048);
        var message = MessageWriter.Write(Plain).Bytes;
        var signed = new DkimSigner("a.example", "s1", key).Sign(message, Plain.Date);
        signed.AsSpan(signed.Length - message.Length).SequenceEqual(message).ShouldBeTrue();
        var read = MimeMessage.Read(signed);
        var tags = read.Headers[0].Text.Split(';').Select(tag => tag.Split('=', 2)).ToDictionary(tag => tag[0].Trim(), tag => tag[1].Replace(" ", ""), StringComparer.Ordinal);
        tags["bh"].ShouldBe(Convert.ToBase64String(SHA256.HashData(DkimSigner.RelaxedBody(read.Root.RawBody.Span))));

        // As a receiver does: the named fields from the last up, then the signature field itself with an empty b=.
        var data = new StringBuilder();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in tags["h"].Split(':'))
        {
            var fields = read.Headers.All(name).Reverse().ToList();
            var index = seen[name] = seen.GetValueOrDefault(name, -1) + 1;
            if (index < fields.Count) data.Append(DkimSigner.RelaxedField($"{name}:{Encoding.UTF8.GetString(fields[index].RawValue.Span)}")).Append("\r\n");
        }
        var field = "DKIM-Signature:" + Encoding.ASCII.GetString(read.Headers[0].RawValue.Span);
        data.Append(DkimSigner.RelaxedField(field[..(field.IndexOf("\r\n b=", StringComparison.Ordinal) + 5)]));
        key.VerifyData(Encoding.UTF8.GetBytes(data.ToString()), Convert.FromBase64String(tags["b"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        tags["h"].ShouldStartWith("from:from:to");
    }
}
