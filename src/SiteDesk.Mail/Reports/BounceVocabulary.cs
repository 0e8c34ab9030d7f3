namespace SiteDesk.Mail;

/// <summary>How mail systems speak of mail they could not deliver. Everything is in lower case.</summary>
internal static class BounceVocabulary
{
    public static readonly string[] DaemonNames = ["mailer-daemon", "mailerdaemon", "mailer daemon", "postmaster", "mail-daemon", "maildaemon", "mail.delivery.system", "mail delivery", "mail deliver system", "mda", "bounce", "bounces", "mailsystem", "mail-system", "mmsc ndr", "system administrator", "interscan", "mail administrator", "delivery subsystem", "smtp-daemon", "e-mail daemon"];

    /// <summary>Subjects that only machines write, at their beginning.</summary>
    public static readonly string[] MachineSubjects =
    [
        "undeliver", "undelivered", "undeliverable", "delivery status notification", "mail delivery status", "returned mail", "returned e-mail", "failure notice", "failure delivery", "failed delivery", "mail delivery fail", "mail delivery system", "mail system error",
        "delivery failure", "delivery has failed", "delivery notification", "delivery report", "delivery error", "delivery problem", "delivery delayed", "message delivery", "mail could not be delivered", "message could not be delivered", "your message could not be delivered", "mail failed", "mail failure", "warning: could not send", "warning: message", "rejected:", "message status - undeliverable",
        "mail undeliverable", "message undeliverable", "non delivery", "non-delivery", "nondeliverable", "nondelivery", "there was an error sending your mail", "error sending", "unable to deliver", "could not deliver", "message rejected", "mail rejected", "mail delivery problem", "mail delivery delay", "email delivery", "dsn:", "ndn:", "ndr:", "user unknown", "mailbox full", "bounced mail", "bounce mail", "bounce message", "address not found", "message not delivered", "mail not delivered", "message blocked", "message bounced",
        "unzustellbar", "nicht zugestellt", "nicht zustellbar", "nachricht konnte nicht", "zustellung fehlgeschlagen", "zustellungsfehler", "mail konnte nicht", "e-mail konnte nicht", "benachrichtigung zum übermittlungsstatus", "unzustellbare", "rückläufer",
        "non remis", "non délivré", "message non remis", "non distribuable", "échec de la remise", "échec de remise", "notification d'état de remise", "courrier non", "no se puede entregar", "no se pudo entregar", "no entregado", "correo no entregado", "mensaje no entregado", "error de entrega", "notificación de estado de entrega",
        "não entregue", "não foi possível entregar", "falha na entrega", "mensagem não entregue", "notificação de status de entrega", "non recapitabile", "mancato recapito", "consegna fallita", "messaggio non consegnato", "mancata consegna", "onbestelbaar", "niet bezorgd", "kan niet worden", "niet afgeleverd", "kan inte levereras", "olevererbart", "kunne ikke leveres", "kan ikke leveres", "toimitus epäonnistui", "ei voitu toimittaa",
        "niedostarczon", "nie dostarczono", "niedoręczona", "zwrot wiadomości", "nedoručiteln", "nedoručen", "teslim edilemedi", "kézbesíthetetlen", "недоставленное", "недоставлено", "не доставлено", "ваше сообщение не доставлено", "не удалось доставить", "сообщение не доставлено", "ошибка доставки", "письмо не доставлено", "возврат почты", "невозможно доставить", "недоставляемое", "отчёт о доставке", "отчет о доставке", "не вдалося доставити", "недоставлений",
        "退信", "系统退信", "無法傳遞", "无法投递", "投递失败", "邮件被退回", "邮件退回", "傳送失敗", "发送失败", "未送达", "無法遞送", "未传递", "無法投遞", "配信不能", "配信できません", "メールを配送できません", "メール配信エラー", "送信エラー", "配送不能", "配信エラー", "送信できません", "メッセージを配信できません", "전송 실패", "배달 실패", "전달되지", "반송",
    ];

