namespace SiteDesk.Mail;

/// <summary>The words by which mail programs introduce quotes, headers and signatures, in the languages their users speak.
/// Everything is in lower case.</summary>
internal static class ReplyVocabulary
{
    /// <summary>First words of "On (date), (somebody) wrote:".</summary>
    public static readonly string[] Introductions =
    [
        "on", "at", "am", "le", "el", "il", "op", "den", "em", "no", "dnia", "w dniu", "dne", "dňa", "dana", "pe", "på", "στις", "vào", "pada", "kl", "il giorno",
        "a", "az", "v", "u", "в", "на", "quoting", "citando", "in article", "in message", "zitat von", "цитирую", "пользователь", "citeren", "o", "data de",
        "---- on", "в сообщении", "der", "die", "il", "lo", "ha", "kuupäeval", "dia", "la", "în data de", "у", "дана", "ב", "בתאריך", "في", "tarihinde", "ngày",
    ];

    /// <summary>"wrote" and its kin, found as whole words.</summary>
    public static readonly string[] Verbs =
    [
        "wrote", "writes", "said", "schrieb", "hat geschrieben", "geschrieben", "schreef", "schreven", "geschreven", "a écrit", "écrivait", "ecrit", "escribió", "escribio", "ha escrito",
        "escreveu", "ha scritto", "scrisse", "skrev", "skreiv", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napsala", "napsal(a)", "píše", "napísal", "napísala",
        "написал", "написала", "написал(а)", "написали", "пишет", "писал", "писала", "пишуть", "пише", "написав", "написала", "написав(ла)", "писал(а)", "написа", "писа",
        "kirjoitti", "írta", "ezt írta", "yazdı", "şunu yazdı", "a scris", "έγραψε", "je napisao", "je napisala", "napisao", "napisala", "je napisal", "napisal", "kirjutas", "rakstīja", "rašė",
        "va escriure", "ha escrit", "idatzi du", "escribiu", "shkroi", "đã viết", "viết", "menulis", "menulis:", "sumulat", "напісаў", "напісала", "жазды", "skribis",
    ];

    /// <summary>The same in scripts that put no blanks between words, found anywhere.</summary>
    public static readonly string[] UnspacedVerbs =
    [
        "写道", "寫道", "写了", "寫了", "wrote：", "書きました", "さんは書き", "のメッセージ", "님이 작성", "이 작성", "작성:", "작성했습니다", "님이 쓴", "כתב", "كتب", "เขียน", "نوشت", "লিখেছেন", "ने लिखा", "написал：",
    ];

    /// <summary>What stands between the dashes above a quoted or forwarded message.</summary>
    public static readonly string[] OriginalMessage =
    [
        "original message", "original mail", "original appointment", "forwarded message", "forwarded by", "reply message", "replied message", "previous message", "ursprüngliche nachricht", "originalnachricht", "original-nachricht",
        "weitergeleitete nachricht", "ursprüngliche mail", "urspruengliche nachricht", "message d'origine", "message d’origine", "message original", "message initial", "message transféré", "message transmis", "courriel original",
        "mensaje original", "mensaje reenviado", "mensagem original", "mensagem encaminhada", "mensagem anterior", "messaggio originale", "messaggio inoltrato", "messaggio originario", "oorspronkelijk bericht",
        "doorgestuurd bericht", "origineel bericht", "original meddelelse", "oprindelig meddelelse", "videresendt meddelelse", "opprinnelig melding", "original melding", "videresendt melding", "videresendt e-post",
        "ursprungligt meddelande", "vidarebefordrat meddelande", "originalmeddelande", "alkuperäinen viesti", "välitetty viesti", "edelleenlähetetty viesti", "oryginalna wiadomość", "wiadomość oryginalna",
        "wiadomość przekazana", "przekazana wiadomość", "treść przekazanej wiadomości", "původní zpráva", "původní e-mail", "přeposlaná zpráva", "pôvodná správa", "preposlaná správa", "исходное сообщение", "исходное письмо", "оригинальное сообщение",
        "оригинал сообщения", "пересылаемое сообщение", "пересланное сообщение", "пересылаемое письмо", "пересланное письмо", "первоначальное сообщение", "перенаправленное сообщение", "вихідне повідомлення", "оригінальне повідомлення",
        "переслане повідомлення", "eredeti üzenet", "továbbított üzenet", "orijinal mesaj", "özgün ileti", "orijinal ileti", "iletilen mesaj", "yönlendirilmiş mesaj", "iletilmiş ileti", "mesaj original", "mesaj inițial", "mesaj redirecționat",
        "αρχικό μήνυμα", "προωθημένο μήνυμα", "originalna poruka", "izvorna poruka", "proslijeđena poruka", "izvirno sporočilo", "posredovano sporočilo", "algne kiri", "edastatud kiri", "originalus laiškas", "оригинално съобщение",
        "препратено съобщение", "missatge original", "thư gốc", "tin nhắn gốc", "pesan asli", "pesan terusan", "原始邮件", "原始郵件", "原始信件", "转发的邮件", "轉寄的郵件", "转发邮件", "轉寄郵件", "转发信息", "已转发的邮件", "回复的原邮件", "原邮件", "原信件", "邮件原件",
        "元のメッセージ", "転送メッセージ", "オリジナルメッセージ", "original message / 元", "元のメール", "転送されたメッセージ", "원본 메시지", "원본 메일", "전달된 메시지", "받은 메시지", "הודעה מקורית", "הודעה שהועברה", "الرسالة الأصلية", "الرسالة المعاد توجيهها", "ข้อความต้นฉบับ", "پیام اصلی",
    ];

