namespace SiteDesk.Mail;

/// <summary>Whether a machine wrote the message (RFC 3834), and whether an automatic answer to it is forbidden.</summary>
/// <param name="IsAutomatic">True for out-of-office notes, confirmations, notifications: whatever no person wrote for this reader.</param>
/// <param name="MustNotBeAnswered">True when no automatic answer may go back (RFC 3834 section 2): automatic mail, lists, bulk mail,
/// reports, and addresses nobody reads.</param>
/// <param name="Reason">The field or words that told it; empty when nothing did.</param>
public sealed record AutomaticMail(bool IsAutomatic, bool MustNotBeAnswered, string Reason)
{
    private static readonly string[] ReplyFields =
    [
        "X-Autoreply", "X-Auto-Reply", "X-AutoReply-From", "X-Auto-Reply-From", "X-Autorespond", "X-Autoresponder", "X-Autoreply-From", "X-Mail-Autoreply", "X-Vacation", "X-Vacation-Responder", "X-Away-Message", "X-Yandex-Autoreply", "X-Out-Of-Office", "X-QQ-AutoReply",
    ];

    private static readonly string[] ReplySubjects =
    [
        "automatic reply", "auto reply", "auto-reply", "autoreply", "auto:", "auto response", "auto-response", "autoresponse", "autoresponder", "out of office", "out of the office", "out-of-office", "ooo:", "vacation reply", "vacation message", "vacation:", "away until", "away from my mail", "away from the office", "i am out of the office", "i'm out of the office", "on vacation", "away:",
        "automatische antwort", "automatische reply", "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheit:", "abwesend", "abwesenheitsassistent", "automatische abwesenheits", "réponse automatique", "reponse automatique", "absence du bureau", "message d'absence", "notification d'absence", "absent du bureau", "respuesta automática", "respuesta automatica", "fuera de la oficina", "fuera de oficina", "autorespuesta", "resposta automática", "resposta automatica", "ausência temporária", "fora do escritório",
        "risposta automatica", "fuori sede", "fuori ufficio", "assenza dall'ufficio", "automatisch antwoord", "automatisch bericht", "afwezig", "niet aanwezig", "automatiskt svar", "autosvar", "automatisk svar", "ikke til stede", "frånvaro", "fraværende", "automaattinen vastaus", "poissa toimistosta", "poissaoloilmoitus", "odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź", "poza biurem", "automatická odpověď", "automatická odpoveď", "mimo kancelář", "automatikus válasz", "házon kívül", "otomatik yanıt", "otomatik cevap", "ofis dışında", "răspuns automat", "αυτόματη απάντηση",
        "автоответ", "автоматический ответ", "вне офиса", "отсутствую", "я в отпуске", "в отпуске", "нахожусь в отпуске", "отсутствие на рабочем месте", "автоматична відповідь", "автовідповідь", "поза офісом", "автоматичен отговор", "自动回复", "自動回覆", "自动答复", "自動回复", "外出回复", "不在办公室", "自動返信", "自動応答", "不在通知", "不在:", "부재중", "자동 회신", "자동회신", "자동 응답", "תשובה אוטומטית", "מענה אוטומטי", "رد تلقائي", "الرد التلقائي", "trả lời tự động", "balasan otomatis", "ตอบกลับอัตโนมัติ",
    ];

    /// <summary>Judges a message by its header. "Auto-Submitted: no" says that a person wrote it (section 5).</summary>
    public static AutomaticMail Judge(MimeMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var submitted = message.Headers.First("Auto-Submitted")?.Text is { } text ? ParameterizedValue.Parse(text).Value : null;
        if (submitted is "no") return Unanswerable(message, "Auto-Submitted: no");
        if (!string.IsNullOrEmpty(submitted)) return new AutomaticMail(true, true, $"Auto-Submitted: {submitted}");
        if (message.Root.ContentType["report-type"]?.ToLowerInvariant() is "disposition-notification") return new AutomaticMail(true, true, "disposition-notification");
        foreach (var name in ReplyFields)
            if (message.Headers.First(name) is { } field && !field.Text.Equals("no", StringComparison.OrdinalIgnoreCase)) return new AutomaticMail(true, true, name);
        if (message.Headers.Value("X-Apple-Action")?.Contains("VACATION", StringComparison.OrdinalIgnoreCase) == true) return new AutomaticMail(true, true, "X-Apple-Action: VACATION");
        foreach (var name in (string[])["Precedence", "Preference"])
            if (message.Headers.Value(name)?.Trim().ToLowerInvariant() is "auto_reply" or "auto-reply" or "autoreply") return new AutomaticMail(true, true, $"{name}: auto_reply");
        if (HasReplySubject(message.Subject)) return new AutomaticMail(true, true, $"Subject: {message.Subject}");
        if (message.Headers.Value("X-Auto-Response-Suppress") is { Length: > 0 } suppress && !suppress.Contains("none", StringComparison.OrdinalIgnoreCase)) return new AutomaticMail(true, true, $"X-Auto-Response-Suppress: {suppress}");
        return Unanswerable(message, string.Empty);
    }

    /// <summary>True when the subject begins as automatic answers do.</summary>
    internal static bool HasReplySubject(string subject)
    {
        var lower = subject.TrimStart(' ', '[', '(', '*').ToLowerInvariant();
        return Array.Exists(ReplySubjects, phrase => lower.StartsWith(phrase, StringComparison.Ordinal));
    }

    private static AutomaticMail Unanswerable(MimeMessage message, string reason)
    {
        if (message.Headers.First("Return-Path")?.Text.Replace(" ", string.Empty) == "<>") return new AutomaticMail(reason.Length == 0, true, reason.Length == 0 ? "Return-Path: <>" : reason);
        if (message.Headers.Value("Precedence")?.Trim().ToLowerInvariant() is ("bulk" or "junk" or "list") and var precedence) return new AutomaticMail(false, true, $"Precedence: {precedence}");
        if (message.Headers.First("List-Id") is not null || message.Headers.First("List-Unsubscribe") is not null) return new AutomaticMail(false, true, "List-Id");
        var local = message.From?.Address.Split('@')[0].ToLowerInvariant().Replace("-", string.Empty).Replace("_", string.Empty).Replace(".", string.Empty) ?? string.Empty;
        if (local.StartsWith("noreply", StringComparison.Ordinal) || local.StartsWith("donotreply", StringComparison.Ordinal) || local is "mailerdaemon" or "postmaster") return new AutomaticMail(false, true, $"From: {message.From!.Address}");
        return new AutomaticMail(false, false, reason);
    }
}
