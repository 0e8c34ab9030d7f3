using System.Text;

namespace SiteDesk.Mail;

// The talk itself: tags, literals, continuation, sign-in, IDLE.
public sealed partial class ImapConnection
{
    /// <summary>The end of a command: OK, NO or BAD, with the server's text.</summary>
    private sealed record Completion(string Word, string Text)
    {
        public bool IsRefused => Word == "NO";

        public void Demand()
        {
            if (Word != "OK") throw new MailTransportException(Word == "NO" ? MailTransportError.Refused : MailTransportError.ProtocolViolated, $"{Word} {Text}");
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        var (greeting, _) = await ReadResponseAsync(cancellation);
        var isKnown = greeting.StartsWith("* PREAUTH", StringComparison.OrdinalIgnoreCase);
        if (!isKnown && !greeting.StartsWith("* OK", StringComparison.OrdinalIgnoreCase)) throw new MailTransportException(MailTransportError.Refused, greeting);
        await AskCapabilitiesAsync(cancellation);
        if (_server.Security == ConnectionSecurity.StartTls)
        {
            // A greeting that signs us in before TLS is an attack, or of no use (RFC 9051 section 11.3).
            if (isKnown || !_capabilities.Contains("STARTTLS")) throw new MailTransportException(MailTransportError.NotOffered, "the server does not offer STARTTLS");
            (await CommandAsync("STARTTLS", cancellation)).Demand();
            await _lines.SecureAsync(cancellation);
            await AskCapabilitiesAsync(cancellation);
        }
        if (_server.UserName is null || isKnown) return;
        await SignInAsync(cancellation);
        await AskCapabilitiesAsync(cancellation);
    }

    private async Task AskCapabilitiesAsync(CancellationToken cancellation)
    {
        _capabilities.Clear();
        (await CommandAsync("CAPABILITY", cancellation, values =>
        {
            if (values is [{ Atom: "CAPABILITY" }, ..])
                foreach (var value in values.Skip(1)) _capabilities.Add(value.Atom ?? string.Empty);
        })).Demand();
    }

    private async Task SignInAsync(CancellationToken cancellation)
    {
        if (!_lines.IsSecure && !_server.AllowCleartextPassword) throw new MailTransportException(MailTransportError.NotOffered, "a password is not sent without TLS");
        Completion result;
        if (_server.AccessToken is not null)
        {
            if (!_capabilities.Contains("AUTH=XOAUTH2")) throw new MailTransportException(MailTransportError.NotOffered, "the server does not offer XOAUTH2");
            result = await AuthenticateAsync("XOAUTH2", SaslResponses.XOAuth2(_server), cancellation);
        }
        else if (_capabilities.Contains("AUTH=PLAIN")) result = await AuthenticateAsync("PLAIN", SaslResponses.Plain(_server), cancellation);
        else if (!_capabilities.Contains("LOGINDISABLED")) result = await LoginAsync(cancellation);
        else throw new MailTransportException(MailTransportError.NotOffered, "the server offers no way to sign in that is spoken here");
        if (result.Word != "OK") throw new MailTransportException(MailTransportError.LoginRefused, result.Text);
    }

    private async Task<Completion> AuthenticateAsync(string mechanism, string response, CancellationToken cancellation)
    {
        var tag = NextTag();
        if (_capabilities.Contains("SASL-IR") || _capabilities.Contains("IMAP4rev2"))
        {
            await _lines.WriteLineAsync($"{tag} AUTHENTICATE {mechanism} {response}", cancellation);
        }
        else
        {
            await _lines.WriteLineAsync($"{tag} AUTHENTICATE {mechanism}", cancellation);
            if (await WaitForContinuationAsync(tag, cancellation) is { } early) return early;
            await _lines.WriteLineAsync(response, cancellation);
        }
        // XOAUTH2 says why it refuses in a further challenge, to be answered with nothing.
        while (await WaitForContinuationAsync(tag, cancellation) is var end)
        {
            if (end is not null) return end;
            await _lines.WriteLineAsync(string.Empty, cancellation);
        }
        throw new MailTransportException(MailTransportError.ProtocolViolated, "sign-in without end");
    }

