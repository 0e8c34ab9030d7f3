using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>An IMAP server of the old kind: it cannot tell of news (no IDLE), so it has to be asked; or one that tells at an awkward moment.</summary>
public sealed partial class PolledMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<(byte[] Raw, bool IsSeen)> _mails = [];
    private readonly Task _run;

    public PolledMailServer()
    {
        _listener.Start();
        _run = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Claims to tell of news while a client idles, and is silent: it has told already, in its answer to a STORE.</summary>
    public bool TellsOnlyWhileStoring { get; init; }

    /// <summary>Delivered while the first mail is being marked.</summary>
    public byte[]? ComesWhileStoring { get; set; }

    /// <summary>Wants a sign-in by access token (XOAUTH2) and judges it; null lets everybody in.</summary>
    public Func<string, bool>? AcceptsToken { get; init; }

    /// <summary>The tokens it was shown.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Tokens { get; } = new();

    /// <summary>Clients that had the folder open at the same moment, at most.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>How often it was opened.</summary>
    public int Opened { get; private set; }

    private int _open;

    /// <summary>How often it was asked for news.</summary>
    public int Asked { get; private set; }

    public bool AreAllSeen
    {
        get
        {
            lock (_mails)
                return _mails.TrueForAll(mail => mail.IsSeen);
        }
    }

    public void Deliver(byte[] raw)
    {
        lock (_mails)
            _mails.Add((raw, false));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _run.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await SayAsync(stream, AcceptsToken is null ? "* PREAUTH ready\r\n" : "* OK ready\r\n");
            var (idling, hasFolder) = ("", false);
            using var leaving = new Leaving(() =>
            {
                if (hasFolder)
                    Interlocked.Decrement(ref _open);
            });
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                var words = line.Split(' ', 2);
                if (words is [var tag, "IDLE"])
                {
                    idling = tag;
                    await SayAsync(stream, "+ idling\r\n");
                }
                else if (line == "DONE")
                {
                    await SayAsync(stream, $"{idling} OK done\r\n");
                }
                else
                {
                    if (words[1].StartsWith("SELECT", StringComparison.Ordinal) && !hasFolder)
                    {
                        hasFolder = true;
                        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _open));
                        Opened++;
                    }

                    await SayAsync(stream, Answer(words[0], words[1]));
                }
            }
        }
    }

    private string Answer(string tag, string command)
    {
        lock (_mails)
        {
            var answer = new StringBuilder();
            if (command.StartsWith("AUTHENTICATE XOAUTH2", StringComparison.Ordinal) && !IsAccepted(command))
                return $"{tag} NO [AUTHENTICATIONFAILED] Invalid token\r\n";
            if (command == "CAPABILITY")
                answer.Append(AcceptsToken is not null ? "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n" : TellsOnlyWhileStoring ? "* CAPABILITY IMAP4rev1 IDLE\r\n" : "* CAPABILITY IMAP4rev1\r\n");
            else if (command == "NOOP")
                Asked++;
            else if (command.StartsWith("SELECT", StringComparison.Ordinal))
                answer.Append(CultureInfo.InvariantCulture, $"* {_mails.Count} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {_mails.Count + 1}] ok\r\n");
            else if (command.Contains("BODY.PEEK[]", StringComparison.Ordinal))
                Content(answer, Number(command));
            else if (command.StartsWith("UID FETCH", StringComparison.Ordinal))
                Summaries(answer, Number(command));
            else if (command.StartsWith("UID STORE", StringComparison.Ordinal))
            {
                foreach (var uid in command.Split(' ')[2].Split(','))
                    Mark(answer, int.Parse(uid, CultureInfo.InvariantCulture));
            }
            return answer.Append(tag).Append(" OK done\r\n").ToString();
        }
    }

    private bool IsAccepted(string command)
    {
        var words = Encoding.ASCII.GetString(Convert.FromBase64String(command.Split(' ')[2])).Split('\x01');
        var token = words.Single(word => word.StartsWith("auth=Bearer ", StringComparison.Ordinal))["auth=Bearer ".Length..];
        Tokens.Enqueue(token);
        return AcceptsToken!(token);
    }

    private void Mark(StringBuilder answer, int uid)
    {
        _mails[uid - 1] = (_mails[uid - 1].Raw, true);
        if (ComesWhileStoring is not { } raw)
            return;
        ComesWhileStoring = null;
        _mails.Add((raw, false));
        answer.Append(CultureInfo.InvariantCulture, $"* {_mails.Count} EXISTS\r\n");
    }

    private void Content(StringBuilder answer, int uid)
    {
        if (uid <= _mails.Count)
            answer.Append(CultureInfo.InvariantCulture, $"* {uid} FETCH (UID {uid} BODY[] {{{_mails[uid - 1].Raw.Length}}}\r\n").Append(Encoding.Latin1.GetString(_mails[uid - 1].Raw)).Append(")\r\n");
    }

    private void Summaries(StringBuilder answer, int first)
    {
        for (var uid = first; uid <= _mails.Count; uid++)
            answer.Append(CultureInfo.InvariantCulture, $"* {uid} FETCH (UID {uid} RFC822.SIZE {_mails[uid - 1].Raw.Length} FLAGS ({(_mails[uid - 1].IsSeen ? "\\Seen" : "")}))\r\n");
    }

    private async Task SayAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _end.Token);

    private static int Number(string command) => int.Parse(NumberPattern().Match(command).Value, CultureInfo.InvariantCulture);

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NumberPattern();
}
