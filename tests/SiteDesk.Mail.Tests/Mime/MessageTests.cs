using System.Text;

namespace SiteDesk.Mail.Tests.Mime;

public sealed class MessageTests
{
    [Fact]
    public void A_mixed_message_gives_text_html_and_files()
    {
        var body = Eml.Read("""
            Content-Type: multipart/mixed; boundary="o"

            preamble
            --o
            Content-Type: multipart/alternative; boundary=i

            --i
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            caf=C3=A9 =
            joined
            --i
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html

            <p>caf&eacute; <img src="cid:pic@x"></p>
            --r
            Content-Type: image/png; name=pic.png
            Content-ID: <pic@x>
            Content-Transfer-Encoding: base64

            iVBORw0K
            Ggo=
            --r--
            --i--
            --o
            Content-Type: application/pdf
            Content-Disposition: attachment; filename=a.pdf

            %PDF
            --o--
            epilogue
            """).Body;
        body.Text.ShouldBe("café joined");
        body.Html.ShouldBe("<p>caf&eacute; <img src=\"cid:pic@x\"></p>");
        body.Attachments.Select(file => (file.Name, file.ContentType, file.ContentId, file.IsInline, file.Content.Length))
            .ShouldBe([("pic.png", "image/png", "pic@x", true, 8), ("a.pdf", "application/pdf", null, false, 4)]);
    }

    [Fact]
    public void Html_alone_is_also_given_as_text()
    {
        var body = Eml.Read("Content-Type: text/html\n\n<head><style>p{}</style></head><div style='display:none'>pre</div><p>Hello&nbsp;<b>you</b></p><blockquote>old<br>lines</blockquote>").Body;
        body.IsTextFromHtml.ShouldBeTrue();
        body.Text.ShouldBe("Hello you\n\n> old\n> lines");
    }

    [Fact]
    public void An_inner_boundary_may_begin_like_the_outer_one()
    {
        var body = Eml.Read("Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=aa\n\n--aa\n\none\n--aa\n\ntwo\n--aa--\n--a\n\nthree\n--a--\n").Body;
        body.Text.ShouldBe("one\ntwo\nthree");
    }

    [Fact]
    public void A_cut_multipart_keeps_what_is_there()
    {
        var message = Eml.Read("Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBO");
        message.Body.Text.ShouldBe("one");
        message.Body.Attachments.Single().Content.Length.ShouldBe(3);
        message.Problems.ShouldContain(problem => problem.Kind == MailProblemKind.UnclosedMultipart);
    }

    [Fact]
    public void A_multipart_without_its_boundary_parameter_is_still_read()
    {
        var message = Eml.Read("Content-Type: multipart/mixed\n\n--xyz-1\nContent-Type: text/plain\n\none\n--xyz-1\nContent-Type: image/gif; name=a.gif\n\nGIF\n--xyz-1--\n");
        message.Body.Text.ShouldBe("one");
        message.Body.Attachments.Single().Name.ShouldBe("a.gif");
        message.Problems.ShouldContain(problem => problem.Kind == MailProblemKind.BrokenMultipart);
    }

    [Fact]
    public void A_multipart_without_any_part_is_text() =>
        Eml.Read("Content-Type: multipart/alternative; boundary=a\n\njust text").Body.Text.ShouldBe("just text");

    [Fact]
    public void An_enclosed_message_is_a_message_and_a_file()
    {
        var message = Eml.Read("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nsee\n--a\nContent-Type: message/rfc822\n\nSubject: inner\n\ninside\n--a--");
        message.Parts().Single(part => part.Enclosed is not null).Enclosed!.Body.Text.ShouldBe("inside");
        message.Body.Attachments.Single().Name.ShouldBe("inner.eml");
    }

