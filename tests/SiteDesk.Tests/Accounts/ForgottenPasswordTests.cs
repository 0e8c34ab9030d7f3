using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Channels.Email;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Accounts;

/// <summary>Who forgot their password gets a link by mail; nobody else learns anything by asking.</summary>
public abstract partial class ForgottenPasswordTests(Func<Action<IServiceCollection>?, Task<MailDesk>> start)
{
    private const string Irina = "irina@example.com", Page = "/forgotten-password", Forgotten = "forgotten it", Remembered = "remembered now";

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_mailed_link_sets_a_new_password_once_in_the_person_s_language_and_ends_every_session()
    {
        await using var mail = await StartAsync();
        using var elsewhere = await mail.Desk.NewStaffAsync(Irina, Role.Agent, member => member.Language = "ru");
        using var irina = mail.Desk.NewClient();
        (await irina.GetTextAsync("/sign-in")).ShouldContain($"href=\"{Page}\"");
        for (var attempt = 0; attempt < 10; attempt++)
            await irina.RefusedAsync("/sign-in", "/sign-in", ("email", Irina), ("password", Forgotten));
        (await irina.SubmitAsync(Page, Page, ("Email", " IRINA@example.com"))).ShouldBe($"{Page}?done=asked");
        (await irina.GetTextAsync($"{Page}?done=asked")).ShouldContain("role=\"status\"");

        var letter = (await mail.Sink.ArrivedAsync(1))[0];
        letter.Recipients.ShouldBe([Irina]);
        letter.Message.Subject.ShouldBe("Новый пароль");
        letter.Message.Body.Text.ShouldContain("в течение 60 минут");
        letter.Message.Headers.Value("Auto-Submitted").ShouldBe("auto-generated");
        var link = LinkIn(letter);
        (await mail.Desk.InDatabaseAsync(database => database.Set<OutgoingMail>().Select(row => row.Key).SingleAsync())).ShouldNotContain(link[^20..], Case.Sensitive);

        (await irina.GetTextAsync(link)).ShouldContain(Irina);
        await irina.RefusedAsync(link, link, ("Password", "short"));
        (await irina.SubmitAsync(link, link, ("Password", Remembered))).ShouldBe("/sign-in?done=password");
        (await irina.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await elsewhere.GetAsync("/agent/profile")).StatusCode.ShouldNotBe(HttpStatusCode.OK);
        await irina.SignInAsync(Irina, Remembered); // the lock of the wrong guesses is off, too
        (await mail.Desk.AuditAsync()).ShouldSatisfyAllConditions(
            audit => audit.ShouldContain("staff.password-mail-asked"),
            audit => audit.ShouldContain("staff.password-reset"));

        // The log tells the administrator that a letter left; the link is not in it.
        var log = await mail.Owner.GetTextAsync("/agent/mail-log/outgoing");
        log.ShouldContain("Link for a new password");
        log.ShouldNotContain("/new-password/");
    }

    [Fact]
    public async Task For_addresses_nobody_has_and_for_colleagues_who_left_it_says_and_does_the_same_and_sends_nothing()
    {
        await using var mail = await StartAsync();
        await mail.Desk.AddStaffAsync(Irina, Role.Agent);
        await mail.Desk.AddStaffAsync("left@example.com", Role.Agent, member => member.DeactivatedAt = _clock.GetUtcNow().UtcDateTime);
        await mail.Desk.AddStaffAsync(MailDesk.Address, Role.Agent);
        using var stranger = mail.Desk.NewClient();
        var pages = new List<string>();
        foreach (var address in new[] { "nobody@example.com", "left@example.com", MailDesk.Address, Irina })
            pages.Add(await stranger.GetTextAsync(await stranger.SubmitAsync(Page, Page, ("Email", address))));
        pages.Select(WithoutNonce).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);

