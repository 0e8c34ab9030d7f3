using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Channels.Email;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>As many mails an hour as the administrator says, counted over all nodes.</summary>
public abstract class HourlyLimitTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task What_is_more_than_the_hour_allows_waits_is_seen_waiting_and_leaves_when_there_is_room()
    {
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));
        (await mail.Owner.GetTextAsync("/agent/mailboxes/1")).ShouldContain("name=\"MailsPerHour\" type=\"number\" inputmode=\"numeric\" min=\"0\" max=\"100000\" value=\"500\"");
        var post = await mail.AddMailboxAsync("small@shop.example.com", 1, new KeyValuePair<string, string>("MailsPerHour", "2"));
        foreach (var who in new[] { "one", "two", "three", "four" })
            await mail.ReceiveAsync(MailDesk.Letter(who, who, $"{who}@example.com", to: "small@shop.example.com"), post);
        await mail.Sink.ArrivedAsync(2);
        await mail.UntilPageAsync("/agent/mailboxes/2", "2 mails wait");
        (await mail.Owner.GetTextAsync("/agent/mailboxes/2")).ShouldContain("The limit of 2 an hour is reached");
        (await mail.Owner.GetTextAsync("/agent/mailboxes")).ShouldContain("2 mails wait");

        // Another mailbox does not wait for it.
        await mail.ReceiveAsync(MailDesk.Letter("Five", "five", "five@example.com"));
        (await mail.Sink.ArrivedAsync(3))[2].Recipients.ShouldBe(["five@example.com"]);
        await UntilStoredAsync(mail, 3);
        mail.Pass(_clock, TimeSpan.FromMinutes(50));
        await mail.ReceiveAsync(MailDesk.Letter("Six", "six", "six@example.com"));
        (await mail.Sink.ArrivedAsync(4))[3].Recipients.ShouldBe(["six@example.com"], "the hour is not over");
        await UntilStoredAsync(mail, 4);
        mail.Pass(_clock, TimeSpan.FromMinutes(11));
        (await mail.Sink.ArrivedAsync(6)).Skip(4).Select(sent => sent.Recipients[0]).ShouldBe(["three@example.com", "four@example.com"], "in their order");
        await UntilStoredAsync(mail, 6);
        (await mail.OutgoingAsync()).ShouldAllBe(row => row.Attempts == 1 && row.UnknownEnds == 0);
        (await mail.Owner.GetTextAsync("/agent/mailboxes/2")).ShouldNotContain("The limit of");
    }

    /// <summary>The server has a mail a moment before the desk has noted that; a clock set forward in between makes it a try that never ended.</summary>
    protected static Task<List<OutgoingMail>> UntilStoredAsync(MailDesk mail, int count) => mail.UntilOutgoingAsync(mails => mails.Count(row => row.State == OutgoingState.Sent) == count && !mails.Exists(row => row.State == OutgoingState.Sending));

    [Fact]
    public async Task A_limit_that_is_raised_lets_go_at_once_and_a_wrong_one_is_refused()
    {
        await using var mail = await start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));
        var post = await mail.AddMailboxAsync("small@shop.example.com", 1, new KeyValuePair<string, string>("MailsPerHour", "1"));
        foreach (var who in new[] { "one", "two" })
            await mail.ReceiveAsync(MailDesk.Letter(who, who, $"{who}@example.com", to: "small@shop.example.com"), post);
        await mail.Sink.ArrivedAsync(1);
        await mail.UntilPageAsync("/agent/mailboxes/2", "1 mail waits");
        Dictionary<string, string> Fields(string perHour) => new(StringComparer.Ordinal)
        {
            ["Address"] = "small@shop.example.com", ["Site"] = "1", ["OutgoingHost"] = "127.0.0.1", ["OutgoingPort"] = mail.Sink.Port.ToString(), ["OutgoingSecurity"] = "None", ["IsEnabled"] = "true", ["SendsConfirmation"] = "true", ["MailsPerHour"] = perHour,
        };
        foreach (var wrong in new[] { "-1", "many", "100001", "1.5" })
            (await mail.Owner.PostFormAsync("/agent/mailboxes/2", Fields(wrong), "/agent/mailboxes/2")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
        (await mail.Owner.PostFormAsync("/agent/mailboxes/2", Fields("0"), "/agent/mailboxes/2")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await mail.Sink.ArrivedAsync(2))[1].Recipients.ShouldBe(["two@example.com"]);
        (await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().Where(row => row.Id == 2).Select(row => row.MailsPerHour).SingleAsync())).ShouldBe(0);
    }
}

public sealed class HourlyLimitOnSqliteTests() : HourlyLimitTests(replace => MailDesk.StartAsync(null, replace));

public sealed class HourlyLimitOnPostgresTests(PostgresServer server)
    : HourlyLimitTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(HourlyLimitOnPostgresTests), TestContext.Current.CancellationToken), replace))
{
    [Fact]
    public async Task Two_nodes_count_together()
    {
        var clock = new ManualClock();
        void Same(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        var database = await server.CreateDeskDatabaseAsync(typeof(HourlyLimitOnPostgresTests), TestContext.Current.CancellationToken);
        await using var mail = await MailDesk.StartAsync(database, Same);
        await using var second = await DeskServer.StartAsync(database, Same);
        var post = await mail.AddMailboxAsync("small@shop.example.com", 1, new KeyValuePair<string, string>("MailsPerHour", "4"));
        for (var number = 0; number < 12; number++)
            await mail.ReceiveAsync(MailDesk.Letter($"Question {number}", $"Number {number}", $"person{number}@example.com", to: "small@shop.example.com"), post);
        await mail.Sink.ArrivedAsync(4);
        await mail.UntilOutgoingAsync(mails => mails.Count == 12 && !mails.Exists(row => row.State == OutgoingState.Sending));

        // Both have looked since: what may be too many has left.
        mail.Pass(clock, TimeSpan.FromMinutes(30));
        await mail.ReceiveAsync(MailDesk.Letter("Other", "Other", "other@example.com"));
        await mail.UntilOutgoingAsync(mails => mails.Exists(row => row.MailboxId == 1 && row.State == OutgoingState.Sent));
        (await mail.OutgoingAsync()).Count(row => row.MailboxId == 2 && row.State == OutgoingState.Sent).ShouldBeInRange(4, 5, "one too many where both took the last place in the same moment");
        mail.Pass(clock, TimeSpan.FromMinutes(31));
        await mail.UntilOutgoingAsync(mails => mails.Count(row => row.MailboxId == 2 && row.State == OutgoingState.Sent) >= 8 && !mails.Exists(row => row.State == OutgoingState.Sending));
        mail.Pass(clock, TimeSpan.FromMinutes(61));
        await mail.UntilOutgoingAsync(mails => mails.TrueForAll(row => row.State == OutgoingState.Sent));
        mail.Sink.Mails.SelectMany(sent => sent.Recipients).GroupBy(address => address, StringComparer.Ordinal).ShouldAllBe(copies => copies.Count() == 1);
    }
}
