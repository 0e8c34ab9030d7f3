using System.Text;

namespace SiteDesk.Mail;

/// <summary>A folder as it was when it was selected.</summary>
/// <param name="Name">Its name.</param>
/// <param name="UidValidity">While this stays the same, a UID always means the same message (RFC 9051 section 2.3.1.1).</param>
/// <param name="NextUid">No message yet has this UID or a higher one; 1 when the server does not say.</param>
/// <param name="Count">How many messages it holds.</param>
/// <param name="IsReadOnly">True when nothing can be changed.</param>
public sealed record ImapFolder(string Name, uint UidValidity, uint NextUid, int Count, bool IsReadOnly);

/// <summary>A folder in the list of an account.</summary>
/// <param name="Name">The full name, decoded.</param>
/// <param name="Delimiter">What stands between levels, or null.</param>
/// <param name="Attributes">Attributes with their backslash, such as "\Sent" or "\Noselect" (RFC 6154).</param>
public sealed record ImapFolderName(string Name, string? Delimiter, IReadOnlyList<string> Attributes);

/// <summary>What the server says about a message without its content.</summary>
/// <param name="Uid">Its identifier within the folder.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Flags">Its flags, such as "\Seen".</param>
public sealed record ImapSummary(uint Uid, long Size, IReadOnlyList<string> Flags);

/// <summary>Why waiting ended.</summary>
public enum ImapIdleResult
{
    /// <summary>Something in the folder has changed.</summary>
    Changed,

    /// <summary>Nothing happened in the time given.</summary>
    Quiet,
}

/// <summary>A connection to a mailbox (IMAP4rev2 RFC 9051, IMAP4rev1 RFC 3501): one command at a time.</summary>
public sealed partial class ImapConnection : IAsyncDisposable
{
    private const int MaximumLine = 4 * 1024 * 1024;
    private const int MaximumLiteralOutsideFetch = 1024 * 1024;

    private readonly LineStream _lines;
    private readonly MailServer _server;
    private readonly HashSet<string> _capabilities = new(StringComparer.OrdinalIgnoreCase);
    private int _tag;
    private long _largestLiteral = MaximumLiteralOutsideFetch;

    private ImapConnection(LineStream lines, MailServer server)
    {
        _lines = lines;
        _server = server;
    }

    /// <summary>What the server can do, as it says.</summary>
    public IReadOnlySet<string> Capabilities => _capabilities;

    /// <summary>The folder selected, or null. Its figures are those of the moment of selection, the count follows the server.</summary>
    public ImapFolder? Folder { get; private set; }

    /// <summary>How often the server has told of messages in the folder, in its answer to whatever command (RFC 9051 section 7.4.1). It tells of a
    /// message once: whoever waits for a change has to look first whether this has moved since the last look.</summary>
    public int Announcements { get; private set; }

    /// <summary>Connects, protects and signs in as the server's settings say.</summary>
    /// <exception cref="MailTransportException">Any step failed.</exception>
    public static Task<ImapConnection> ConnectAsync(MailServer server, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        return LineStream.OpenAsync(server, lines => new ImapConnection(lines, server), connection => connection.OpenAsync(cancellation), cancellation);
    }