    /// <summary>A line of its own before a forwarded message, ending in a colon.</summary>
    public static readonly string[] ForwardLines =
    [
        "begin forwarded message", "anfang der weitergeleiteten nachricht", "début du message réexpédié", "début du message transféré", "inicio del mensaje reenviado", "inicio del mensaje", "início da mensagem reencaminhada",
        "início da mensagem encaminhada", "inizio messaggio inoltrato", "begin doorgestuurd bericht", "start på videresendt besked", "begynnelse på videresendt melding", "videresendt melding", "vidarebefordrat brev", "vidarebefordrat mejl",
        "välitetty viesti alkaa", "początek przekazywanej wiadomości", "początek przekazywanego", "začátek přeposílané zprávy", "začátek přeposlané zprávy", "начало переадресованного сообщения", "начало пересылаемого сообщения", "початок переадресованого повідомлення",
        "továbbított levél kezdete", "iletilen ileti", "下面是被转发的邮件", "以下是转发的邮件", "開始轉寄郵件", "开始转发的邮件", "転送されたメッセージ", "전달된 메시지",
    ];

    /// <summary>"Answer above this line", which some desks write.</summary>
    public static readonly string[] AboveThisLine =
    [
        "reply above this line", "type your reply above", "reply above the line", "above this line to reply", "ответ выше этой линии", "ответ над этой линией", "ответ выше этой строки", "над этой чертой", "在此行上方回复", "请在此线以上", "oberhalb dieser linie", "au-dessus de cette ligne", "por encima de esta línea",
    ];

    /// <summary>Header names of quoted messages by what they mean.</summary>
    public static readonly Dictionary<string, QuotedField> Fields = Build();

    /// <summary><see cref="Fields"/> by a piece of a line.</summary>
    public static readonly Dictionary<string, QuotedField>.AlternateLookup<ReadOnlySpan<char>> FieldLookup = Fields.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How lines that phones and mail programs add begin.</summary>
    public static readonly string[] DeviceStarts =
    [
        "sent from", "sent via", "sent with", "sent by", "sent using", "sent on", "get outlook for", "from my", "typed on", "written on my", "via my", "envoyé de", "envoyé à partir", "envoyé avec", "envoyé par", "télécharger outlook", "provenance",
        "obtenez outlook", "obtenir outlook", "von meinem", "von meiner", "gesendet von", "gesendet mit", "gesendet aus", "gesendet über", "diese nachricht wurde von", "outlook für", "holen sie sich outlook", "enviado desde", "enviado do", "enviado a partir",
        "enviado con", "enviado com", "enviado via", "enviado de", "enviado por", "obtener outlook", "obter o outlook", "obtenha o outlook", "inviato da", "inviato con", "inviata da", "scarica outlook", "ottieni outlook", "verzonden met", "verzonden vanaf", "verzonden via", "verzonden van", "verstuurd vanaf",
        "verstuurd met", "verstuurd van", "outlook voor", "download outlook", "sendt fra", "sendt med", "hent outlook", "få outlook", "skickat från", "skickat med", "skaffa outlook", "hämta outlook", "lähetetty", "hanki outlook", "wysłane z", "wysłano z", "wysłane przez", "pobierz outlook", "odesláno z", "odesláno", "odoslané z",
        "получить outlook", "скачать outlook", "отправлено с", "отправлено из", "отправлено через", "отправлено от", "отправлено при помощи", "послано с", "написано с", "надіслано з", "надіслано через", "відправлено з", "надіслано", "poslano s", "poslano iz", "poslano z", "изпратено от", "trimis de pe", "trimis din", "elküldve", "küldve",
        "iphone'umdan", "ipad'imden", "telefonumdan", "从我的", "從我的", "发自我的", "發自我的", "来自我的", "寄自我的", "发自", "發自", "發送自", "发送自", "傳送自", "我的 iphone", "获取 outlook", "取得 outlook", "下载 outlook", "iphoneから送信", "ipadから送信", "outlook for", "내 iphone", "나의 iphone", "나의 ipad", "στάλθηκε από", "נשלח מ",
        "أرسلت من", "أُرسلت من", "dikirim dari", "được gửi từ", "đã gửi từ", "ส่งจาก", "ส่งมาจาก", "saadetud minu", "nosūtīts no", "išsiųsta iš", "bidalia", "enviat des", "diese mail wurde von", "deze e-mail is verzonden", "cet e-mail a été envoyé depuis", "this message was sent from my", "this email was sent from my", "письмо отправлено с",
    ];

