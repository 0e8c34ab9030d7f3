namespace SiteDesk.Mail.Tests.Replies;

public sealed class ReplyTrimmerTests
{
    [Theory]
    [InlineData("On Tue, Feb 2, 2016 at 5:00 PM, Foo\nBar Baz <foo@bar.example> wrote:")]
    [InlineData("On Wed, Jan 27,\n2016 at 10:10 AM X Y <a@b.example> wrote:")]
    [InlineData("On 5 March 2024 at 10:00:12, Some One (a@b.example) wrote:")]
    [InlineData("On 03/05/2024 10:00 AM, Some One wrote:")]
    [InlineData("Some One <a@b.example> wrote:")]
    [InlineData("Am Di., 5. März 2024 um 10:00 Uhr schrieb Max Muster <max@b.example>:")]
    [InlineData("Am 05.03.24 um 10:00 schrieb Max Muster:")]
    [InlineData("Max Muster <max@b.example> hat am 05.03.2024 10:00 geschrieben:")]
    [InlineData("Le mar. 5 mars 2024 à 10:00, Jean Dupont <jean@b.example> a écrit :")]
    [InlineData("Le 05/03/2024 à 10:00, Jean Dupont a écrit\u00A0:")]
    [InlineData("El mar, 5 mar 2024 a las 10:00, Ana (<ana@b.example>) escribió:")]
    [InlineData("El 5/3/24 a las 10:00, Ana escribió:")]
    [InlineData("Em ter., 5 de mar. de 2024 às 10:00, Ana <ana@b.example> escreveu:")]
    [InlineData("Em 05/03/2024 10:00, Ana escreveu:")]
    [InlineData("Il giorno mar 5 mar 2024 alle ore 10:00 Anna <anna@b.example> ha\nscritto:")]
    [InlineData("Il 05/03/2024 10:00, Anna ha scritto:")]
    [InlineData("Op di 5 mrt 2024 om 10:00 schreef Jan <jan@b.example>:")]
    [InlineData("Op 05-03-2024 om 10:00 schreef Jan:")]
    [InlineData("Den tis 5 mars 2024 kl 10:00 skrev Sven <sven@b.example>:")]
    [InlineData("Den 05-03-2024 kl. 10:00 skrev Lars:")]
    [InlineData("tir. 5. mar. 2024 kl. 10:00 skrev Lars <lars@b.example>:")]
    [InlineData("ti 5. maalisk. 2024 klo 10.00 Matti (<matti@b.example>) kirjoitti:")]
    [InlineData("Matti kirjoitti 5.3.2024 klo 10.00:")]
    [InlineData("wt., 5 mar 2024 o 10:00 Jan <jan@b.example> napisał(a):")]
    [InlineData("W dniu 05.03.2024 o 10:00, Jan pisze:")]
    [InlineData("út 5. 3. 2024 v 10:00 odesílatel Jan <jan@b.example> napsal:")]
    [InlineData("Dne 5. 3. 2024 v 10:00 Jan napsal(a):")]
    [InlineData("ut 5. 3. 2024 o 10:00 Ján <jan@b.example> napísal(a):")]
    [InlineData("Anna <anna@b.example> ezt írta (időpont: 2024. márc. 5., K,\n10:00):")]
    [InlineData("2024. 03. 05. 10:00 keltezéssel, Anna írta:")]
    [InlineData("5 Mar 2024 Sal 10:00 tarihinde Ali <ali@b.example> şunu yazdı:")]
    [InlineData("În mar., 5 mar. 2024 la 10:00, Ion <ion@b.example> a scris:")]
    [InlineData("Στις Τρί 5 Μαρ 2024 στις 10:00 π.μ., ο χρήστης Νίκος <n@b.example>\nέγραψε:")]
    [InlineData("вт, 5 мар. 2024 г. в 10:00, Иван Петров <ivan@b.example>:")]
    [InlineData("5 марта 2024 г., в 10:00, Иван Петров <ivan@b.example> написал(а):")]
    [InlineData("05.03.2024 10:00, Иван Петров пишет:")]
    [InlineData("05.03.2024, 10:00, \"Иван Петров\" <ivan@b.example>:")]
    [InlineData("Вторник, 5 марта 2024, 10:00 +03:00 от Иван Петров <ivan@b.example>:")]
    [InlineData("Вы писали 5 марта 2024 г., 10:00:\nИван Петров <ivan@b.example> написал:")]
    [InlineData("вт, 5 бер. 2024 р. о 10:00 Іван <ivan@b.example> пише:")]
    [InlineData("На вт, 5.03.2024 г. в 10:00 Иван <ivan@b.example> написа:")]
    [InlineData("Dana uto, 5. ožu 2024. u 10:00 Ivan <ivan@b.example> napisao je:")]
    [InlineData("王伟 <wang@b.example> 于2024年3月5日周二 10:00写道：")]
    [InlineData("在 2024年3月5日，上午10:00，王伟 <wang@b.example> 写道：")]
    [InlineData("在 2024-03-05 10:00:00，\"王伟\" <wang@b.example> 写道：")]
    [InlineData("At 2024-03-05 10:00:00, \"王伟\" <wang@b.example> wrote:")]
    [InlineData("王小明 <wang@b.example> 於 2024年3月5日 週二 上午10:00寫道：")]
    [InlineData("2024年3月5日(火) 10:00 田中 <tanaka@b.example>:")]
    [InlineData("2024/03/05 10:00、田中 <tanaka@b.example>のメール:")]
    [InlineData("2024년 3월 5일 (화) 오전 10:00, 김 <kim@b.example>님이 작성:")]
    [InlineData("‫בתאריך יום ג׳, 5 במרץ 2024 ב-10:00 מאת ‪דוד‬‏ <‪david@b.example‬‏>:‬")]
    [InlineData("في الثلاثاء، 5 مارس 2024 في 10:00 ص تمت كتابة ما يلي بواسطة أحمد <a@b.example>:")]
    [InlineData("Vào Th 3, 5 thg 3, 2024 vào lúc 10:00 Nguyen <n@b.example> đã viết:")]
    [InlineData("Pada tanggal Sel, 5 Mar 2024 pukul 10.00 Budi <budi@b.example> menulis:")]
    [InlineData("---- On Tue, 05 Mar 2024 10:00:00 +0100 Some One <a@b.example> wrote ---")]
    [InlineData("----- Original Message -----\nFrom: Some One <a@b.example>")]
    [InlineData("-------- Ursprüngliche Nachricht --------\nVon: Max")]
    [InlineData("-------- Исходное сообщение --------\nОт: Иван")]
    [InlineData("------------------ 原始邮件 ------------------\n发件人: \"王伟\" <wang@b.example>;\n发送时间: 2024年3月5日(星期二) 上午10:00\n收件人: \"me\"\n主题: 订单")]
    [InlineData("---------- Пересылаемое сообщение ---------\nОт: Иван")]
    [InlineData("Begin forwarded message:\n\nFrom: Some One <a@b.example>\nSubject: x")]
    [InlineData("Начало переадресованного сообщения:\n\nОт: Иван")]
    [InlineData("________________________________\nVon: Max Muster\nGesendet: Dienstag, 5. März 2024 10:00\nAn: Me\nBetreff: Bestellung")]
    [InlineData("De : Jean Dupont\nEnvoyé : mardi 5 mars 2024 10:00\nÀ : moi\nObjet : Commande")]
    [InlineData("*From:* Some One <a@b.example>\n*Sent:* Tuesday, March 5, 2024 10:00 AM\n*To:* me\n*Subject:* Order")]
    [InlineData("От: Иван Петров\nОтправлено: 5 марта 2024 г. 10:00\nКому: Поддержка\nТема: Заказ")]
    [InlineData("发件人: 王伟\n发送时间: 2024年3月5日 10:00\n收件人: 客服\n主题: 订单")]
    [InlineData("寄件者: 王小明\n寄件日期: 2024年3月5日\n收件者: 客服\n主旨: 訂單")]
    [InlineData("差出人: 田中\n送信日時: 2024年3月5日 10:00\n宛先: サポート\n件名: 注文")]
    [InlineData("보낸 사람: 김\n보낸 날짜: 2024년 3월 5일\n받는 사람: 고객센터\n제목: 주문")]
    [InlineData("From: Some One\nDate: Tue, 5 Mar 2024\nTo: me")]
    [InlineData("Fra: Lars\nSendt: 5. mars 2024 10:00\nTil: Oss\nEmne: Ordre")]
    [InlineData("Od: Jan\nWysłano: 5 marca 2024 10:00\nDo: Nas\nTemat: Zamówienie")]
    [InlineData("##- Please type your reply above this line -##")]
    public void A_repeated_message_is_cut_off(string marker)
    {
        foreach (var quote in (string[])["> old text\n> more of it", "old text\nmore of it"])
        {
            // Without an address or a verb only quote marks tell that the line introduces something.
            if (quote[0] != '>' && marker.EndsWith("10.00:", StringComparison.Ordinal)) continue;
            var trimmed = ReplyTrimmer.Trim($"Thanks, that works.\n\nBest,\nAnna\n\n{marker}\n\n{quote}\n");
            trimmed.Reply.ShouldBe("Thanks, that works.\n\nBest,\nAnna");
            trimmed.Quoted.ShouldContain("old text");
        }
    }

