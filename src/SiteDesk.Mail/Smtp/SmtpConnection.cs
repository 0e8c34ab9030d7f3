using System.Text;

namespace SiteDesk.Mail;

/// <summary>A server's reply (RFC 5321 section 4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Text">Its lines without codes.</param>
public sealed record SmtpReply(int Code, string Text)
{
    /// <summary>The enhanced status (RFC 3463), or null when the server gives none.</summary>
    public string? Status => StatusCodes.Enhanced(Text);

    /// <summary>True for 2xx and 3xx.</summary>
    public bool IsPositive => Code is >= 200 and < 400;

    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Text}";
}

/// <summary>What became of a delivery.</summary>
public enum SmtpOutcome
{
    /// <summary>The server has taken responsibility.</summary>
    Accepted,

    /// <summary>Try again later (4xx).</summary>
    TemporaryFailure,

    /// <summary>Do not try again (5xx).</summary>
    PermanentFailure,

    /// <summary>The connection broke after all data was sent and before the reply: the server may have taken it (RFC 1047). Sending again
    /// with the same Message-ID may show it twice.</summary>
    Unknown,
}

/// <summary>What became of one recipient.</summary>
/// <param name="Address">The recipient.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reply">The reply that decided it.</param>
public sealed record SmtpRecipientResult(string Address, SmtpOutcome Outcome, SmtpReply Reply);

/// <summary>A connection for submitting mail (RFC 5321, RFC 6409): one message after the other.</summary>
public sealed class SmtpConnection : IAsyncDisposable
{
    private const int MaximumLine = 8 * 1024;
    private const int MaximumReplyLines = 200;

