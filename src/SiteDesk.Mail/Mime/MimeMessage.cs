namespace SiteDesk.Mail;

/// <summary>A message read from its bytes. Reading never fails: what is broken is read as far as it goes and listed
/// in <see cref="Problems"/>.</summary>
/// <remarks>Not safe for use by several threads at once: parts are decoded when first asked for.</remarks>
public sealed class MimeMessage
{
    private readonly ProblemList _problems;
    private readonly MailLimits _limits;
    private MessageBody? _body;
    private DateTimeOffset? _date;
    private bool _dateRead;

    internal MimeMessage(ReadOnlyMemory<byte> raw, MimePart root, ProblemList problems, MailLimits limits)
    {
        Raw = raw;
        Root = root;
        _problems = problems;
        _limits = limits;
    }

    /// <summary>Reads a message. The bytes are kept, not copied; do not change them afterwards.</summary>
    /// <param name="raw">A message with CRLF, LF or CR line ends, also one cut from an mbox.</param>
    /// <param name="limits">Bounds, or null for the usual ones.</param>
    public static MimeMessage Read(ReadOnlyMemory<byte> raw, MailLimits? limits = null)
    {
        limits ??= MailLimits.Default;
        var problems = new ProblemList(limits.MaximumProblems);
        raw = WithLineFeeds(raw);
        return new MimeMessage(raw, new MimeReader(limits, problems).Read(raw, 0, isOutermost: true), problems, limits);
    }

    /// <summary>The bytes it was read from.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The outermost entity.</summary>
    public MimePart Root { get; }

    /// <summary>The message's header fields.</summary>
    public HeaderCollection Headers => Root.Headers;

    /// <summary>Everything found wrong so far. Text and dates are judged when they are read.</summary>
    public IReadOnlyList<MailProblem> Problems => _problems.Problems;

    /// <summary>The Message-ID without brackets, or null.</summary>
    public string? MessageId
    {
        get
        {
            if (Headers.First("Message-ID")?.Text is not { Length: > 0 } text) return null;
            return MessageIds.Parse(text) is [var first, ..] ? first : text.Trim().Trim('<', '>') is { Length: > 0 and <= 998 } bare ? bare : null;
        }
    }

    /// <summary>The identifiers this message answers.</summary>
    public IReadOnlyList<string> InReplyTo => Headers.First("In-Reply-To")?.Text is { } text ? MessageIds.Parse(text) : [];

    /// <summary>The thread's identifiers, eldest first.</summary>
    public IReadOnlyList<string> References => Headers.First("References")?.Text is { } text ? MessageIds.Parse(text) : [];

    /// <summary>The moment in the Date field, or null.</summary>
    public DateTimeOffset? Date
    {
        get
        {
            if (_dateRead) return _date;
            _dateRead = true;
            if (Headers.First("Date") is not { } header) return null;
            _date = MailDate.Parse(header.Text);
            if (_date is null) _problems.Add(MailProblemKind.BrokenDate, header.Text);
            return _date;
        }
    }

    /// <summary>The first author (RFC 5322 section 3.6.2); the Sender where From names nobody; or null.</summary>
    public MailAddress? From
    {
        get
        {
            var author = Addresses("From").FirstOrDefault(address => address.Address.Length > 0) ?? Addresses("Sender").FirstOrDefault() ?? Addresses("From").FirstOrDefault();
            if (author is null) _problems.Add(MailProblemKind.NoSender, "From is missing or names nobody");
            return author;
        }
    }

    /// <summary>Where answers should go; empty when the author is meant.</summary>
    public IReadOnlyList<MailAddress> ReplyTo => Addresses("Reply-To");

    /// <summary>The primary recipients.</summary>
    public IReadOnlyList<MailAddress> To => Addresses("To");

    /// <summary>The recipients of a copy.</summary>
    public IReadOnlyList<MailAddress> Cc => Addresses("Cc");

    /// <summary>The subject, decoded; empty when there is none.</summary>
    public string Subject => Headers.Value("Subject") ?? string.Empty;

    /// <summary>Text, HTML, attachments and invitations.</summary>
    public MessageBody Body => _body ??= MessageBody.Assemble(Root, _limits, _problems);

    /// <summary>All addresses of all fields of a name.</summary>
    public IReadOnlyList<MailAddress> Addresses(string field)
    {
        List<MailAddress>? all = null;
        foreach (var header in Headers.All(field))
        {
            all ??= [];
            if (all.Count < _limits.MaximumAddresses) all.AddRange(MailAddress.ParseList(header.Text, _limits.MaximumAddresses - all.Count));
        }
        return all ?? [];
    }

    /// <summary>The message and all that it holds, outermost first.</summary>
    public IEnumerable<MimePart> Parts()
    {
        var open = new Stack<MimePart>();
        open.Push(Root);
        while (open.TryPop(out var part))
        {
            yield return part;
            if (part.Enclosed is { } enclosed) open.Push(enclosed.Root);
            for (var at = part.Children.Count - 1; at >= 0; at--) open.Push(part.Children[at]);
        }
    }

    /// <summary>Line ends of the old Macintosh: carriage returns alone.</summary>
    private static ReadOnlyMemory<byte> WithLineFeeds(ReadOnlyMemory<byte> raw)
    {
        var span = raw.Span;
        if (span.IsEmpty || span.Contains((byte)'\n') || !span.Contains((byte)'\r')) return raw;
        var copy = span.ToArray();
        copy.AsSpan().Replace((byte)'\r', (byte)'\n');
        return copy;
    }
}
