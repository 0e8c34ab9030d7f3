using System.Text;

namespace SiteDesk.Mail.Tests.Mime;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("=?utf-8?B?0J/RgNC40LLQtdGC?=", "Привет")]
    [InlineData("=?UTF-8?q?=D0=9F=D1=80=D0=B8?= =?UTF-8?q?=D0=B2=D0=B5=D1=82?=", "Привет")]
    [InlineData("=?utf-8?q?=D0=9F=D1?= =?utf-8?q?=80=D0=B8?=", "При")]
    [InlineData("=?utf-8?B?0J/RgA?=", "Пр")]
    [InlineData("=?koi8-r?B?8NLJ18XU?=", "Привет")]
    [InlineData("=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=", "Привет")]
    [InlineData("=?gb2312?B?xOO6ww==?=", "你好")]
    [InlineData("=?big5?B?p0Gmbg==?=", "你好")]
    [InlineData("=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん")]
    [InlineData("=?Shift_JIS?B?grGC8Q==?=", "こん")]
    [InlineData("=?utf-8*ru?Q?=D0=9F?=", "П")]
    [InlineData("=?utf-8?Q?a b c?=", "a b c")]
    [InlineData("=?utf-8?Q?really=3F?=", "really?")]
    [InlineData("=?utf-8?Q?really??=", "really?")]
    [InlineData("Re:=?utf-8?Q?_=D0=9F?=!", "Re: П!")]
    [InlineData("=?utf-8?Q?open_end", "open end")]
    [InlineData("a =?x?= b", "a =?x?= b")]
    [InlineData("=?utf-8?X?abc?=", "=?utf-8?X?abc?=")]
    [InlineData("=?utf-8?Q??=", "")]
    [InlineData("=?iso-8859-1?Q?Caf=E9?= and =?utf-8?Q?th=C3=A9?=", "Café and thé")]
    [InlineData("=?utf-8?Q?line=0Abreak?=", "line break")]
    [InlineData("=?utf-7?Q?+BBAEMQ-?=", "Аб")]
    public void Encoded_words_are_read_in_all_their_forms(string written, string meant) => EncodedWords.Decode(written).ShouldBe(meant);

    [Fact]
    public void Raw_utf8_and_raw_windows_1251_in_a_subject_are_read()
    {
        MimeMessage.Read(Encoding.UTF8.GetBytes("Subject: Где мой заказ?\n\nx")).Subject.ShouldBe("Где мой заказ?");
        MimeMessage.Read(Charsets.Find("windows-1251")!.GetBytes("Subject: Где мой заказ номер пять?\n\nx")).Subject.ShouldBe("Где мой заказ номер пять?");
        MimeMessage.Read(Charsets.Find("gb18030")!.GetBytes("Subject: 我的订单什么时候可以收到\n\nx")).Subject.ShouldBe("我的订单什么时候可以收到");
    }

    [Fact]
    public void A_folded_field_is_one_line() =>
        Eml.Read("Subject: one\n two\n\tthree\nFrom: a@b.example\n\nx").Subject.ShouldBe("one two three");

    [Fact]
    public void A_value_folded_without_a_blank_does_not_end_the_header()
    {
        var message = Eml.Read("Subject: one\ntwo and a half\nFrom: a@b.example\n\nbody");
        message.From!.Address.ShouldBe("a@b.example");
        message.Body.Text.ShouldBe("body");
        message.Problems.ShouldContain(problem => problem.Kind == MailProblemKind.BrokenHeaderLine);
    }

    [Fact]
    public void A_body_without_an_empty_line_before_it_is_kept()
    {
        var message = Eml.Read("Subject: one\nHello there\nhow are you");
        message.Body.Text.ShouldBe("Hello there\nhow are you");
    }

    [Fact]
    public void Plain_text_without_a_header_is_the_body()
    {
        var message = Eml.Read("Hello,\n\nhow are you? Note: fine.\n");
        message.Body.Text.TrimEnd().ShouldBe("Hello,\n\nhow are you? Note: fine.");
        message.Problems.ShouldContain(problem => problem.Kind == MailProblemKind.NoHeader);
    }

    [Fact]
    public void An_mbox_line_and_leading_empty_lines_are_passed_over() =>
        Eml.Read("\nFrom MAILER-DAEMON Fri Jan 1 00:00:00 2015\nSubject: x\n\nbody").Subject.ShouldBe("x");

    [Theory]
    [InlineData("a@b.example", "", "a@b.example")]
    [InlineData("\"Doe, John\" <john@B.Example>", "Doe, John", "john@b.example")]
    [InlineData("Doe, John <john@b.example>", "Doe, John", "john@b.example")]
    [InlineData("john@b.example (John Doe)", "John Doe", "john@b.example")]
    [InlineData("=?utf-8?B?0JjQstCw0L0=?= <ivan@b.example>", "Иван", "ivan@b.example")]
    [InlineData("\"=?utf-8?B?0JjQstCw0L0=?=\" <ivan@b.example>", "Иван", "ivan@b.example")]
    [InlineData("Иван <иван@почта.рф>", "Иван", "иван@почта.рф")]
    [InlineData("王伟 <wang@xn--fiqs8s>", "王伟", "wang@中国")]
    [InlineData("<@relay.example:a@b.example>", "", "a@b.example")]
    [InlineData("'John' <a@b.example>", "John", "a@b.example")]
    [InlineData("mailto:a@b.example", "", "a@b.example")]
    [InlineData("John Doe a@b.example", "John Doe", "a@b.example")]
    [InlineData("\"john doe\"@b.example", "", "\"john doe\"@b.example")]
    [InlineData("John <a@b.example", "John", "a@b.example")]
    [InlineData("Name <<a@b.example>>", "Name", "a@b.example")]
    public void Addresses_are_read_as_meant(string written, string name, string address)
    {
        var found = MimeMessage.Read(Encoding.UTF8.GetBytes($"From: {written}\n\n")).From;
        found.ShouldBe(new MailAddress(name, address));
    }

    [Fact]
    public void Lists_hold_groups_and_empty_places()
    {
        MailAddress.ParseList("Team: a@x.example, \"B\" <b@x.example>; , c@x.example,,").Select(one => one.Address)
            .ShouldBe(["a@x.example", "b@x.example", "c@x.example"]);
        MailAddress.ParseList("undisclosed-recipients:;").ShouldBeEmpty();
        MailAddress.ParseList("").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Thu, 29 Apr 2010 23:34:45 +0900 (JST)", "2010-04-29T14:34:45Z")]
    [InlineData("29 Apr 10 23:34 GMT", "2010-04-29T23:34:00Z")]
    [InlineData("Fri, 1 Jan 2015 00:0:00 EST", "2015-01-01T05:00:00Z")]
    [InlineData("Thu Apr 29 23:34:45 2010", "2010-04-29T23:34:45Z")]
    [InlineData("2010-04-29T23:34:45+02:00", "2010-04-29T21:34:45Z")]
    [InlineData("Mon, 12-Dec-2016 10:00:00 -0000", "2016-12-12T10:00:00Z")]
    [InlineData("Tue, 5 Mar 2024 7:05:09 PM +0300", "2024-03-05T16:05:09Z")]
    public void Dates_are_read(string written, string utc) =>
        MailDate.Parse(written)!.Value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'").ShouldBe(utc);

    [Theory]
    [InlineData("yesterday")]
    [InlineData("31 Feb 2020 10:00:00 +0000")]
    [InlineData("")]
    public void What_is_no_date_is_null(string written) => MailDate.Parse(written).ShouldBeNull();

    [Fact]
    public void Message_identifiers_are_read_with_and_without_brackets()
    {
        MessageIds.Parse("<a@x> <b@y>\t<a@x>").ShouldBe(["a@x", "b@y"]);
        MessageIds.Parse("a@x b@y").ShouldBe(["a@x", "b@y"]);
        MessageIds.Parse("Your message of Monday").ShouldBeEmpty();
        Eml.Read("Message-ID: <one@x>\nIn-Reply-To: <two@x>\nReferences: <three@x>\n <two@x>\n\n").References.ShouldBe(["three@x", "two@x"]);
    }

    [Theory]
    [InlineData("attachment; filename*=UTF-8''%D0%A1%D1%87%D1%91%D1%82.pdf", "Счёт.pdf")]
    [InlineData("attachment; filename*0*=utf-8'ru'%D0%A1%D1%87; filename*1*=%D1%91%D1%82; filename*2=.pdf", "Счёт.pdf")]
    [InlineData("attachment; filename=\"=?koi8-r?B?8NLJ18XU?=.txt\"", "Привет.txt")]
    [InlineData("attachment; filename=my file.txt", "my file.txt")]
    [InlineData("attachment; filename=\"a.txt", "a.txt")]
    [InlineData("attachment; filename=\"C:\\temp\\a.txt\"", "a.txt")]
    [InlineData("attachment; filename=\"../../etc/passwd\"", "passwd")]
    [InlineData("attachment;; size=3; filename=a.txt ;", "a.txt")]
    [InlineData("attachment; filename=\"say \\\"hi\\\".txt\"", "say \"hi\".txt")]
    public void File_names_are_read_as_meant(string disposition, string name) =>
        Eml.Read($"Content-Type: application/pdf\nContent-Disposition: {disposition}\n\nx").Root.FileName.ShouldBe(name);

    [Fact]
    public void A_direction_override_cannot_disguise_a_file_name() =>
        MimeMessage.Read(Encoding.UTF8.GetBytes("Content-Type: application/pdf; name=\"invoice\u202Efdp.exe\"\n\nx")).Root.FileName.ShouldBe("invoicefdp.exe");
}
