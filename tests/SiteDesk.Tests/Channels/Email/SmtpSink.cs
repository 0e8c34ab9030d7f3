using System.Net;
using System.Net.Sockets;
using System.Text;
using SiteDesk.Mail;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>A mail that arrived at the sink.</summary>
public sealed record SunkMail(string From, IReadOnlyList<string> Recipients, MimeMessage Message);

/// <summary>A small SMTP server that keeps what it is given, and refuses or breaks off when told to.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<SunkMail> _mails = [];
    private readonly Task _run;

    public SmtpSink()
    {
        _listener.Start();
        _run = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What to say to a recipient; 250 when null.</summary>
    public Func<string, string?> OnRecipient { get; set; } = _ => null;

    /// <summary>Breaks the connection after the data, without a word.</summary>
    public bool BreaksAfterData { get; set; }

    public IReadOnlyList<SunkMail> Mails
    {
        get
        {
            lock (_mails)
                return [.. _mails];
        }
    }

    /// <summary>Waits until so many have arrived.</summary>
    public async Task<IReadOnlyList<SunkMail>> ArrivedAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (Mails.Count < count)
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse($"{Mails.Count} of {count} mails arrived: {string.Join(" | ", Mails.Select(mail => mail.Message.Subject))}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        return Mails;
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
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            await SayAsync(client, "220 sink");
            var (from, recipients) = ("", new List<string>());
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await SayAsync(client, "250-sink\r\n250-SIZE 30000000\r\n250-8BITMIME\r\n250 AUTH PLAIN");
                        break;
                    case "AUTH":
                        await SayAsync(client, "235 2.7.0 ok");
                        break;
                    case "MAIL":
                        (from, recipients) = (Between(line), []);
                        await SayAsync(client, "250 2.1.0 ok");
                        break;
                    case "RCPT":
                        var refusal = OnRecipient(Between(line));
                        if (refusal is null)
                            recipients.Add(Between(line));
                        await SayAsync(client, refusal ?? "250 2.1.5 ok");
                        break;
                    case "DATA":
                        await SayAsync(client, "354 go on");
                        var data = new StringBuilder();
                        while (await reader.ReadLineAsync(_end.Token) is { } text && text != ".")
                            data.Append(text.StartsWith('.') ? text[1..] : text).Append("\r\n");
                        lock (_mails)
                            _mails.Add(new SunkMail(from, recipients, MimeMessage.Read(Encoding.Latin1.GetBytes(data.ToString()))));
                        if (BreaksAfterData)
                            return;
                        await SayAsync(client, "250 2.0.0 taken");
                        break;
                    case "QUIT":
                        await SayAsync(client, "221 bye");
                        return;
                    default:
                        await SayAsync(client, "250 ok");
                        break;
                }
            }
        }
    }

    private async Task SayAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _end.Token);

    private static string Between(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
