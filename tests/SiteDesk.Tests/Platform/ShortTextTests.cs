using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Platform;

public sealed class ShortTextTests
{
    [Theory]
    [InlineData("", 0, "")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab😀", 3, "ab")]
    [InlineData("ab😀c", 4, "ab😀")]
    [InlineData("😀", 1, "")]
    [InlineData("abc", 0, "")]
    public void The_beginning_of_a_text_ends_with_a_whole_character(string text, int longest, string beginning) => text.UpTo(longest).ShouldBe(beginning);
}

public abstract class CutInStorageTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task What_a_ticket_shows_of_a_message_never_ends_in_half_a_character()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var text = new string('a', Ticket.PreviewLength - 1) + "😀 and more";
        await desk.AskAsync(text);
        var ticket = await desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking().SingleAsync(TestContext.Current.CancellationToken));
        ticket.Preview.ShouldBe(text[..(Ticket.PreviewLength - 1)]);
    }
}

public sealed class CutInStorageOnSqliteTests() : CutInStorageTests(() => DeskServer.StartAsync());

public sealed class CutInStorageOnPostgresTests(PostgresServer server)
    : CutInStorageTests(async () => await DeskServer.StartAsync(await server.CreateDatabaseAsync(typeof(CutInStorageOnPostgresTests), TestContext.Current.CancellationToken)));