    /// <summary>LOGIN with literals, so that every password can be said (section 6.2.3).</summary>
    private async Task<Completion> LoginAsync(CancellationToken cancellation)
    {
        var tag = NextTag();
        var prefix = $"{tag} LOGIN";
        foreach (var secret in (string[])[_server.UserName!, _server.Password ?? string.Empty])
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            await _lines.WriteLineAsync($"{prefix} {{{bytes.Length}}}", cancellation);
            if (await WaitForContinuationAsync(tag, cancellation) is { } early) return early;
            await _lines.WriteAsync(bytes, cancellation);
            prefix = string.Empty;
        }
        await _lines.WriteLineAsync(string.Empty, cancellation);
        return await FinishAsync(tag, null, cancellation);
    }

    private async Task<ImapIdleResult> IdleAsync(TimeSpan longest, CancellationToken cancellation)
    {
        var tag = NextTag();
        await _lines.WriteLineAsync($"{tag} IDLE", cancellation);
        if (await WaitForContinuationAsync(tag, cancellation) is { } refused) refused.Demand();
        var result = ImapIdleResult.Quiet;
        using var waitingEnds = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var end = Task.Delay(longest, _server.Clock, waitingEnds.Token);
        Task<(string Line, IReadOnlyList<byte[]?> Literals)>? pending = null;
        while (result == ImapIdleResult.Quiet && pending is null)
        {
            // The read is never cut off: a torn TLS record would spoil the connection. It ends at the latest with the answer to DONE.
            var next = ReadResponseAsync(cancellation, longest + _server.Timeout);
            if (await Task.WhenAny(next, end) == end) pending = next;
            else Hear(await next);
        }
        await waitingEnds.CancelAsync();
        await _lines.WriteLineAsync("DONE", cancellation);
        if (pending is not null)
        {
            var response = await pending;
            if (CompletionOf(response.Line, tag) is { } completion)
            {
                completion.Demand();
                return result;
            }
            Hear(response);
        }
        (await FinishAsync(tag, values =>
        {
            if (IsChange(values)) result = ImapIdleResult.Changed;
        }, cancellation)).Demand();
        return result;

        void Hear((string Line, IReadOnlyList<byte[]?> Literals) response)
        {
            if (response.Line.StartsWith("* BYE", StringComparison.OrdinalIgnoreCase)) throw new MailTransportException(MailTransportError.ConnectionLost, response.Line);
            if (response.Line.StartsWith("* ", StringComparison.Ordinal) && IsChange(Note(new ImapParser(response.Line[2..], response.Literals).ReadAll()))) result = ImapIdleResult.Changed;
        }
    }

    private string NextTag() => $"a{++_tag}";

    private async Task<Completion> CommandAsync(string command, CancellationToken cancellation, Action<List<ImapValue>>? untagged = null)
    {
        var tag = NextTag();
        await _lines.WriteLineAsync($"{tag} {command}", cancellation);
        return await FinishAsync(tag, untagged, cancellation);
    }

    /// <summary>Null when the server waits for more, else how the command ended early.</summary>
    private async Task<Completion?> WaitForContinuationAsync(string tag, CancellationToken cancellation)
    {
        while (true)
        {
            var (line, literals) = await ReadResponseAsync(cancellation);
            if (line.StartsWith('+')) return null;
            if (CompletionOf(line, tag) is { } completion) return completion;
            if (line.StartsWith("* ", StringComparison.Ordinal)) Note(new ImapParser(line[2..], literals).ReadAll());
        }
    }