    [Theory]
    [InlineData("We meet on Monday at 10:00. Please bring:\n- the box\n- the bill")]
    [InlineData("On 5 March 2024 I ordered a lamp.\nIt came broken.\nWhat now?")]
    [InlineData("My order was:\nFrom: Berlin\nand it goes nowhere.")]
    [InlineData("Subject: I have no idea\nwhat else to write")]
    [InlineData("She wrote: I want my money back.")]
    [InlineData("Total:\n| item | price |\n| lamp | 10 |")]
    [InlineData("a\n\n---\n\nb is a heading rule, not a signature\n\nc")]
    [InlineData("The label says: Sent from Hamburg on 5.3.2024, never arrived, what should I do now? Thanks a lot for looking")]
    public void Ordinary_text_is_left_alone(string text)
    {
        var trimmed = ReplyTrimmer.Trim(text);
        trimmed.Reply.ShouldBe(text);
        trimmed.Elided.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-- \nAnna Muster\nExample GmbH")]
    [InlineData("--\nAnna\nhttps://b.example")]
    [InlineData("—\nОтправлено с iPhone")]
    [InlineData("Отправлено из мобильной Почты Mail.ru")]
    [InlineData("Отправлено с iPhone")]
    [InlineData("发自我的iPhone")]
    [InlineData("發自我的 iPad")]
    [InlineData("iPhoneから送信")]
    [InlineData("나의 iPhone에서 보냄")]
    [InlineData("Gesendet von Outlook für Android")]
    [InlineData("Von meinem iPhone gesendet")]
    [InlineData("Envoyé de mon iPhone")]
    [InlineData("Enviado desde mi iPhone")]
    [InlineData("Enviado do meu iPhone")]
    [InlineData("Inviato da iPhone")]
    [InlineData("Verstuurd vanaf mijn iPhone")]
    [InlineData("Skickat från min iPhone")]
    [InlineData("Sendt fra min iPhone")]
    [InlineData("Lähetetty iPhonesta")]
    [InlineData("Wysłane z iPhone'a")]
    [InlineData("Odesláno z iPhonu")]
    [InlineData("iPhone'umdan gönderildi")]
    [InlineData("Надіслано з iPhone")]
    [InlineData("----------")]
    [InlineData("_____\n\n-----")]
    [InlineData("-----\nSent from my iPhone")]
    [InlineData("Sent with Proton Mail secure email.")]
    [InlineData("Envoyé depuis l'application Mail Orange")]
    [InlineData("Skickat från min Samsung Mobil")]
    [InlineData("发自网易邮箱大师")]
    [InlineData("Enviado desde mi Smartphone Samsung Galaxy.")]
    [InlineData("Get Outlook for iOS<https://aka.ms/x>")]
    [InlineData("_______________________________________________\nlist mailing list\nlist@b.example\nhttps://b.example/unsubscribe")]
    public void A_signature_is_set_apart(string signature)
    {
        var trimmed = ReplyTrimmer.Trim($"Hello,\nwhere is it?\n\n{signature}\n");
        trimmed.Reply.ShouldBe("Hello,\nwhere is it?");
        trimmed.Signature.ShouldBe(signature);
    }

    [Fact]
    public void Answers_between_quoted_lines_keep_their_quotes()
    {
        var trimmed = ReplyTrimmer.Trim("See below.\n\nOn Tue, 5 Mar 2024, Shop wrote:\n> Which size?\nXL\n> Which colour?\nRed\n> Regards\n> Shop\n");
        trimmed.Reply.ShouldBe("See below.\n\n> Which size?\nXL\n> Which colour?\nRed");
        trimmed.Quoted.ShouldContain("> Regards");
    }

    [Fact]
    public void An_answer_below_the_quote_is_found()
    {
        ReplyTrimmer.Trim("On Tue, 5 Mar 2024 at 10:00, Shop <s@b.example> wrote:\n> Which size?\n> Regards\n\nXL, please.").Reply.ShouldBe("XL, please.");
        var below = string.Join('\n', Enumerable.Range(1, 8).Select(line => $"answer line {line}"));
        ReplyTrimmer.Trim($"Hi,\n\nOn Tue, 5 Mar 2024 at 10:00, Shop <s@b.example> wrote:\n> Which size?\n\n{below}").Reply.ShouldBe($"Hi,\n\n{below}");
    }

    [Fact]
    public void A_mail_that_only_forwards_keeps_its_text() =>
        ReplyTrimmer.Trim("---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: 5 Mar 2024\nSubject: x\n\nThe content").Reply.ShouldContain("The content");

    [Fact]
    public void Nothing_is_lost()
    {
        const string text = "one\n\nOn 5 Mar 2024 at 10:00, A <a@b.example> wrote:\n> two\n\n-- \nthree";
        var trimmed = ReplyTrimmer.Trim(text);
        (trimmed.Reply + "\n\n" + trimmed.Elided).ShouldBe(text);
    }

    [Fact]
    public void An_empty_text_stays_empty() => ReplyTrimmer.Trim("").Reply.ShouldBeEmpty();

    [Fact]
    public void Html_mail_of_common_programs_is_trimmed_through_its_text()
    {
        Trim("<div dir=\"ltr\">Thanks!<br></div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Tue, Mar 5, 2024 at 10:00 AM Shop &lt;<a href=\"mailto:s@b.example\">s@b.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\">old</blockquote></div>")
            .ShouldBe("Thanks!");
        Trim("<div>Thanks!</div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Shop &lt;s@b.example&gt;<br><b>Sent:</b> Tuesday, March 5, 2024 10:00 AM<br><b>To:</b> me<br><b>Subject:</b> x</div><div>old</div>")
            .ShouldBe("Thanks!");
        Trim("<p>Спасибо!</p><p>--<br>Отправлено из Mail</p><blockquote>Вторник, 5 марта 2024, 10:00 +03:00 от Shop &lt;s@b.example&gt;:<br>old</blockquote>").ShouldBe("Спасибо!");

        static string Trim(string html) => ReplyTrimmer.Trim(HtmlText.From(html)).Reply;
    }
}
