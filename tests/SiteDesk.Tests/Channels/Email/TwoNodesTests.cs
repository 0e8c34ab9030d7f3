using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>Two nodes on one database have one mailbox between them.</summary>
public sealed class TwoNodesTests(PostgresServer server)
{
    [Fact]
    public async Task A_mailbox_is_followed_by_one_node_and_by_the_other_when_that_one_stops()
    {
        await using var imap = new PolledMailServer();
        await using var sink = new SmtpSink();
        var database = await server.CreateDeskDatabaseAsync(typeof(TwoNodesTests), TestContext.Current.CancellationToken);
        static void Quickly(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton(new MailIntakeLimits { PollInterval = TimeSpan.FromMilliseconds(200) }));
        var first = await DeskServer.StartAsync(database, Quickly);
        using var owner = await first.SetUpAsync();
        await using var second = await DeskServer.StartAsync(database, Quickly);
        try
        {
            for (var number = 0; number < 40; number++)
                imap.Deliver(Letter(number));
            var answer = await owner.PostFormAsync("/agent/mailboxes", [
                new("Address", "help@shop.example.com"), new("Site", "1"), new("IncomingHost", "127.0.0.1"), new("IncomingPort", imap.Port.ToString()), new("IncomingSecurity", "None"),
                new("OutgoingHost", "127.0.0.1"), new("OutgoingPort", sink.Port.ToString()), new("OutgoingSecurity", "None"), new("IsEnabled", "true"), new("SendsConfirmation", "true"),
            ], "/agent/mailboxes/new");
            answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            await UntilAsync(second, 40);
            (await sink.ArrivedAsync(40)).SelectMany(mail => mail.Recipients).Distinct(StringComparer.Ordinal).Count().ShouldBe(40);
            imap.Opened.ShouldBe(1, "the other node waits");
        }
        finally
        {
            await first.DisposeAsync();
        }

        for (var number = 40; number < 50; number++)
            imap.Deliver(Letter(number));
        await UntilAsync(second, 50);
        (await sink.ArrivedAsync(50)).Count.ShouldBe(50, "each is confirmed once");
        (imap.MostAtOnce, imap.Opened).ShouldBe((1, 2), "never both");
        imap.AreAllSeen.ShouldBeTrue();
        (await second.InDatabaseAsync(rows => rows.Set<SiteDesk.Tickets.Ticket>().CountAsync())).ShouldBe(50);
    }

    private static byte[] Letter(int number) => Encoding.UTF8.GetBytes(MailDesk.Letter($"Question {number}", $"This is question number {number}", $"person{number}@example.com", id: $"node{number}").ReplaceLineEndings("\r\n"));

    private static async Task UntilAsync(DeskServer desk, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await desk.InDatabaseAsync(database => database.Set<RawMail>().CountAsync(mail => mail.Outcome == MailOutcome.Ticket)) < count)
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse("the mail was not taken in");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