    [Fact]
    public void Nesting_and_the_number_of_parts_are_bounded()
    {
        var deep = new StringBuilder();
        for (var level = 0; level < 300; level++) deep.Append($"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
        Eml.Read(deep.ToString()).Problems.ShouldContain(problem => problem.Kind == MailProblemKind.LimitReached);

        var wide = new StringBuilder("Content-Type: multipart/mixed; boundary=b\n\n");
        for (var part = 0; part < 5_000; part++) wide.Append("--b\n\nx\n");
        Eml.Read(wide.ToString()).Parts().Count().ShouldBeLessThan(1_100);
    }

    [Fact]
    public void Flowed_text_is_unfolded_with_its_quotes_and_its_signature_line_kept()
    {
        var body = Eml.Read("Content-Type: text/plain; format=flowed\n\nOne \ntwo.\n> quoted \n> more\n>> deep\n stuffed\n-- \nMe").Body;
        body.Text.ShouldBe("One two.\n> quoted more\n>> deep\nstuffed\n-- \nMe");
        Eml.Read("Content-Type: text/plain; format=flowed; delsp=yes\n\nab \ncd").Body.Text.ShouldBe("abcd");
    }

    [Fact]
    public void A_uuencoded_file_in_the_text_is_attached()
    {
        var body = Eml.Read("Content-Type: text/plain\n\nBefore\nbegin 644 cat.txt\n#0V%T\n`\nend\nAfter").Body;
        body.Text.ShouldBe("Before\nAfter");
        body.Attachments.Single().Name.ShouldBe("cat.txt");
        Encoding.ASCII.GetString(body.Attachments.Single().Content.Span).ShouldBe("Cat");
        Eml.Read("\nTo begin 644 is no file\nend").Body.Attachments.ShouldBeEmpty();
    }

    [Fact]
    public void A_calendar_part_is_shown_and_attached()
    {
        var body = Eml.Read("""
            Content-Type: text/calendar; method=REQUEST; charset=utf-8

            BEGIN:VCALENDAR
            METHOD:REQUEST
            BEGIN:VEVENT
            UID:1@x
            SUMMARY:Meet\, greet
            DTSTART;TZID="Europe/Moscow":20240305T100000
            DTEND;TZID="Europe/Moscow":20240305T110000
            ORGANIZER;CN="A: B":mailto:a@x.example
            BEGIN:VALARM
            SUMMARY:not this
            END:VALARM
            END:VEVENT
            END:VCALENDAR
            """).Body;
        var invitation = body.Invitations.Single();
        invitation.Summary.ShouldBe("Meet, greet");
        invitation.Organizer.ShouldBe("a@x.example");
        invitation.Start.ShouldBe(new DateTime(2024, 3, 5, 10, 0, 0));
        invitation.TimeZone.ShouldBe("Europe/Moscow");
        body.Attachments.Single().Name.ShouldBe("invite.ics");
    }

    [Fact]
    public void A_winmail_dat_is_kept()
    {
        var message = Eml.Read("Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\neJ8+IgA=");
        message.Body.Attachments.Single().Name.ShouldBe("winmail.dat");
        message.Problems.ShouldContain(problem => problem.Kind == MailProblemKind.TnefKept);
    }

    [Theory]
    [InlineData("QUJD\nREVG", "ABCDEF")]
    [InlineData("QUI=\nQ0Q=", "ABCD")]
    [InlineData("QU*JD", "ABC")]
    [InlineData("QUJDRA", "ABCD")]
    public void Broken_base64_yields_what_is_there(string written, string meant) =>
        Eml.Read($"Content-Transfer-Encoding: base64\n\n{written}").Body.Text.ShouldBe(meant);

    [Theory]
    [InlineData("a=3Db", "a=b")]
    [InlineData("a=\nb", "ab")]
    [InlineData("a= \nb", "ab")]
    [InlineData("a=e9=", "aé")]
    [InlineData("a=zz", "a=zz")]
    [InlineData("a  \nb", "a\nb")]
    public void Broken_quoted_printable_yields_what_is_there(string written, string meant) =>
        Eml.Read($"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n{written}").Body.Text.ShouldBe(meant);

    [Fact]
    public void Line_ends_of_every_kind_are_read()
    {
        foreach (var end in (string[])["\r\n", "\n", "\r"])
        {
            var message = MimeMessage.Read(Encoding.ASCII.GetBytes("Subject: x\n\none\ntwo".Replace("\n", end)));
            message.Subject.ShouldBe("x");
            message.Body.Text.ShouldBe("one\ntwo");
        }
    }
}
