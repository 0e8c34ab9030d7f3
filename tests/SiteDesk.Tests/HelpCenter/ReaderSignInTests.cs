using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Customers;
using SiteDesk.Customers.SignIn;
using SiteDesk.HelpCenter;
using SiteDesk.HelpCenter.Reading;
using SiteDesk.Tests.Channels.Email;
using SiteDesk.Tests.Customers;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.HelpCenter;

/// <summary>A reader meets an article that is for customers, and is let in by a link in a mail.</summary>
public abstract partial class ReaderSignInTests(Func<TimeProvider?, Task<MailDesk>> start)
{
    private const string Known = "anna@example.com";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_link_opens_the_article_once_in_the_readers_language()
    {
        await using var mail = await start(null);
        var home = await PublishAsync(mail.Desk);
        await mail.Desk.AskAsync("Hello", Known);
        using var reader = mail.Desk.NewClient();
        var page = $"{home}/articles/zebra-for-customers";
        var closed = await reader.GetAsync(page);
        closed.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var text = await closed.Content.ReadAsStringAsync(Cancellation);
        text.ShouldContain("Эта статья для клиентов");
        text.ShouldNotContain("Signed in.");
        text.ShouldContain("noindex");

        var asked = await AskAsync(reader, page, "Anna@Example.com", "zebra-for-customers");
        (await reader.GetTextAsync(asked)).ShouldContain("Если этот адрес нам известен");
        var letter = (await mail.Sink.ArrivedAsync(1))[0];
        letter.Recipients.ShouldHaveSingleItem().ToLowerInvariant().ShouldBe(Known);
        letter.Message.Subject.ShouldBe("Ссылка для входа: Nordlight");
        var link = LinkIn(letter);
        var logged = await mail.Desk.InDatabaseAsync(database => database.Set<SiteDesk.Channels.Email.OutgoingMail>().AsNoTracking().SingleAsync(row => row.Kind == SiteDesk.Channels.Email.OutgoingKind.SignIn));
        System.Text.Json.JsonSerializer.Serialize(logged).ShouldNotContain(link[(link.LastIndexOf('/') + 1)..], customMessage: "the log shows that it left, and not what it carries");

        link.ShouldStartWith($"{home}/sign-in/");
        (await reader.GetTextAsync(link)).ShouldContain("Войти на этом устройстве", customMessage: "a program that opens links in mails does not use it up");
        var opened = await reader.PostFormAsync(link, [], link);
        opened.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        opened.Headers.Location!.ToString().ShouldBe(page);
        (await reader.GetTextAsync(page)).ShouldContain("Signed in.");
        (await mail.Desk.InDatabaseAsync(database => database.Set<CustomerContact>().Where(contact => contact.Value == Known).Select(contact => contact.ProvenAt).SingleAsync())).ShouldNotBeNull("who opens it has the address");

        using var thief = mail.Desk.NewClient();
        var used = await thief.GetAsync(link);
        used.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await used.Content.ReadAsStringAsync(Cancellation)).ShouldContain("больше не действует");
        (await thief.PostFormAsync(link, [], page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await thief.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await thief.PostFormAsync($"{home}/sign-in/forged", [], page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_link_that_was_not_used_in_time_is_no_good()
    {
        var clock = new ManualClock();
        await using var mail = await start(clock);
        var home = await PublishAsync(mail.Desk);
        await mail.Desk.AskAsync("Hello", Known);
        await using var scope = mail.Desk.Services.CreateAsyncScope();
        var links = scope.ServiceProvider.GetRequiredService<SignInLinks>();
        var id = (await links.MakeAsync(ContactAddress.ParseEmail(Known)!, "", Cancellation))!.Value;
        var secret = (await links.SecretOfAsync(id, Cancellation))!;
        (await links.IsGoodAsync(secret, Cancellation)).ShouldBeTrue();
        clock.Advance(SignInLink.Lifetime + TimeSpan.FromSeconds(1));
        using var reader = mail.Desk.NewClient();
        (await reader.GetAsync($"{home}/sign-in/{secret}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await links.UseAsync(secret, Cancellation)).ShouldBeNull();
        (await links.SecretOfAsync(id, Cancellation)).ShouldBeNull("a letter that waited too long does not leave");
    }

    [Fact]
    public async Task Who_asks_is_told_the_same_whether_the_address_is_known_or_not()
    {
        await using var mail = await start(null);
        var home = await PublishAsync(mail.Desk);
        await mail.Desk.AskAsync("Hello", Known);
        using var reader = mail.Desk.NewClient();
        var page = $"{home}/sign-in";
        var (stranger, known) = (await AskAsync(reader, page, "nobody@example.com", ""), await AskAsync(reader, page, Known, ""));
        known.ShouldBe(stranger);
        (await AskAsync(reader, page, MailDesk.Address, "")).ShouldBe(known, "a mailbox of ours would answer itself");
        (await AskAsync(reader, page, Known, "")).ShouldBe(known);
        (await AskAsync(reader, page, Known, "")).ShouldBe(known);
        (await AskAsync(reader, page, Known, "")).ShouldBe(known, "one too many for this address, which nobody is told");
        var letters = await mail.Sink.ArrivedAsync(AskForSignIn.MostToAddress);
        await mail.Desk.Services.GetRequiredService<SiteDesk.Platform.Events.EventDispatcher>().DispatchDueAsync(Cancellation);
        mail.Sink.Mails.Count.ShouldBe(AskForSignIn.MostToAddress);
        letters.ShouldAllBe(letter => letter.Recipients[0] == Known);

        (await reader.RefusedAsync(page, page, ("email", "not an address"), ("article", ""))).ShouldContain("не похоже на адрес");
        for (var more = 6; more < AskForSignIn.MostOfNetwork; more++)
            await AskAsync(reader, page, $"nobody{more}@example.com", "");
        (await reader.PostFormAsync(page, [new("email", "one-more@example.com"), new("article", "")], page)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task An_article_of_a_segment_or_of_the_staff_is_as_absent_as_one_that_never_was()
    {
        await using var mail = await start(null);
        var home = await PublishAsync(mail.Desk);
        using var reader = mail.Desk.NewClient();
        foreach (var slug in new[] { "zebra-for-a-segment", "zebra-for-the-staff", "zebra-that-never-was" })
        {
            var answer = await reader.GetAsync($"{home}/articles/{slug}");
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, slug);
            (await answer.Content.ReadAsStringAsync(Cancellation)).ShouldContain($"href=\"{home}/sign-in\"", customMessage: "a way in for those it is for");
        }
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_says_what_to_do()
    {
        await using var desk = await DeskServer.StartAsync();
        using var owner = await desk.SetUpAsync();
        var home = await PublishAsync(desk);
        using var reader = desk.NewClient();
        var closed = await (await reader.GetAsync($"{home}/articles/zebra-for-customers")).Content.ReadAsStringAsync(Cancellation);
        closed.ShouldContain("напишите нам");
        closed.ShouldContain("/contact/");
        closed.ShouldNotContain("name=\"email\"");
    }

    internal static void Set(IServiceCollection services, TimeProvider? clock)
    {
        if (clock is not null)
            services.AddSingleton(clock);
    }

    private static async Task<string> PublishAsync(DeskServer desk)
    {
        var section = await desk.AddSectionAsync("Prices");
        await desk.PublishAsync(section, "ru", "Zebra for customers", "<p>Signed in.</p>", change: row => row.Audience = Audience.SignedIn);
        await desk.PublishAsync(section, "ru", "Zebra for a segment", "<p>Few.</p>", change: row => (row.Audience, row.SegmentCondition) = (Audience.SignedIn, "{}"));
        await desk.PublishAsync(section, "ru", "Zebra for the staff", "<p>Secret.</p>", change: row => row.Audience = Audience.Staff);
        await desk.SettleAsync();
        return $"/help/{(await desk.SiteAsync()).Key}/ru";
    }

    private static async Task<string> AskAsync(DeskClient reader, string page, string email, string article)
    {
        var path = page.Contains("/articles/", StringComparison.Ordinal) ? page[..page.IndexOf("/articles/", StringComparison.Ordinal)] + "/sign-in" : page;
        return await reader.SubmitAsync(path, page, ("email", email), ("article", article));
    }

    private static string LinkIn(SunkMail letter) => new Uri(LinkPattern().Match(letter.Message.Body.Text).Value).PathAndQuery;

    [GeneratedRegex(@"http://\S+/sign-in/\S+", RegexOptions.None, 1000)]
    private static partial Regex LinkPattern();
}

public sealed class ReaderSignInOnSqliteTests() : ReaderSignInTests(clock => MailDesk.StartAsync(replace: services => Set(services, clock)));

public sealed class ReaderSignInOnPostgresTests(PostgresServer server) : ReaderSignInTests(async clock =>
    await MailDesk.StartAsync(await server.CreateDeskDatabaseAsync(typeof(ReaderSignInOnPostgresTests), TestContext.Current.CancellationToken), services => Set(services, clock)));