        // The known one was asked for last: once its letter is there, the others have been looked at.
        await mail.Sink.ArrivedAsync(1);
        await UntilHeardAsync(mail);
        (await mail.OutgoingAsync()).ShouldHaveSingleItem().Recipients.ShouldHaveSingleItem().Address.ShouldBe(Irina);
        (await mail.Desk.AuditAsync()).Count(action => action == "staff.password-mail-asked").ShouldBe(1);
    }

    [Fact]
    public async Task What_the_front_door_does_is_one_stored_wish_whoever_is_named()
    {
        await using var mail = await StartAsync();
        await mail.Desk.AddStaffAsync(Irina, Role.Agent);
        await using var scope = mail.Desk.Services.CreateAsyncScope();
        var forgotten = scope.ServiceProvider.GetRequiredService<ForgottenPassword>();
        foreach (var address in new[] { Irina, "nobody@example.com" })
            (await forgotten.RunAsync(address, IPAddress.Parse("192.0.2.1"), CancellationToken.None)).Succeeded.ShouldBeTrue();

        // The statements are the same, so their time is: who is who is looked up by the handler, with nobody waiting for it.
        typeof(ForgottenPassword).GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType)
            .ShouldNotContain(typeof(ResetPassword));
        (await mail.Sink.ArrivedAsync(1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_link_dies_with_a_newer_one_with_a_new_password_with_the_account_and_after_an_hour()
    {
        await using var mail = await StartAsync();
        using var irina = await mail.Desk.NewStaffAsync(Irina, Role.Agent);
        var id = (await mail.Desk.StaffAsync(Irina)).Id;
        var first = await LinkAsync(mail, 1);
        var second = await LinkAsync(mail, 2);
        await ShouldBeAsync(mail, first, HttpStatusCode.NotFound);
        await ShouldBeAsync(mail, second, HttpStatusCode.OK);

        await irina.SubmitAsync("/agent/profile/password", "/agent/profile", ("Current", DeskServer.Password), ("Password", Remembered));
        await ShouldBeAsync(mail, second, HttpStatusCode.NotFound);

        // Whoever asks in somebody's name does not end the link that an administrator handed over; an administrator's ends the mailed one.
        await mail.Owner.SubmitAsync($"/agent/staff/{id}/password-link", $"/agent/staff/{id}");
        var handed = DeskPeople.LinkOf(await mail.Owner.GetTextAsync($"/agent/staff/{id}"));
        var third = await LinkAsync(mail, 3);
        await ShouldBeAsync(mail, handed, HttpStatusCode.OK);
        await mail.Owner.SubmitAsync($"/agent/staff/{id}/password-link", $"/agent/staff/{id}");
        await ShouldBeAsync(mail, third, HttpStatusCode.NotFound);

        mail.Pass(_clock, ForgottenPassword.Window);
        var fourth = await LinkAsync(mail, 4);
        mail.Pass(_clock, ResetPassword.MailedLifetime - TimeSpan.FromMinutes(5));
        await ShouldBeAsync(mail, fourth, HttpStatusCode.OK);
        mail.Pass(_clock, TimeSpan.FromMinutes(6));
        await ShouldBeAsync(mail, fourth, HttpStatusCode.NotFound);

        var fifth = await LinkAsync(mail, 5);
        await mail.Owner.SubmitAsync($"/agent/staff/{id}/deactivation", $"/agent/staff/{id}");
        await ShouldBeAsync(mail, fifth, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Asking_is_limited_for_an_address_and_for_a_network()
    {
        await using var mail = await StartAsync();
        using var stranger = mail.Desk.NewClient();
        for (var time = 0; time < ForgottenPassword.MostForAddress; time++)
            await stranger.SubmitAsync(Page, Page, ("Email", "nobody@example.com"));
        await TooManyAsync("Nobody@Example.com");
        for (var time = ForgottenPassword.MostForAddress + 1; time < ForgottenPassword.MostFromNetwork; time++)
            await stranger.SubmitAsync(Page, Page, ("Email", $"person{time}@example.com"));
        await TooManyAsync("somebody@example.com");
        mail.Pass(_clock, ForgottenPassword.Window);
        await stranger.SubmitAsync(Page, Page, ("Email", "nobody@example.com"));
        await stranger.RefusedAsync(Page, Page, ("Email", "no address"));

        async Task TooManyAsync(string address)
        {
            var refused = await stranger.PostFormAsync(Page, [new("Email", address)]);
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("too many requests");
        }
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_says_what_helps_instead()
    {
        await using var mail = await StartAsync();
        var mailbox = await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().Select(row => row.Id).SingleAsync());
        await mail.Desk.InDatabaseAsync(database => database.Set<Mailbox>().Where(row => row.Id == mailbox).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsEnabled, false)));
        using var stranger = mail.Desk.NewClient();
        var page = await stranger.GetTextAsync(Page);
        page.ShouldContain("sitedesk user reset-password");
        page.ShouldContain("An administrator");
        page.ShouldNotContain("name=\"Email\"");
    }

    [Fact]
    public async Task The_link_leads_to_the_desk_s_own_address_whatever_host_the_request_names()
    {
        await using var mail = await StartAsync();
        await mail.Desk.AddStaffAsync(Irina, Role.Agent);
        using var stranger = mail.Desk.NewClient();
        var token = await stranger.TokenAsync(Page);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Page, UriKind.Relative))
        {
            Content = new FormUrlEncodedContent([new("Email", Irina), new("__RequestVerificationToken", token)]),
            Headers = { Host = "evil.example" },
        };
        await stranger.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var letter = (await mail.Sink.ArrivedAsync(1))[0].Message.Body;
        letter.Text.ShouldContain(mail.Desk.Address.Authority);
        letter.Text.ShouldNotContain("evil.example");
    }

    private Task<MailDesk> StartAsync() => start(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    private static async Task<string> LinkAsync(MailDesk mail, int count)
    {
        using var stranger = mail.Desk.NewClient();
        await stranger.SubmitAsync(Page, Page, ("Email", Irina));
        return LinkIn((await mail.Sink.ArrivedAsync(count))[count - 1]);
    }

    private static async Task ShouldBeAsync(MailDesk mail, string link, HttpStatusCode status)
    {
        using var stranger = mail.Desk.NewClient();
        (await stranger.GetAsync(link)).StatusCode.ShouldBe(status);
    }

    private static async Task UntilHeardAsync(MailDesk mail)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await mail.Desk.InDatabaseAsync(database => database.Set<EventDelivery>().AnyAsync(row => row.Event == nameof(PasswordForgotten))))
        {
            limit.Token.IsCancellationRequested.ShouldBeFalse("a wish is not heard");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static string LinkIn(SunkMail letter)
    {
        var link = LinkPattern().Match(letter.Message.Body.Text!);
        link.Success.ShouldBeTrue(letter.Message.Body.Text);
        return link.Value;
    }

    private static string WithoutNonce(string page) => NoncePattern().Replace(page, "");

    [GeneratedRegex("/new-password/[A-Za-z0-9_-]+", RegexOptions.None, 1000)]
    private static partial Regex LinkPattern();

    [GeneratedRegex("(nonce|content|value)=\"[^\"]*\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NoncePattern();
}

public sealed class ForgottenPasswordOnSqliteTests() : ForgottenPasswordTests(replace => MailDesk.StartAsync(null, replace));

public sealed class ForgottenPasswordOnPostgresTests(PostgresServer server)
    : ForgottenPasswordTests(async replace => await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ForgottenPasswordOnPostgresTests), TestContext.Current.CancellationToken), replace));
