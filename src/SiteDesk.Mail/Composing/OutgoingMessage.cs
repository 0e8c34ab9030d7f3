namespace SiteDesk.Mail;

/// <summary>A message to be written. Nothing in it can break out of its place in the header: line ends are taken out of every value.</summary>
public sealed record OutgoingMessage
{
    /// <summary>The Message-ID without brackets. Give the same one when the same mail is sent again, so that receivers see one message.</summary>
    public required string MessageId { get; init; }

    /// <summary>When the mail was written.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>The author.</summary>
    public required MailAddress From { get; init; }

    /// <summary>Where answers go; empty for the author.</summary>
    public IReadOnlyList<MailAddress> ReplyTo { get; init; } = [];

    /// <summary>The recipients named first.</summary>
    public IReadOnlyList<MailAddress> To { get; init; } = [];

    /// <summary>The recipients of a copy. Blind copies belong into the SMTP envelope only.</summary>
    public IReadOnlyList<MailAddress> Cc { get; init; } = [];

    /// <summary>The subject.</summary>
    public string Subject { get; init; } = string.Empty;

    /// <summary>The identifier of the message answered, without brackets, or null.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>The identifiers of the thread, eldest first, without brackets.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The plain text.</summary>
    public required string Text { get; init; }

    /// <summary>The HTML form, or null.</summary>
    public string? Html { get; init; }

    /// <summary>Files. One with a <see cref="OutgoingFile.ContentId"/> is shown inside the HTML, which names it as "cid:".</summary>
    public IReadOnlyList<OutgoingFile> Files { get; init; } = [];

    /// <summary>Further fields, such as Auto-Submitted (RFC 3834 section 5) or List-Unsubscribe (RFC 2369, RFC 8058); names are ASCII without blanks.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];
}

/// <summary>A file to send.</summary>
/// <param name="Name">The name the receiver sees.</param>
/// <param name="ContentType">The media type; an invalid one becomes application/octet-stream.</param>
/// <param name="Content">The bytes.</param>
/// <param name="ContentId">The Content-ID without brackets for a picture inside the HTML, or null.</param>
public sealed record OutgoingFile(string Name, string ContentType, ReadOnlyMemory<byte> Content, string? ContentId = null);

/// <summary>A message ready to be sent.</summary>
/// <param name="Bytes">The message with CRLF line ends, in seven bits unless <paramref name="RequiresSmtpUtf8"/>.</param>
/// <param name="RequiresSmtpUtf8">True when an address can only be written in UTF-8, so that the server must offer SMTPUTF8 (RFC 6531).</param>
public sealed record ComposedMessage(byte[] Bytes, bool RequiresSmtpUtf8);
