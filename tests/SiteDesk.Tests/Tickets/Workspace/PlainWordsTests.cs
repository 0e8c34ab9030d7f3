using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>Where a message is shown shortened it is shown without marks of formatting.</summary>
public abstract class PlainWordsTests(Func<Task<DeskServer>> start)
{
    private const string Formatted = "Please **do not** send it: [the label](https://example.com/label)\n\n> Wrong size";

    [Fact]
    public async Task What_lists_keep_and_search_results_show_are_the_words_of_a_formatted_answer()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Which size is it?");
        await AnswerAsync(desk, ticket.Id);

        (await PreviewAsync(desk, ticket.Id)).ShouldBe("Please do not send it: the label\nWrong size");
        var found = await owner.GetTextAsync("/agent/search?query=label");
        found.ShouldContain("Please do not send it: the <mark>label</mark>");
        found.ShouldNotContain("**do not**");
        found.ShouldNotContain("](");
    }

    [Fact]
    public async Task What_a_customer_wrote_is_shown_as_it_was_written()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("It says **error** [here]");

        (await PreviewAsync(desk, ticket.Id)).ShouldBe("It says **error** [here]");
        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldContain("It says **error** [here]");
    }

    private static Task AnswerAsync(DeskServer desk, long ticket) => desk.UseAsync<ReplyToTicket, bool>(async reply =>
        (await reply.RunAsync(new ReplyToTicket.Request(ticket, MessageKind.Public, Formatted, "formatted", IsMarkdown: true), desk.OwnerOf(), CancellationToken.None)).Succeeded);

    private static Task<string> PreviewAsync(DeskServer desk, long ticket) =>
        desk.InDatabaseAsync(rows => rows.Set<Ticket>().Where(row => row.Id == ticket).Select(row => row.Preview).FirstAsync(TestContext.Current.CancellationToken));
}

public sealed class PlainWordsOnSqliteTests() : PlainWordsTests(() => DeskServer.StartAsync());

public sealed class PlainWordsOnPostgresTests(PostgresServer server)
    : PlainWordsTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(PlainWordsTests), TestContext.Current.CancellationToken)));
