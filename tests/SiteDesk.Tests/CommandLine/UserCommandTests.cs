using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.CommandLine;

public sealed class UserCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_owner_added_on_the_command_line_can_sign_in()
    {
        (await CommandRun.WithInput("correct horse battery", "user", "add", "anna@example.com", "--role", "owner", "--name", "Anna", "--data", _folder.Root)).ShouldBeDone();
        (await SignInAsync("anna@example.com", "correct horse battery")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reset_password_works_and_the_old_one_does_not()
    {
        (await CommandRun.WithInput("correct horse battery", "user", "add", "anna@example.com", "--role", "owner", "--data", _folder.Root)).ShouldBeDone();
        (await CommandRun.WithInput("another long password", "user", "reset-password", "anna@example.com", "--data", _folder.Root)).ShouldBeDone();

        (await SignInAsync("anna@example.com", "correct horse battery")).ShouldBeFalse();
        (await SignInAsync("anna@example.com", "another long password")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reset_password_ends_the_links_to_set_another()
    {
        (await CommandRun.WithInput("correct horse battery", "user", "add", "olga@example.com", "--role", "owner", "--data", _folder.Root)).ShouldBeDone();
        (await CommandRun.WithInput("correct horse battery", "user", "add", "anna@example.com", "--role", "agent", "--data", _folder.Root)).ShouldBeDone();
        await using var app = SiteDeskApplication.Build(["--data", _folder.Root, "--urls", "http://127.0.0.1:0"]);
        await SiteDeskApplication.StartAsync(app, CancellationToken.None);
        string secret;
        await using (var scope = app.Services.CreateAsyncScope())
            secret = (await scope.ServiceProvider.GetRequiredService<ResetPassword>().MakeLinkAsync(2, new Staff(1, "Olga", "olga@example.com", Role.Owner, "en", "Etc/UTC", null, null, [], false), CancellationToken.None)).Value;
        using var client = new DeskClient(new Uri(app.Urls.First().TrimEnd('/') + "/"), followRedirects: false);
        (await client.GetAsync($"/new-password/{secret}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await CommandRun.WithInput("another long password", "user", "reset-password", "anna@example.com", "--data", _folder.Root)).ShouldBeDone();
        (await client.GetAsync($"/new-password/{secret}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_generated_password_is_shown_once_and_works()
    {
        var run = (await CommandRun.Of("user", "add", "anna@example.com", "--role", "agent", "--generate", "--data", _folder.Root)).ShouldBeDone();
        var password = run.Output.Split('\n')[0]["Password: ".Length..].Trim();
        (await SignInAsync("anna@example.com", password)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("short", "10")]
    [InlineData("", "password")]
    public async Task A_weak_password_is_refused_in_words(string password, string expected)
    {
        var run = await CommandRun.WithInput(password + "\n", "user", "add", "anna@example.com", "--role", "owner", "--data", _folder.Root);
        run.Code.ShouldBe(64);
        run.Errors.ShouldContain(expected);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_refused()
    {
        (await CommandRun.WithInput("correct horse battery", "user", "add", "anna@example.com", "--role", "owner", "--data", _folder.Root)).ShouldBeDone();
        var again = await CommandRun.WithInput("correct horse battery", "user", "add", "ANNA@example.com", "--role", "agent", "--data", _folder.Root);
        again.Code.ShouldBe(64);
        again.Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Nobody_by_that_address_is_said_so()
    {
        var run = await CommandRun.WithInput("correct horse battery", "user", "reset-password", "nobody@example.com", "--data", _folder.Root);
        run.Code.ShouldBe(78);
        run.Errors.ShouldContain("nobody@example.com");
    }

    private async Task<bool> SignInAsync(string email, string password)
    {
        await using var app = SiteDeskApplication.Build(["--data", _folder.Root, "--urls", "http://127.0.0.1:0"]);
        await SiteDeskApplication.StartAsync(app, CancellationToken.None);
        using var client = new DeskClient(new Uri(app.Urls.First().TrimEnd('/') + "/"), followRedirects: false);
        var answer = await client.PostFormAsync("/sign-in", [new("email", email), new("password", password)]);
        await app.StopAsync();
        return answer.StatusCode == HttpStatusCode.SeeOther;
    }
}
