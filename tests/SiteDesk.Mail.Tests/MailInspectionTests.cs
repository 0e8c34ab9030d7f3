using System.Text;
using System.Text.Json;

namespace SiteDesk.Mail.Tests;

public sealed class MailInspectionTests
{
    [Fact]
    public void One_object_has_all_that_was_read()
    {
        var raw = Encoding.UTF8.GetBytes("""
            Message-ID: <m@b.example>
            In-Reply-To: <o@a.example>
            References: <p@a.example> <o@a.example>
            Date: Tue, 5 Mar 2024 10:00:00 +0300
            From: Иван <ivan@b.example>
            To: help@a.example
            Subject: Заказ
            Authentication-Results: mx.a.example; spf=pass; dkim=none; dmarc=fail
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/html; charset=utf-8

            <p>Где он?<script>x</script></p><div class="gmail_quote">On Mon, 4 Mar 2024 at 10:00, Help &lt;help@a.example&gt; wrote:<blockquote>old</blockquote></div>
            --b
            Content-Type: text/plain; name=a.txt
            Content-Disposition: attachment

            abc
            --b--
            """);
        using var stream = new MemoryStream(raw);
        var json = MailInspection.ToJson(stream, "a.eml");
        json.ShouldNotContain("\n");
        var root = JsonDocument.Parse(json).RootElement;
        root.EnumerateObject().Select(member => member.Name).ShouldBe(["file", "messageId", "inReplyTo", "references", "date", "from", "replyTo", "to", "cc", "subject", "text", "html", "reply", "quoted", "signature", "attachments", "autoReply", "bounce", "authentication", "problems"]);
        root.GetProperty("messageId").GetString().ShouldBe("m@b.example");
        root.GetProperty("inReplyTo").GetString().ShouldBe("o@a.example");
        root.GetProperty("date").GetString().ShouldBe("2024-03-05T10:00:00+03:00");
        root.GetProperty("from").GetProperty("name").GetString().ShouldBe("Иван");
        root.GetProperty("reply").GetString().ShouldBe("Где он?");
        root.GetProperty("quoted").GetString()!.ShouldContain("> old");
        root.GetProperty("html").GetString()!.ShouldNotContain("script");
        root.GetProperty("attachments")[0].GetProperty("sha256").GetString().ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        root.GetProperty("authentication").GetProperty("dmarc").GetString().ShouldBe("fail");
        root.GetProperty("bounce").GetProperty("is").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("Content-Type: text/plain; charset=utf-7\n\n+2AA-")]
    [InlineData("From: =?utf-16?B?2AA=?=\nSubject: =?utf-7?Q?+2AA-?=\n\nx")]
    public void No_content_makes_it_fail(string raw) => JsonDocument.Parse(MailInspection.ToJson(Encoding.Latin1.GetBytes(raw), "x")).RootElement.GetProperty("file").GetString().ShouldBe("x");

    [Fact]
    public void Every_file_of_the_corpora_gives_an_object()
    {
        foreach (var file in Directory.GetFiles(Corpora.Folder("mail"), "*", SearchOption.AllDirectories))
        {
            using var stream = File.OpenRead(file);
            JsonDocument.Parse(MailInspection.ToJson(stream, file)).RootElement.GetProperty("file").GetString().ShouldBe(file);
        }
    }
}
