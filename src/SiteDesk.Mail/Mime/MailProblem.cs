namespace SiteDesk.Mail;

/// <summary>What kind of defect was met while a message was read. Reading goes on after every one of them.</summary>
public enum MailProblemKind
{
    /// <summary>The input holds no header section; all of it is taken for the body.</summary>
    NoHeader,

    /// <summary>A header line is neither a field nor a continuation (RFC 5322 section 2.2).</summary>
    BrokenHeaderLine,

    /// <summary>A field that may occur once occurs again (RFC 5322 section 3.6); the first counts.</summary>
    RepeatedField,

    /// <summary>A limit of <see cref="MailLimits"/> was reached; the rest is kept undivided.</summary>
    LimitReached,

    /// <summary>A multipart has no boundary parameter, or its boundary does not occur (RFC 2046 section 5.1.1).</summary>
    BrokenMultipart,

    /// <summary>A multipart ends without its closing delimiter, so the message may be cut short.</summary>
    UnclosedMultipart,

    /// <summary>The transfer encoding is unknown or its data is damaged (RFC 2045 section 6).</summary>
    BrokenTransferEncoding,

    /// <summary>The charset is missing, unknown or plainly wrong; a guess was used.</summary>
    GuessedCharset,

    /// <summary>Bytes have no meaning in the charset; they are shown as U+FFFD.</summary>
    UndecodableText,

    /// <summary>The Content-Type or Content-Disposition cannot be read (RFC 2045 section 5.1, RFC 2183).</summary>
    BrokenContentType,

    /// <summary>The Date field cannot be read (RFC 5322 section 3.3).</summary>
    BrokenDate,

    /// <summary>The From field is missing or names nobody.</summary>
    NoSender,

    /// <summary>A calendar part cannot be read (RFC 5545).</summary>
    BrokenCalendar,

    /// <summary>A TNEF container (winmail.dat): kept as an attachment, not unpacked.</summary>
    TnefKept,
}

/// <summary>One defect of a message, for the person who looks after the mailbox.</summary>
/// <param name="Kind">The kind, stable for programs.</param>
/// <param name="Detail">Where and what, in English, at most a few hundred characters.</param>
public sealed record MailProblem(MailProblemKind Kind, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Detail}";
}