    /// <summary>How such lines end.</summary>
    public static readonly string[] DeviceEnds = ["from mobile", "from phone", "from my phone", "から送信", "から送信しました", "에서 보냄", "에서 보낸 메일", "gönderildi", "傳送", "发送", "發送", "gesendet", "k-9 mail.", "k-9 mail gesendet.", "küldve", "lähetetty"];

    /// <summary>What such lines speak of.</summary>
    public static readonly string[] Devices =
    [
        "iphone", "ipad", "ipod", "android", "mobile", "mobil", "phone", "outlook", "mail", "windows", "samsung", "galaxy", "blackberry", "nokia", "huawei", "xiaomi", "redmi", "honor", "htc", "nexus", "pixel", "tablet", "telefon", "téléphone", "teléfono", "телефон", "мобильн", "смартфон",
        "устройств", "приложени", "планшет", "айфон", "handy", "cell", "smartphone", "手机", "手機", "客户端", "邮箱", "device", "spark", "telegram", "proton", "yandex", "яндекс", "gmail", "ti-8", "alcatel", "移动", "スマート", "携帯", "휴대", "갤럭시",
    ];

    private static Dictionary<string, QuotedField> Build()
    {
        var fields = new Dictionary<string, QuotedField>(StringComparer.OrdinalIgnoreCase);
        Add(QuotedField.From, "from|von|de|da|van|fra|från|lähettäjä|od|от|от кого|від|feladó|kimden|gönderen|de la|expéditeur|από|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|발신|מאת|من|dari|từ|จาก|saatja|no|nuo|iš|remitente|mittente|afzender|absender|avsender|afsender|avsändare|šalje|pošiljatelj|from email|ഫ്രം|از");
        Add(QuotedField.Date, "sent|date|gesendet|datum|envoyé|enviado|enviado el|enviada em|enviada|enviado em|fecha|data|inviato|data invio|verzonden|verzonden op|sendt|dato|skickat|lähetetty|päivämäärä|päiväys|wysłano|wysłane|odesláno|datum odeslání|odoslané|dátum|отправлено|дата|дата отправки|надіслано|відправлено|küldve|elküldve|gönderildi|gönderilen|tarih|gönderme tarihi|trimis|ημερομηνία|στάλθηκε|发送时间|发送日期|日期|时间|傳送時間|寄件日期|送信日時|日時|日付|보낸 날짜|보낸날짜|날짜|日期時間|נשלח|תאריך|تاريخ|التاريخ|تم الإرسال|tanggal|dikirim|ngày|đã gửi|วันที่|ส่ง|saadetud|kuupäev|nosūtīts|išsiųsta|изпратено|poslano|poslato|date d'envoi|envoyé le|le|time");
        Add(QuotedField.To, "to|an|à|para|a|naar|aan|til|till|vastaanottaja|komu|do|кому|címzett|kime|alıcı|către|προς|收件人|收件者|宛先|送信先|받는 사람|받는사람|수신|אל|إلى|kepada|đến|tới|ถึง|saaja|kam|kas|destinatario|destinataire|za|prima|До|кому|adresat|pour");
        Add(QuotedField.Subject, "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|тема|tárgy|konu|subiect|θέμα|主题|主題|主旨|标题|標題|件名|제목|נושא|الموضوع|subjek|perihal|chủ đề|หัวข้อ|เรื่อง|teema|temats|tema|относно|zadeva|sujet|título");
        Add(QuotedField.Other, "cc|kopie|kopi|kopia|copie|копия|копія|抄送|副本|參照|참조|bcc|reply-to|reply to|antwort an|responder a|répondre à|risposta|rispondi a|beantwoorden|odpowiedz|ответить|回复|organization|importance|priority|wichtigkeit|attachments|attach|anlagen|附件|dw|másolat|bilgi|kopio|udw|cco|важность|resent-from|mailed-by|newsgroups|message-id|copia|ref");
        return fields;

        void Add(QuotedField meaning, string names)
        {
            foreach (var name in names.Split('|')) fields.TryAdd(name, meaning);
        }
    }
}

/// <summary>What a header line of a quoted message says.</summary>
[Flags]
internal enum QuotedField
{
    None = 0,
    From = 1,
    Date = 2,
    To = 4,
    Subject = 8,
    Other = 16,
}
