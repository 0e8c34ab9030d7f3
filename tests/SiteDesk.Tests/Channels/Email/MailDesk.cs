using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Mail;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Jobs;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>A desk with a mailbox, a server that takes its mail, and an owner who is signed in.</summary>
public sealed partial class MailDesk : IAsyncDisposable
{
    public const string Address = "help@shop.example.com";

    private MailDesk(DeskServer desk, DeskClient owner, SmtpSink sink) => (Desk, Owner, Sink) = (desk, owner, sink);

    public DeskServer Desk { get; }

    public DeskClient Owner { get; }

    public SmtpSink Sink { get; }

    /// <summary>Where raw mail for <see cref="Address"/> is posted.</summary>
    public string PostPath { get; private set; } = "";

    public static async Task<MailDesk> StartAsync(string? database = null, Action<IServiceCollection>? replace = null)
    {
        var desk = await DeskServer.StartAsync(database, replace);
        var mail = new MailDesk(desk, await desk.SetUpAsync(), new SmtpSink());
        mail.PostPath = await mail.AddMailboxAsync(Address);
        return mail;
    }

    /// <summary>An administrator adds a mailbox that is fed by posting and sends through the sink.</summary>
    public async Task<string> AddMailboxAsync(string address, long site = 1, params KeyValuePair<string, string>[] more)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Address"] = address, ["Site"] = site.ToString(), ["Secret"] = "geheim", ["OutgoingHost"] = "127.0.0.1", ["OutgoingPort"] = Sink.Port.ToString(),
            ["OutgoingSecurity"] = "None", ["IsEnabled"] = "true", ["SendsConfirmation"] = "true", ["TrustedHosts"] = "mx.shop.example.com",
        };
        foreach (var (name, value) in more)
            fields[name] = value;
        var answer = await Owner.PostFormAsync("/agent/mailboxes", fields, "/agent/mailboxes/new");
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        var page = await Owner.GetTextAsync(answer.Headers.Location!.ToString());
        return new Uri(WebUtility.HtmlDecode(PostAddressPattern().Match(page).Groups["address"].Value)).AbsolutePath;
    }

    /// <summary>A mail arrives; returns when it was read.</summary>
    public async Task<RawMail> ReceiveAsync(string mail, string? postPath = null)
    {
        var raw = Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"));
        using var content = new ByteArrayContent(raw);
        using var stranger = Desk.NewClient();
        var answer = await stranger.Http.PostAsync(new Uri(postPath ?? PostPath, UriKind.Relative), content, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var hash = MailHashes.OfContent(raw);
        return await UntilReadAsync(hash);
    }

    public async Task<RawMail> UntilReadAsync(string hash)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var found = await Desk.InDatabaseAsync(database => database.Set<RawMail>().AsNoTracking().Where(row => row.ContentHash == hash).OrderByDescending(row => row.Id).FirstOrDefaultAsync());
            if (found is { State: not RawMailState.Waiting })
                return found;
            limit.Token.IsCancellationRequested.ShouldBeFalse("the mail was not read");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A mail of a person, with a Message-ID of its own.</summary>
    public static string Letter(string subject, string text, string from = "Anna <anna@example.com>", string fields = "", string to = Address, string? id = null) =>
        $"From: {from}\nTo: {to}\nSubject: {subject}\nDate: Tue, 05 Mar 2024 10:00:00 +0000\nMessage-ID: <{id ?? Guid.NewGuid().ToString("N")}@example.com>\n{fields}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n";

    /// <summary>An agent answers in the workspace.</summary>
    public async Task<Message> AnswerAsync(long ticket, string text)
    {
        var page = $"/agent/tickets/{ticket}";
        var seen = await Desk.InDatabaseAsync(database => database.Set<Message>().Where(message => message.TicketId == ticket).MaxAsync(message => message.Id));
        var answer = await Owner.PostFormAsync($"{page}/messages", [new("kind", "reply"), new("text", text), new("submission", Guid.NewGuid().ToString("N")), new("seen", seen.ToString())], page);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return await Desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking().Where(message => message.TicketId == ticket).OrderByDescending(message => message.Id).FirstAsync());
    }

    public Task<Ticket> TicketAsync(long id) => Desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == id));

    public Task<List<Message>> MessagesAsync(long ticket) =>
        Desk.InDatabaseAsync(database => database.Set<Message>().AsNoTracking().Include(message => message.Files).ThenInclude(file => file.File).AsSingleQuery().Where(message => message.TicketId == ticket).OrderBy(message => message.Id).ToListAsync());

    public Task<List<OutgoingMail>> OutgoingAsync() => Desk.InDatabaseAsync(database => database.Set<OutgoingMail>().AsNoTracking().OrderBy(mail => mail.Id).ToListAsync());

    /// <summary>Waits until the outgoing mails are as wished.</summary>
    public async Task<List<OutgoingMail>> UntilOutgoingAsync(Func<List<OutgoingMail>, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var mails = await OutgoingAsync();
            if (isSo(mails))
                return mails;
            limit.Token.IsCancellationRequested.ShouldBeFalse(string.Join(" | ", mails.Select(mail => $"{mail.Key} {mail.State} {mail.LastAnswer}")));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until every handler has heard what was said so far.</summary>
    public async Task UntilHeardAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await Desk.InDatabaseAsync(database => database.Set<SiteDesk.Platform.Events.EventDelivery>().AnyAsync(row => row.Event == nameof(MessageAdded))))
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse("an answer is not heard");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for a word on a page of the owner's.</summary>
    public async Task UntilPageAsync(string path, string word)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        for (var page = ""; !page.Contains(word, StringComparison.Ordinal); page = await Owner.GetTextAsync(path))
            limit.Token.IsCancellationRequested.ShouldBeFalse(page);
    }

    /// <summary>Sets the desk's clock forward. What is due now goes on at once: by itself the desk looks every few seconds of real time.</summary>
    public void Pass(ManualClock clock, TimeSpan time)
    {
        clock.Advance(time);
        Desk.Services.GetRequiredService<WakeSignal<EventDispatcher>>().Wake();
        Desk.Services.GetRequiredService<WakeSignal<MailSender>>().Wake();
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await Desk.DisposeAsync();
        await Sink.DisposeAsync();
    }

    [GeneratedRegex("""id="post-address" value="(?<address>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PostAddressPattern();
}