    /// <summary>Words of the text that say a delivery failed.</summary>
    public static readonly string[] FailurePhrases =
    [
        "could not be delivered", "couldn't be delivered", "wasn't able to deliver", "was not able to deliver", "were unable to deliver", "unable to deliver", "not delivered to", "was not delivered", "wasn't delivered", "not be delivered", "undeliverable", "undelivered",
        "delivery failed", "delivery has failed", "delivery to the following", "failed permanently", "permanent fatal error", "fatal errors", "delivery errors", "had delivery error", "permanent error", "transcript of session", "did not reach the following", "delivery failure", "failure reasons",
        "following address(es) failed", "following addresses failed", "following address failed", "address(es) failed", "failed addresses", "error delivering your mail", "error has occurred while attempting to deliver", "error occurred while trying to deliver", "was rejected by", "rejected by the server", "rejected by a remote", "has been rejected", "rejected for the following reason",
        "returned to sender", "returning message to sender", "unknown user", "user unknown", "no such user", "mailbox unavailable", "mailbox not found", "mailbox is full", "mailbox full", "recipient address rejected", "host unknown", "address not found", "account is disabled", "does not exist", "doesn't exist", "invalid final delivery", "no valid recipients",
        "delivery status notification", "trouble delivering", "returned permanent errors", "may not exist, or you may not have permission", "not a member of this mailing list", "wasn't delivered to", "recipients was aborted", "recipient was aborted", "delivery of this message", "message could not be sent", "cannot be delivered", "can't be delivered", "had problems delivering", "problem delivering", "problems delivering", "failed to deliver", "not accepted", "mail failed",
        "received >>> 5", "<<< 5", "has been delayed", "not yet been delivered", "has not been delivered", "delivery delayed", "delivery is delayed", "still being retried", "will be retried", "message was blocked", "was blocked", "giving up on", "i've given up", "quota exceeded", "over quota", "relaying denied", "relay access denied",
        "konnte nicht zugestellt", "nicht zugestellt werden", "nicht ausgeliefert", "zustellung an", "n'a pas pu être remis", "n'a pas été remis", "n'a pas pu être délivré", "n’a pas pu être", "échec de la remise", "impossible de remettre", "no se pudo entregar", "no ha podido ser entregado", "no se ha podido entregar", "não pôde ser entregue", "não foi entregue", "não foi possível entregar", "non è stato possibile", "non è stato recapitato", "impossibile recapitare", "non può essere consegnato",
        "niet worden bezorgd", "niet worden afgeleverd", "kunde inte levereras", "kunne ikke leveres", "nie została dostarczona", "nie mogła zostać dostarczona", "nie można dostarczyć", "nemohla být doručena", "не может быть доставлено", "не было доставлено", "не удалось доставить", "не доставлено", "доставка не удалась", "не могло быть доставлено", "не вдалося доставити", "пользователь не найден", "почтовый ящик переполнен",
        "无法投递", "无法送达", "投递失败", "被退回", "退信", "未能送达", "發送失敗", "無法傳遞", "無法投遞", "收件人不存在", "配信できません", "送信できません", "配信できな", "送信に失敗", "失敗しました", "送信できませんでした", "전송하지 못", "배달되지", "전달되지",
    ];

    /// <summary>Words that say it is not over yet.</summary>
    public static readonly string[] DelayPhrases =
    [
        "warning message only", "has been delayed", "is delayed", "not yet been delivered", "will be retried", "still being retried", "will keep trying", "delivery attempts will continue", "no action is required", "temporarily deferred and will", "we will continue trying", "will try again", "we'll keep trying", "not been able to deliver it yet", "verzögert", "retardé", "aún no se ha", "задержана", "ещё не доставлено", "еще не доставлено", "延迟", "遅延",
    ];

    /// <summary>Beginnings of subjects in which a person answers or forwards.</summary>
    public static readonly string[] PersonPrefixes = ["re:", "re[", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:", "sv:", "vs:", "ответ:", "отв:", "пересл:", "回复", "回覆", "答复", "转发", "轉寄", "re：", "fw："];
}