    private async Task<Completion> FinishAsync(string tag, Action<List<ImapValue>>? untagged, CancellationToken cancellation)
    {
        var isLogout = false;
        while (true)
        {
            var (line, literals) = await ReadResponseAsync(cancellation);
            if (CompletionOf(line, tag) is { } completion) return completion;
            if (line.StartsWith("* BYE", StringComparison.OrdinalIgnoreCase))
            {
                // The answer to LOGOUT has it too; there the completion follows.
                if (isLogout) throw new MailTransportException(MailTransportError.ConnectionLost, line);
                isLogout = true;
            }
            else if (line.StartsWith("* ", StringComparison.Ordinal))
            {
                var values = Note(new ImapParser(line[2..], literals).ReadAll());
                untagged?.Invoke(values);
            }
            else if (!line.StartsWith('+') && line.Length > 0)
            {
                throw new MailTransportException(MailTransportError.ProtocolViolated, $"unexpected \"{(line.Length > 100 ? line[..100] : line)}\"");
            }
        }
    }

    /// <summary>The server may tell the count at any time (section 7.4.1).</summary>
    private List<ImapValue> Note(List<ImapValue> values)
    {
        if (Folder is { } folder && values is [var number, { Atom: "EXISTS" }, ..] && int.TryParse(number.Atom, out var count))
        {
            Folder = folder with { Count = count };
            Announcements++;
        }
        return values;
    }

    private static Completion? CompletionOf(string line, string tag)
    {
        if (!line.StartsWith(tag, StringComparison.Ordinal) || line.Length <= tag.Length || line[tag.Length] != ' ') return null;
        var words = line[(tag.Length + 1)..].Split(' ', 2);
        return new Completion(words[0].ToUpperInvariant(), words.Length > 1 ? words[1] : string.Empty);
    }

    /// <summary>One response with its literals (section 4.3), which are read into memory up to the limit and passed over beyond it.</summary>
    private async Task<(string Line, IReadOnlyList<byte[]?> Literals)> ReadResponseAsync(CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var line = (await _lines.ReadLineAsync(MaximumLine, cancellation, timeout)).Replace("\0", string.Empty);
        if (LiteralSize(line) is null) return (line, []);
        var literals = new List<byte[]?>();
        var whole = new StringBuilder();
        while (LiteralSize(line) is { } size)
        {
            whole.Append(line, 0, line.LastIndexOf('{'));
            if (line.EndsWith("~{" + size + "}", StringComparison.Ordinal)) whole.Length--;
            whole.Append('\0').Append(literals.Count).Append('\0');
            if (size > _largestLiteral || literals.Count > 1_000)
            {
                await _lines.SkipAsync(size, cancellation);
                literals.Add(null);
            }
            else
            {
                literals.Add(await ReadLiteralAsync((int)size, cancellation));
            }
            line = (await _lines.ReadLineAsync(MaximumLine, cancellation)).Replace("\0", string.Empty);
        }
        return (whole.Append(line).ToString(), literals);
    }

    /// <summary>Memory grows with what has come, not with what the server promises.</summary>
    private async Task<byte[]> ReadLiteralAsync(int size, CancellationToken cancellation)
    {
        const int Step = 1024 * 1024;
        if (size <= Step)
        {
            var whole = new byte[size];
            await _lines.ReadExactlyAsync(whole, cancellation);
            return whole;
        }
        var grown = new byte[Step];
        for (var at = 0; at < size;)
        {
            if (at == grown.Length) Array.Resize(ref grown, (int)Math.Min(size, (long)grown.Length * 2));
            var count = Math.Min(grown.Length, size) - at;
            await _lines.ReadExactlyAsync(grown.AsMemory(at, count), cancellation);
            at += count;
        }
        return grown.Length == size ? grown : grown[..size];
    }

    private static long? LiteralSize(string line)
    {
        if (!line.EndsWith('}')) return null;
        var open = line.LastIndexOf('{');
        return open >= 0 && long.TryParse(line.AsSpan(open + 1, line.Length - open - 2).TrimEnd('+'), out var size) && size >= 0 ? size : null;
    }
}