    /// <summary>Selects a folder; null when there is none of that name.</summary>
    public async Task<ImapFolder?> SelectAsync(string name, CancellationToken cancellation = default)
    {
        uint validity = 0, next = 1;
        var count = 0;
        Folder = null;
        var result = await CommandAsync($"SELECT {Quoted(name)}", cancellation, values =>
        {
            if (values is [var number, { Atom: "EXISTS" }, ..] && int.TryParse(number.Atom, out var exists)) count = exists;
            foreach (var value in values)
            {
                if (value.Atom is not { } atom) continue;
                if (atom.StartsWith("[UIDVALIDITY ", StringComparison.OrdinalIgnoreCase)) _ = uint.TryParse(atom[13..].TrimEnd(']'), out validity);
                else if (atom.StartsWith("[UIDNEXT ", StringComparison.OrdinalIgnoreCase)) _ = uint.TryParse(atom[9..].TrimEnd(']'), out next);
            }
        });
        if (result.IsRefused) return null;
        result.Demand();
        return Folder = new ImapFolder(name, validity, next, count, result.Text.Contains("[READ-ONLY]", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The account's folders.</summary>
    public async Task<IReadOnlyList<ImapFolderName>> ListFoldersAsync(CancellationToken cancellation = default)
    {
        var folders = new List<ImapFolderName>();
        (await CommandAsync("LIST \"\" \"*\"", cancellation, values =>
        {
            if (values is [{ Atom: "LIST" }, { List: { } attributes }, var delimiter, var name, ..] && folders.Count < 10_000)
                folders.Add(new ImapFolderName(DecodeName(name.Text ?? string.Empty), delimiter.Text, [.. attributes.Select(attribute => attribute.Atom ?? string.Empty)]));
        })).Demand();
        return folders;
    }

    /// <summary>Creates a folder; false when the server refuses, as for one that exists.</summary>
    public async Task<bool> CreateFolderAsync(string name, CancellationToken cancellation = default) => !(await CommandAsync($"CREATE {Quoted(name)}", cancellation)).IsRefused;

    /// <summary>The messages from a UID on, in rising order, at most so many: the way to follow a large folder with little memory.</summary>
    /// <param name="fromUid">The first UID of interest, 1 at least.</param>
    /// <param name="maximum">How many to give at most.</param>
    /// <param name="cancellation">Gives up; the connection is then of no more use.</param>
    public async Task<IReadOnlyList<ImapSummary>> SummariesAsync(uint fromUid, int maximum, CancellationToken cancellation = default)
    {
        var folder = Folder ?? throw new InvalidOperationException("no folder is selected");
        // Messages that came since the selection have higher UIDs than it knew: "*" at the end finds them.
        ulong window = (ulong)Math.Max(maximum, 100);
        ulong low = Math.Max(1, fromUid);
        while (true)
        {
            var high = low + window - 1;
            var isLast = high >= folder.NextUid || high >= uint.MaxValue;
            var found = new SortedDictionary<uint, ImapSummary>();
            (await CommandAsync($"UID FETCH {low}:{(isLast ? "*" : high.ToString())} (UID RFC822.SIZE FLAGS)", cancellation, values =>
            {
                if (Summary(values) is not { } summary || summary.Uid < low) return;
                found[summary.Uid] = summary;
                if (found.Count > maximum) found.Remove(found.Keys.Last());
            })).Demand();
            if (found.Count > 0 || isLast) return [.. found.Values];
            // A gap of deleted messages: look further ahead each time.
            low = high + 1;
            window *= 4;
        }
    }

    /// <summary>The raw message, left unseen; null when it is gone.</summary>
    /// <param name="uid">The message.</param>
    /// <param name="maximumBytes">The largest to take.</param>
    /// <param name="cancellation">Gives up; the connection is then of no more use.</param>
    /// <exception cref="MailTransportException">It is larger (<see cref="MailTransportError.Refused"/>, the connection stays usable), or the connection failed.</exception>
    public async Task<byte[]?> FetchAsync(uint uid, long maximumBytes, CancellationToken cancellation = default)
    {
        byte[]? raw = null;
        var tooLarge = false;
        _largestLiteral = Math.Min(maximumBytes, Array.MaxLength);
        try
        {
            (await CommandAsync($"UID FETCH {uid} (UID BODY.PEEK[])", cancellation, values =>
            {
                if (values is not [_, { Atom: "FETCH" }, { List: { } items }, ..]) return;
                uint? of = null;
                ImapValue? body = null;
                for (var at = 0; at + 1 < items.Count; at += 2)
                    if (items[at].Atom is "UID" && uint.TryParse(items[at + 1].Atom, out var number)) of = number;
                    else if (items[at].Atom?.StartsWith("BODY[]", StringComparison.OrdinalIgnoreCase) == true) body = items[at + 1];
                if (of != uid || body is null) return;
                raw = body.Bytes;
                tooLarge = body == ImapValue.Nil;
            })).Demand();
        }
        finally
        {
            _largestLiteral = MaximumLiteralOutsideFetch;
        }
        return tooLarge ? throw new MailTransportException(MailTransportError.Refused, $"message {uid} is larger than {maximumBytes} bytes") : raw;
    }

    /// <summary>Adds or takes away a flag such as "\Seen".</summary>
    public Task SetFlagAsync(uint uid, string flag, bool isSet, CancellationToken cancellation = default) => SetFlagAsync([uid], flag, isSet, cancellation);

    /// <summary>
    /// Sets or removes a flag of several messages with one command (RFC 9051 section 9, sequence-set). At least one; a server
    /// need not take a line of more than 8,000 octets, which is some 700 of them.
    /// </summary>
    public async Task SetFlagAsync(IReadOnlyList<uint> uids, string flag, bool isSet, CancellationToken cancellation = default) =>
        (await CommandAsync($"UID STORE {string.Join(',', uids)} {(isSet ? '+' : '-')}FLAGS.SILENT ({Atom(flag)})", cancellation)).Demand();

    /// <summary>Moves a message (RFC 6851), or copies and deletes it where the server cannot move.</summary>
    public async Task MoveAsync(uint uid, string folder, CancellationToken cancellation = default)
    {
        if (_capabilities.Contains("MOVE") || _capabilities.Contains("IMAP4rev2"))
        {
            (await CommandAsync($"UID MOVE {uid} {Quoted(folder)}", cancellation)).Demand();
            return;
        }
        (await CommandAsync($"UID COPY {uid} {Quoted(folder)}", cancellation)).Demand();
        await DeleteAsync(uid, cancellation);
    }

    /// <summary>Deletes a message: only this one where the server has UIDPLUS (RFC 4315), else it is only marked.</summary>
    public async Task DeleteAsync(uint uid, CancellationToken cancellation = default)
    {
        await SetFlagAsync(uid, "\\Deleted", true, cancellation);
        if (_capabilities.Contains("UIDPLUS") || _capabilities.Contains("IMAP4rev2")) (await CommandAsync($"UID EXPUNGE {uid}", cancellation)).Demand();
    }

    /// <summary>Puts a message into a folder, as for "Sent"; gives its UID where the server tells it (UIDPLUS).</summary>
    public async Task<uint?> AppendAsync(string folder, ReadOnlyMemory<byte> message, IReadOnlyList<string> flags, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(flags);
        var list = flags.Count == 0 ? string.Empty : $" ({string.Join(' ', flags.Select(Atom))})";
        var literalPlus = _capabilities.Contains("LITERAL+") || (_capabilities.Contains("LITERAL-") || _capabilities.Contains("IMAP4rev2")) && message.Length <= 4096;
        var tag = NextTag();
        await _lines.WriteLineAsync($"{tag} APPEND {Quoted(folder)}{list} {{{message.Length}{(literalPlus ? "+" : "")}}}", cancellation);
        if (!literalPlus && await WaitForContinuationAsync(tag, cancellation) is { } refused) refused.Demand();
        await _lines.WriteAsync(message, cancellation);
        await _lines.WriteLineAsync(string.Empty, cancellation);
        var result = await FinishAsync(tag, null, cancellation);
        result.Demand();
        var at = result.Text.IndexOf("[APPENDUID ", StringComparison.OrdinalIgnoreCase);
        return at >= 0 && result.Text[(at + 11)..].Split(' ', ']') is [_, var uid, ..] && uint.TryParse(uid, out var number) ? number : null;
    }

    /// <summary>Asks for news; true when the folder has changed.</summary>
    public async Task<bool> CheckAsync(CancellationToken cancellation = default)
    {
        var changed = false;
        (await CommandAsync("NOOP", cancellation, values => changed |= IsChange(values))).Demand();
        return changed;
    }

    /// <summary>Waits for a change (RFC 2177): by IDLE where the server has it, else by one look after the time.</summary>
    /// <param name="longest">How long to wait; servers hang up after half an hour, so 25 minutes at most.</param>
    /// <param name="cancellation">Ends the waiting; the connection is then of no more use.</param>
    public async Task<ImapIdleResult> WaitForChangeAsync(TimeSpan longest, CancellationToken cancellation = default)
    {
        if (!_capabilities.Contains("IDLE") && !_capabilities.Contains("IMAP4rev2"))
        {
            await Task.Delay(longest, _server.Clock, cancellation);
            return await CheckAsync(cancellation) ? ImapIdleResult.Changed : ImapIdleResult.Quiet;
        }
        return await IdleAsync(longest, cancellation);
    }

    /// <summary>Says goodbye; a server that does not answer is left.</summary>
    public async Task LogoutAsync(CancellationToken cancellation = default)
    {
        try
        {
            await CommandAsync("LOGOUT", cancellation);
        }
        catch (MailTransportException)
        {
            // Everything asked for is done; how the server hangs up changes nothing.
            Folder = null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private static ImapSummary? Summary(List<ImapValue> values)
    {
        if (values is not [_, { Atom: "FETCH" }, { List: { } items }, ..]) return null;
        uint uid = 0;
        long size = 0;
        IReadOnlyList<string> flags = [];
        for (var at = 0; at + 1 < items.Count; at += 2)
            switch (items[at].Atom?.ToUpperInvariant())
            {
                case "UID":
                    _ = uint.TryParse(items[at + 1].Atom, out uid);
                    break;
                case "RFC822.SIZE":
                    _ = long.TryParse(items[at + 1].Atom, out size);
                    break;
                case "FLAGS":
                    flags = [.. (items[at + 1].List ?? []).Select(flag => flag.Atom ?? string.Empty)];
                    break;
            }
        return uid == 0 ? null : new ImapSummary(uid, size, flags);
    }

    private static bool IsChange(List<ImapValue> values) => values is [_, { Atom: "EXISTS" or "EXPUNGE" or "RECENT" or "FETCH" }, ..];

    private static string Atom(string flag) => string.Concat(flag.Where(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '\\' or '$' or '-' or '_'));

    private static string DecodeName(string name) => Utf7.DecodeFolderName(name);

    private static string Quoted(string name) =>
        "\"" + Utf7.EncodeFolderName(string.Concat(name.Where(symbol => !char.IsControl(symbol)))).Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
