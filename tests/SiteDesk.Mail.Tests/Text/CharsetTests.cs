namespace SiteDesk.Mail.Tests.Text;

public sealed class CharsetTests
{
    private const string Russian = "Здравствуйте! Подскажите, пожалуйста, когда придёт мой заказ номер 4512? Оплатил вчера, а статус не меняется.";
    private const string Chinese = "您好，请问我的订单什么时候发货？昨天已经付款了，但是状态一直没有变化，谢谢。";
    private const string Traditional = "您好，請問我的訂單什麼時候出貨？昨天已經付款了，但是狀態一直沒有變化，謝謝。";
    private const string Japanese = "お世話になっております。注文した商品がまだ届いていません。いつ発送されますか。よろしくお願いします。";
    private const string Korean = "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 언제 배송되나요? 확인 부탁드립니다.";
    private const string French = "Bonjour, où en est ma commande passée hier ? Le paiement a été débité, mais l'état n'a pas changé. À bientôt, Hélène";

    [Theory]
    [InlineData("windows-1251", Russian)]
    [InlineData("koi8-r", Russian)]
    [InlineData("ibm866", Russian)]
    [InlineData("utf-8", Russian)]
    [InlineData("gb18030", Chinese)]
    [InlineData("big5", Traditional)]
    [InlineData("shift_jis", Japanese)]
    [InlineData("euc-jp", Japanese)]
    [InlineData("iso-2022-jp", Japanese)]
    [InlineData("ks_c_5601-1987", Korean)]
    [InlineData("windows-1252", French)]
    public void Text_without_a_label_is_guessed(string charset, string text)
    {
        var bytes = Charsets.Find(charset)!.GetBytes(text);
        Charsets.Decode(bytes, null, out var remark).ShouldBe(text);
        remark.ShouldNotBeNull();
        Charsets.Decode(bytes, "x-unknown", out _).ShouldBe(text);
        Charsets.Decode(bytes, "us-ascii", out _).ShouldBe(text);
    }

    [Theory]
    [InlineData("windows-1251", "ВНИМАНИЕ! СРОЧНО ОТВЕТЬТЕ НА ЭТО ПИСЬМО")]
    [InlineData("koi8-r", "ВНИМАНИЕ! СРОЧНО ОТВЕТЬТЕ НА ЭТО ПИСЬМО")]
    [InlineData("koi8-r", "Привет, как дела?")]
    [InlineData("windows-1251", "Re: Возврат товара")]
    public void Short_and_shouted_russian_is_guessed(string charset, string text) =>
        Charsets.Decode(Charsets.Find(charset)!.GetBytes(text), null, out _).ShouldBe(text);

    [Theory]
    [InlineData("gbk", "gb18030", Chinese)]
    [InlineData("gb2312", "gb18030", Chinese)]
    [InlineData("cp1251", "windows-1251", Russian)]
    [InlineData("win-1251", "windows-1251", Russian)]
    [InlineData("\"KOI8-R\"", "koi8-r", Russian)]
    [InlineData("x-sjis", "shift_jis", Japanese)]
    [InlineData("ks_c_5601-1987", "ks_c_5601-1987", Korean)]
    [InlineData("hz-gb-2312", "hz-gb-2312", "你好，订单")]
    public void Labels_of_the_wild_are_known(string label, string charset, string text)
    {
        Charsets.Decode(Charsets.Find(charset)!.GetBytes(text), label, out var remark).ShouldBe(text);
        remark.ShouldBeNull();
    }

    [Theory]
    [InlineData("iso-8859-1", "utf-8", Russian)]
    [InlineData("windows-1251", "utf-8", Russian)]
    [InlineData("utf-8", "windows-1251", Russian)]
    [InlineData("utf-8", "gb18030", Chinese)]
    [InlineData("iso-8859-1", "windows-1251", Russian)]
    [InlineData("iso-8859-1", "gb18030", Chinese)]
    public void A_wrong_label_is_noticed(string label, string charset, string text)
    {
        Charsets.Decode(Charsets.Find(charset)!.GetBytes(text), label, out var remark).ShouldBe(text);
        remark.ShouldNotBeNull();
    }

    [Fact]
    public void Utf7_is_read_and_folder_names_survive_both_ways()
    {
        Charsets.Decode("Hi +BB8EQAQ4BDIENQRC- +- +AGEAYg"u8, "utf-7", out _).ShouldBe("Hi Привет + ab");
        Utf7.DecodeFolderName("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-").ShouldBe("Отправленные");
        foreach (var name in (string[])["INBOX", "Отправленные", "已发送 & more", "a&b", "~/x", "日本語/😀"])
            Utf7.DecodeFolderName(Utf7.EncodeFolderName(name)).ShouldBe(name);
        Utf7.EncodeFolderName("a&b").ShouldBe("a&-b");
    }

    [Fact]
    public void A_wide_text_without_a_label_is_known_by_its_mark() =>
        Charsets.Decode([0xFF, 0xFE, 0x1F, 0x04], null, out _).ShouldBe("П");
}
