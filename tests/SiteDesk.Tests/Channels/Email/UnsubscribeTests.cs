using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.StaffMail;
using SiteDesk.Platform.Security;
using SiteDesk.Platform.Web;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Email;

/// <summary>Notices can be refused from where they are read (RFC 2369, RFC 8058); what a customer asked for cannot, because it is no list.</summary>
public abstract class UnsubscribeTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private const string Irina = "irina@example.com";

    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("en", "No more such mails?", "Switched off")]
    [InlineData("ru", "Больше не присылать такие письма?", "Отключено")]
    [InlineData("zh-Hans", "不再接收此类邮件？", "已关闭")]
    public async Task A_notice_is_refused_by_one_press_and_by_nothing_less(string language, string question, string done)
    {
        await using var mail = await StartAsync();
        var (notice, ticket) = await AssignedAsync(mail, language);
        notice.Message.Headers.Value("List-Unsubscribe-Post").ShouldBe("List-Unsubscribe=One-Click");
        var address = notice.Message.Headers.Value("List-Unsubscribe").ShouldNotBeNull().Trim('<', '>');
        address.ShouldStartWith("https://desk.example.com/mail/unsubscribe/");
        notice.Message.Body.Text.ShouldContain(address);
        mail.Sink.Mails[0].Message.Headers.Value("List-Unsubscribe").ShouldBeNull("a customer asked for the confirmation");
        var path = new Uri(address).PathAndQuery;

        // Programs that look behind links switch nothing off.
        using var stranger = mail.Desk.NewClient();
        (await stranger.GetTextAsync(path)).ShouldContain(question);
        (await ChoiceAsync(mail)).ShouldBeNull();

        using var press = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        var answer = await stranger.Http.PostAsync(new Uri(path, UriKind.Relative), press, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(done);
        (await ChoiceAsync(mail)).ShouldNotBeNull().ShouldSatisfyAllConditions(choice => choice.Assigned.ShouldBeFalse(), choice => choice.Mentioned.ShouldBeTrue(), choice => choice.CustomerReplied.ShouldBeTrue());
        (await stranger.GetTextAsync(path)).ShouldContain(done);
        using var again = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        (await stranger.Http.PostAsync(new Uri(path, UriKind.Relative), again, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await mail.Desk.AuditAsync()).Count(action => action == "mail.unsubscribed").ShouldBe(1);

        // Seen and changed in the own settings, and told no more until then.
        using var irina = mail.Desk.NewClient();
        await irina.SignInAsync(Irina, DeskServer.Password);
        (await irina.GetTextAsync("/agent/profile/mail")).ShouldNotContain("name=\"assigned\" value=\"true\" checked");
        (await irina.PostFormAsync("/agent/profile/mail", [new("assigned", "true")], "/agent/profile/mail")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await irina.GetTextAsync("/agent/profile/mail")).ShouldContain("name=\"assigned\" value=\"true\" checked");
        ticket.ShouldBePositive();
    }

    [Fact]
    public async Task A_link_that_was_changed_switches_nothing_off()
    {
        await using var mail = await StartAsync();
        var (notice, _) = await AssignedAsync(mail, "en");
        var path = new Uri(notice.Message.Headers.Value("List-Unsubscribe")!.Trim('<', '>')).AbsolutePath;
        using var stranger = mail.Desk.NewClient();
        foreach (var forged in new[] { path[..^1] + (path[^1] == '0' ? '1' : '0'), path.Replace("-assigned-", "-mentioned-", StringComparison.Ordinal), path.Replace("unsubscribe/", "unsubscribe/1", StringComparison.Ordinal), "/mail/unsubscribe/x", "/mail/unsubscribe/1-reply-held-00000000000000000000" })
        {
            using var press = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
            (await stranger.Http.PostAsync(new Uri(forged, UriKind.Relative), press, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound, forged);
            (await stranger.GetAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.NotFound, forged);
        }

        (await ChoiceAsync(mail)).ShouldBeNull();
        (await mail.Desk.AuditAsync()).ShouldNotContain("mail.unsubscribed");
    }

    private Task<MailDesk> StartAsync() => start(services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock));
        ((SiteDeskOptions)services.Single(service => service.ServiceType == typeof(SiteDeskOptions)).ImplementationInstance!).PublicAddress = "https://desk.example.com";
    });

    private static async Task<StaffMailChoice?> ChoiceAsync(MailDesk mail)
    {
        var irina = await mail.Desk.StaffAsync(Irina);
        return await mail.Desk.InDatabaseAsync(database => database.Set<StaffMailChoice>().AsNoTracking().FirstOrDefaultAsync(row => row.StaffId == irina.Id));
    }

    private async Task<(SunkMail Notice, long Ticket)> AssignedAsync(MailDesk mail, string language)
    {
        await mail.Desk.AddStaffAsync(Irina, Role.Agent);
        await mail.Desk.InDatabaseAsync(database => database.Set<StaffMember>().Where(row => row.Email == Irina).ExecuteUpdateAsync(set => set.SetProperty(row => row.Language, language)));
        var first = await mail.ReceiveAsync(MailDesk.Letter("Order late", "Where is it?"));
        await mail.Sink.ArrivedAsync(1);
        var (ticket, irina) = (first.TicketId!.Value, await mail.Desk.StaffAsync(Irina));
        await mail.Owner.SubmitAsync("/agent/tickets/changes", $"/agent/tickets/{ticket}", ("numbers", $"{ticket}"), ("assignee", irina.Id.ToString()));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await mail.Desk.InDatabaseAsync(database => database.Set<StaffNotification>().AnyAsync(row => row.TicketId == ticket)))
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse("nobody was notified");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        mail.Pass(_clock, TimeSpan.FromMinutes(2));
        return ((await mail.Sink.ArrivedAsync(2))[1], ticket);
    }
}

public sealed class UnsubscribeOnSqliteTests() : UnsubscribeTests(replace => MailDesk.StartAsync(null, replace));

public sealed class UnsubscribeOnPostgresTests(PostgresServer server)
    : UnsubscribeTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(UnsubscribeOnPostgresTests), TestContext.Current.CancellationToken), replace));