    private readonly LineStream _lines;
    private readonly MailServer _server;
    private readonly Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase);
    private bool _closed;

    private SmtpConnection(LineStream lines, MailServer server)
    {
        _lines = lines;
        _server = server;
    }

    /// <summary>The largest message the server takes, in bytes (RFC 1870); null when it does not say.</summary>
    public long? MaximumSize => _extensions.TryGetValue("SIZE", out var text) && long.TryParse(text, out var size) && size > 0 ? size : null;

    /// <summary>True when addresses in UTF-8 can be sent (RFC 6531).</summary>
    public bool SupportsUtf8 => _extensions.ContainsKey("SMTPUTF8");

    /// <summary>True while another message can be sent.</summary>
    public bool IsUsable => !_closed;

    /// <summary>Connects, protects and signs in as the server's settings say.</summary>
    /// <exception cref="MailTransportException">Any step failed.</exception>
    public static Task<SmtpConnection> ConnectAsync(MailServer server, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return LineStream.OpenAsync(server, lines => new SmtpConnection(lines, server), connection => connection.OpenAsync(cancellation), cancellation);
    }

    /// <summary>Sends one message. Refusals are results, one a recipient.</summary>
    /// <param name="from">The reverse path; empty for reports and automatic answers that must not bounce.</param>
    /// <param name="recipients">The envelope's recipients.</param>
    /// <param name="message">The message with CRLF line ends.</param>
    /// <param name="requiresUtf8">As <see cref="ComposedMessage.RequiresSmtpUtf8"/> says.</param>
    /// <param name="copyTo">Receives it too once any of the recipients is accepted; whether the server takes this address changes no result. Null for nobody.</param>
    /// <param name="beforeData">Is told what the server said to each recipient, before the message itself is handed over.</param>
    /// <param name="cancellation">Gives up; the connection is then of no more use.</param>
    /// <exception cref="MailTransportException">The connection failed before the message was handed over: nothing was sent.</exception>
    public async Task<IReadOnlyList<SmtpRecipientResult>> SendAsync(string from, IReadOnlyList<string> recipients, ReadOnlyMemory<byte> message, bool requiresUtf8 = false, string? copyTo = null,
        Action<IReadOnlyList<SmtpRecipientResult>>? beforeData = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(recipients);
        var utf8 = requiresUtf8 || recipients.Append(from).Any(address => !Ascii.IsValid(HeaderEncoding.AsciiDomain(address)));
        if (utf8 && !SupportsUtf8) return All(recipients, new SmtpReply(553, "5.6.7 the server does not take international addresses"));
        if (MaximumSize is { } limit && message.Length > limit) return All(recipients, new SmtpReply(552, $"5.3.4 the message has {message.Length} bytes, the server takes {limit}"));
        if (from.Length > 0 && !MailAddress.IsAddress(from)) return All(recipients, new SmtpReply(553, "5.1.7 the sender's address is malformed"));

        var mail = new StringBuilder($"MAIL FROM:<{Path(from, utf8)}>");
        if (_extensions.ContainsKey("SIZE")) mail.Append($" SIZE={message.Length}");
        if (_extensions.ContainsKey("8BITMIME") && !Ascii.IsValid(message.Span)) mail.Append(" BODY=8BITMIME");
        if (utf8) mail.Append(" SMTPUTF8");
        var reply = await CommandAsync(mail.ToString(), cancellation);
        if (!reply.IsPositive)
        {
            await ResetAsync(cancellation);
            return All(recipients, reply);
        }
        var results = new SmtpRecipientResult[recipients.Count];
        for (var at = 0; at < recipients.Count; at++)
        {
            var answer = MailAddress.IsAddress(recipients[at]) ? await CommandAsync($"RCPT TO:<{Path(recipients[at], utf8)}>", cancellation) : new SmtpReply(553, "5.1.3 the address is malformed");
            results[at] = new SmtpRecipientResult(recipients[at], OutcomeOf(answer), answer);
        }
        if (!Array.Exists(results, result => result.Outcome == SmtpOutcome.Accepted))
        {
            await ResetAsync(cancellation);
            return results;
        }
        if (copyTo is not null && MailAddress.IsAddress(copyTo) && (utf8 || Ascii.IsValid(HeaderEncoding.AsciiDomain(copyTo)))) await CommandAsync($"RCPT TO:<{Path(copyTo, utf8)}>", cancellation);
        beforeData?.Invoke(results);
        var final = await DataAsync(message, cancellation);
        return [.. results.Select(result => result.Outcome != SmtpOutcome.Accepted ? result : result with { Outcome = final.Code == 0 ? SmtpOutcome.Unknown : OutcomeOf(final), Reply = final })];
    }

    /// <summary>Says goodbye; a server that does not answer is left.</summary>
    public async Task QuitAsync(CancellationToken cancellation = default)
    {
        if (_closed) return;
        _closed = true;
        try
        {
            await _lines.WriteLineAsync("QUIT", cancellation);
            await ReadReplyAsync(cancellation);
        }
        catch (MailTransportException)
        {
            // The mail is delivered; how the server hangs up changes nothing.
            _closed = true;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private async Task OpenAsync(CancellationToken cancellation)
    {
        Expect(await ReadReplyAsync(cancellation), 220, MailTransportError.Refused);
        await GreetAsync(cancellation);
        if (_server.Security == ConnectionSecurity.StartTls)
        {
            if (!_extensions.ContainsKey("STARTTLS")) throw new MailTransportException(MailTransportError.NotOffered, "the server does not offer STARTTLS");
            Expect(await CommandAsync("STARTTLS", cancellation), 220, MailTransportError.TlsFailed);
            await _lines.SecureAsync(cancellation);
            // What was said before TLS counts no more (RFC 3207 section 4.2).
            await GreetAsync(cancellation);
        }
        if (_server.UserName is not null) await SignInAsync(cancellation);
    }

    private async Task GreetAsync(CancellationToken cancellation)
    {
        _extensions.Clear();
        var reply = await CommandAsync($"EHLO {_server.ClientName}", cancellation);
        if (!reply.IsPositive)
        {
            Expect(await CommandAsync($"HELO {_server.ClientName}", cancellation), 250, MailTransportError.Refused);
            return;
        }
        foreach (var line in reply.Text.Split('\n').Skip(1))
        {
            var words = line.Replace("AUTH=", "AUTH ").Split(' ', 2);
            var value = words.Length > 1 ? words[1] : string.Empty;
            _extensions[words[0]] = _extensions.TryGetValue(words[0], out var before) ? before + " " + value : value;
        }
    }

    private async Task SignInAsync(CancellationToken cancellation)
    {
        if (!_lines.IsSecure && !_server.AllowCleartextPassword) throw new MailTransportException(MailTransportError.NotOffered, "a password is not sent without TLS");
        var offered = _extensions.GetValueOrDefault("AUTH")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        bool Offers(string name) => offered.Contains(name, StringComparer.OrdinalIgnoreCase);
        SmtpReply reply;
        if (_server.AccessToken is not null)
        {
            if (!Offers("XOAUTH2")) throw new MailTransportException(MailTransportError.NotOffered, "the server does not offer XOAUTH2");
            reply = await CommandAsync("AUTH XOAUTH2 " + SaslResponses.XOAuth2(_server), cancellation);
            // A refusal comes as a challenge with details, to be answered with nothing.
            if (reply.Code == 334) reply = await CommandAsync(string.Empty, cancellation);
        }
        else if (Offers("PLAIN")) reply = await CommandAsync("AUTH PLAIN " + SaslResponses.Plain(_server), cancellation);
        else if (Offers("LOGIN"))
        {
            reply = await CommandAsync("AUTH LOGIN", cancellation);
            if (reply.Code == 334) reply = await CommandAsync(SaslResponses.Base64(_server.UserName!), cancellation);
            if (reply.Code == 334) reply = await CommandAsync(SaslResponses.Base64(_server.Password ?? string.Empty), cancellation);
        }
        else throw new MailTransportException(MailTransportError.NotOffered, "the server offers neither PLAIN nor LOGIN");
        Expect(reply, 235, MailTransportError.LoginRefused);
    }

    private async Task<SmtpReply> DataAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var ready = await CommandAsync("DATA", cancellation);
        if (ready.Code != 354)
        {
            await ResetAsync(cancellation);
            return ready.IsPositive ? new SmtpReply(451, "4.5.0 " + ready.Text) : ready;
        }
        await _lines.WriteAsync(DotStuffed(message.Span), cancellation);
        try
        {
            // From here the server decides; section 4.5.3.2.6 gives it ten minutes.
            return await ReadReplyAsync(cancellation, TimeSpan.FromTicks(Math.Max(_server.Timeout.Ticks, Math.Min(_server.Timeout.Ticks * 5, TimeSpan.FromMinutes(10).Ticks))));
        }
        catch (Exception fault) when (fault is MailTransportException or OperationCanceledException)
        {
            _closed = true;
            return new SmtpReply(0, $"the connection broke before the server's answer: {fault.Message}");
        }
    }

    /// <summary>A line that begins with a dot gets a second one; the end is a dot alone (section 4.5.2). Lone line feeds become line ends.</summary>
    internal static byte[] DotStuffed(ReadOnlySpan<byte> message)
    {
        var result = new MemoryStream(message.Length + message.Length / 50 + 16);
        var atLineStart = true;
        byte previous = 0;
        foreach (var symbol in message)
        {
            if (symbol == '\n' && previous != '\r') result.WriteByte((byte)'\r');
            else if (symbol != '\n' && previous == '\r')
            {
                result.WriteByte((byte)'\n');
                atLineStart = true;
            }
            if (atLineStart && symbol == '.') result.WriteByte((byte)'.');
            result.WriteByte(symbol);
            atLineStart = symbol == '\n';
            previous = symbol;
        }
        if (previous == '\r') result.WriteByte((byte)'\n');
        else if (previous != '\n') result.Write("\r\n"u8);
        result.Write(".\r\n"u8);
        return result.ToArray();
    }

    private async Task ResetAsync(CancellationToken cancellation)
    {
        if (!_closed) await CommandAsync("RSET", cancellation);
    }

    private async Task<SmtpReply> CommandAsync(string line, CancellationToken cancellation)
    {
        await _lines.WriteLineAsync(line, cancellation);
        return await ReadReplyAsync(cancellation);
    }

    private async Task<SmtpReply> ReadReplyAsync(CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var text = new StringBuilder();
        for (var count = 0; count < MaximumReplyLines; count++)
        {
            var line = await _lines.ReadLineAsync(MaximumLine, cancellation, timeout);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code)) throw new MailTransportException(MailTransportError.ProtocolViolated, $"no reply code in \"{line}\"");
            if (text.Length > 0) text.Append('\n');
            if (line.Length > 4) text.Append(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line[4..])));
            if (line.Length > 3 && line[3] == '-') continue;
            // 421: the server is about to hang up (section 3.8).
            if (code == 421) _closed = true;
            return new SmtpReply(code, text.ToString());
        }
        throw new MailTransportException(MailTransportError.ProtocolViolated, "a reply without end");
    }

    private static string Path(string address, bool utf8) => utf8 ? address : HeaderEncoding.AsciiDomain(address);

    private static SmtpOutcome OutcomeOf(SmtpReply reply) => reply.IsPositive ? SmtpOutcome.Accepted : reply.Code is >= 400 and < 500 ? SmtpOutcome.TemporaryFailure : SmtpOutcome.PermanentFailure;

    private static IReadOnlyList<SmtpRecipientResult> All(IReadOnlyList<string> recipients, SmtpReply reply) => [.. recipients.Select(address => new SmtpRecipientResult(address, OutcomeOf(reply), reply))];

    private static void Expect(SmtpReply reply, int code, MailTransportError error)
    {
        if (reply.Code != code) throw new MailTransportException(error, reply.ToString());
    }
}
