using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Channels.Chat;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Customers;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Channels.Chat;

public abstract class ConversationTests(ChatDesk desk)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_message_opens_a_ticket_and_the_answer_is_there_after_a_reload()
    {
        using var visitor = desk.NewVisitor("ru");
        var sent = await visitor.SayAsync("Здравствуйте! Лампа не включается.\nЧто делать?", contact: new { name = "Анна", phone = "8 (912) 345-67-89" });
        var ticketId = Widget.TicketOf(sent);
        sent.GetProperty("conversation").GetProperty("stateText").GetString().ShouldBe("Мы получили ваше обращение");

        await desk.AnswerAsync(ticketId, "Проверьте вилку.");

        var conversation = await visitor.ConversationAsync();
        conversation.GetProperty("messages").EnumerateArray().Select(message => (message.GetProperty("author").GetString(), message.GetProperty("text").GetString())).ShouldBe([
            ("customer", "Здравствуйте! Лампа не включается.\nЧто делать?"), ("agent", "Проверьте вилку."),
        ]);
        var customer = await desk.RowsAsync(rows => rows.Set<Customer>().Include(customer => customer.Contacts).FirstAsync(customer => rows.Set<Ticket>().Any(ticket => ticket.Id == ticketId && ticket.CustomerId == customer.Id), Cancellation));
        (customer.Name, customer.Language, customer.TimeZone).ShouldBe(("Анна", "ru", "Europe/Berlin"));
        customer.Contacts.ShouldHaveSingleItem().Value.ShouldBe("+79123456789");
        customer.Contacts[0].ProvenAt.ShouldBeNull("a number typed into a widget is claimed, not proven");
        (await desk.RowsAsync(rows => rows.Set<ChatConversation>().Where(row => row.TicketId == ticketId).Select(row => row.PageAddress).FirstAsync(Cancellation)))
            .ShouldBe("https://shop.example.com/lamps");
    }

    [Fact]
    public async Task The_same_message_sent_many_times_at_once_is_stored_once()
    {
        using var visitor = desk.NewVisitor();
        var id = Widget.NewId();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => visitor.SayAsync("Where is my order?", id)));

        answers.Select(answer => answer.GetProperty("message").GetProperty("id").GetInt64()).Distinct().ShouldHaveSingleItem();
        (await desk.RowsAsync(rows => rows.Set<Message>().CountAsync(message => message.ClientId == id, Cancellation))).ShouldBe(1);
        (await visitor.ConversationAsync()).GetProperty("messages").GetArrayLength().ShouldBe(1);
        var hash = Tokens.Hash(visitor.Token);
        (await desk.RowsAsync(rows => rows.Set<Visitor>().CountAsync(row => row.TokenHash == hash, Cancellation))).ShouldBe(1);
    }

    [Fact]
    public async Task A_torn_stream_goes_on_without_gap_or_double()
    {
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("Hello, is anybody there?"));
        var heard = new List<(string Id, string Text)>();

        // Eight rounds: the stream is torn in the middle of a burst of answers, which goes on while nobody listens.
        var said = 0;
        for (var round = 0; round < 8; round++)
        {
            var burst = Task.Run(async () =>
            {
                for (var number = 0; number < 5; number++)
                    await desk.AnswerAsync(ticketId, $"answer {said++}");
            }, Cancellation);
            using var tear = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var wanted = heard.Count + round % 4 + 1;
            await ListenAsync(visitor, heard, () => heard.Count >= wanted, tear.Token);
            await burst;
        }

        await ListenAsync(visitor, heard, () => heard.Count >= 41, Cancellation);

        heard.Select(message => message.Text).ShouldBe([
            "Hello, is anybody there?", .. Enumerable.Range(0, 40).Select(number => $"answer {number}"),
        ]);
    }

    private static async Task ListenAsync(Widget visitor, List<(string Id, string Text)> heard, Func<bool> enough, CancellationToken cancellation)
    {
        await foreach (var happened in visitor.ListenAsync(heard.Count == 0 ? "0" : heard[^1].Id, cancellation: cancellation))
        {
            if (happened.Name == "message")
                heard.Add((happened.Id, happened.Data.GetProperty("text").GetString()!));
            if (enough())
                return;
        }
    }

    [Fact]
    public async Task A_poll_answers_when_something_happens_and_at_once_with_what_was_missed()
    {
        using var visitor = desk.NewVisitor();
        var sent = await visitor.SayAsync("Can you hear me?");
        var (ticketId, position) = (Widget.TicketOf(sent), sent.GetProperty("lastEventId").GetString());

        var waiting = visitor.GetAsync($"events?after={position}");
        await desk.AnswerAsync(ticketId, "Loud and clear.");
        var live = await Widget.ReadAsync(await waiting, HttpStatusCode.OK);
        Texts(live).ShouldBe(["Loud and clear."]);

        await desk.AnswerAsync(ticketId, "Still there?");
        var missed = await Widget.ReadAsync(await visitor.GetAsync($"events?after={position}"), HttpStatusCode.OK);
        Texts(missed).ShouldBe(["Loud and clear.", "Still there?"]);

        static IEnumerable<string?> Texts(JsonElement answer) => answer.GetProperty("events").EnumerateArray()
            .Where(happened => happened.GetProperty("type").GetString() == "message").Select(happened => happened.GetProperty("data").GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_is_said_after_closing_opens_a_new_ticket_and_both_are_read()
    {
        using var visitor = desk.NewVisitor();
        var first = Widget.TicketOf(await visitor.SayAsync("The first thing."));
        await desk.AnswerAsync(first, "Done.", StandardStatus.Closed);

        var second = Widget.TicketOf(await visitor.SayAsync("Another thing."));

        second.ShouldNotBe(first);
        (await visitor.ConversationAsync()).GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString())
            .ShouldBe(["The first thing.", "Done.", "Another thing."]);
    }

    [Fact]
    public async Task An_open_stream_is_told_to_begin_anew_when_the_conversation_moves_to_a_new_ticket()
    {
        using var visitor = desk.NewVisitor();
        var first = Widget.TicketOf(await visitor.SayAsync("The first thing."));
        await desk.AnswerAsync(first, "Done.", StandardStatus.Closed);
        var opened = new TaskCompletionSource();
        var resync = Task.Run(async () =>
        {
            await foreach (var happened in visitor.ListenAsync("999999999", opened, Cancellation))
                if (happened.Name == "resync")
                    return true;
            return false;
        }, Cancellation);
        await opened.Task;

        await visitor.SayAsync("Another thing.");

        (await resync).ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_visitor_has_seen_is_known_and_an_unseen_answer_waits_for_another_way()
    {
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("I have to leave."));
        var answer = await desk.AnswerAsync(ticketId, "Here is the answer.");
        await desk.DispatchAsync();
        (await WaitingAsync(ticketId)).ShouldBeEmpty("the answer is fresh");

        desk.Clock.Advance(WaitingAnswers.Patience + TimeSpan.FromSeconds(1));
        // The program's own dispatcher may hold the delivery just now: looked at until it is through.
        for (var look = 0; look < 2000 && (await WaitingAsync(ticketId)).Count == 0; look++)
            await desk.DispatchAsync();
        (await WaitingAsync(ticketId)).ShouldHaveSingleItem().SettledAt.ShouldBeNull();

        (await visitor.PostAsync("seen", new { messageId = answer.Id })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await WaitingAsync(ticketId)).ShouldHaveSingleItem().SettledBy.ShouldBe("seen");
        (await visitor.ConversationAsync()).GetProperty("conversation").GetProperty("seenByVisitor").GetInt64().ShouldBe(answer.Id);

        // Seen in time: nothing waits.
        var second = await desk.AnswerAsync(ticketId, "One more thing.");
        (await visitor.PostAsync("seen", new { messageId = second.Id })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        desk.Clock.Advance(WaitingAnswers.Patience + TimeSpan.FromSeconds(1));
        await desk.DispatchAsync();
        (await WaitingAsync(ticketId)).Count.ShouldBe(1);
    }

    private Task<List<WaitingAnswer>> WaitingAsync(long ticketId) =>
        desk.RowsAsync(rows => rows.Set<WaitingAnswer>().Where(answer => answer.TicketId == ticketId).ToListAsync(Cancellation));

    [Fact]
    public async Task A_status_reaches_the_open_widget_in_the_customers_words()
    {
        using var visitor = desk.NewVisitor();
        var ticketId = Widget.TicketOf(await visitor.SayAsync("Is it done?"));
        var opened = new TaskCompletionSource();
        var solved = Task.Run(async () =>
        {
            await foreach (var happened in visitor.ListenAsync("0", opened, Cancellation))
                if (happened.Name == "state" && happened.Data.GetProperty("state").GetString() == "solved")
                    return happened.Data.GetProperty("stateText").GetString();
            return null;
        }, Cancellation);
        await opened.Task;

        await desk.AnswerAsync(ticketId, "Yes.", StandardStatus.Solved);

        (await solved).ShouldBe("Your question is solved");
    }

    [Fact]
    public async Task A_file_is_sent_belongs_to_one_message_and_is_given_back_harmless()
    {
        using var visitor = desk.NewVisitor();
        var page = "<script>alert(1)</script>"u8.ToArray();
        var stored = await Widget.ReadAsync(await visitor.SendFileAsync(page, "../../evil<>.html", "text/html"), HttpStatusCode.Created);
        var token = stored.GetProperty("token").GetString()!;
        var sent = await visitor.SayAsync("", files: [token]);
        sent.GetProperty("message").GetProperty("files")[0].GetProperty("name").GetString().ShouldBe("evil__.html");

        using var link = new Widget(desk.Server.Address, desk.Site.Key, origin: "");
        var answer = await link.GetAsync($"files/{token}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(page);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        using var thief = desk.NewVisitor();
        (await thief.PostAsync("messages", new { id = Widget.NewId(), text = "mine now", files = new[] { token } })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_open_widget_is_told_when_hours_end_and_begin()
    {
        using var visitor = desk.NewVisitor();
        await visitor.SayAsync("Is anybody there?");
        var opened = new TaskCompletionSource();
        await using var events = visitor.ListenAsync(opened: opened).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await PresenceAsync(events)).GetProperty("online").GetBoolean().ShouldBeTrue();
        var announcements = desk.Server.Services.GetRequiredService<PresenceAnnouncements>();
        var today = desk.Clock.GetUtcNow().UtcDateTime;
        try
        {
            // Closed today, open tomorrow: the same as when the clock passes the end of the hours.
            await desk.ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Etc/UTC") with { Always = false, Week = [new OpenPeriod(IsoDayOf(today.AddDays(2)), new TimeOnly(9, 0), new TimeOnly(18, 0))] });
            await announcements.AnnounceAsync(TestContext.Current.CancellationToken);
            var closed = await UntilAsync(events, online: false);
            closed.GetProperty("nextAt").GetDateTime().ShouldBe(today.Date.AddDays(2).AddHours(9));
        }
        finally
        {
            await desk.ChangeSiteAsync(site => site.Hours = BusinessHours.AroundTheClock("Europe/Berlin"));
        }

        await announcements.AnnounceAsync(TestContext.Current.CancellationToken);
        (await UntilAsync(events, online: true)).GetProperty("online").GetBoolean().ShouldBeTrue();
    }

    private static int IsoDayOf(DateTime day) => day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    private static async Task<JsonElement> PresenceAsync(IAsyncEnumerator<StreamedEvent> events)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Name == "presence")
                return events.Current.Data;
        }

        throw new InvalidOperationException("The stream ended without saying who is there.");
    }

    private static async Task<JsonElement> UntilAsync(IAsyncEnumerator<StreamedEvent> events, bool online)
    {
        while (true)
        {
            var presence = await PresenceAsync(events);
            if (presence.GetProperty("online").GetBoolean() == online)
                return presence;
        }
    }

    [Fact]
    public async Task Pages_are_recorded_only_after_consent_and_forgotten_when_it_is_withdrawn()
    {
        await desk.RowsAsync(async rows =>
        {
            if (!await rows.Set<SiteDesk.Sites.ConsentText>().AnyAsync(Cancellation))
            {
                rows.Add(new SiteDesk.Sites.ConsentText { SiteId = desk.Site.Id, Number = 1, Language = "en", Text = "We keep what you write.", CreatedAt = DateTime.UtcNow, CreatedById = 1 });
                await rows.SaveChangesAsync(Cancellation);
            }

            return 0;
        });
        await desk.ChangeSiteAsync(site => site.Privacy = site.Privacy with { TracksPages = true });
        using var visitor = desk.NewVisitor();
        await visitor.SayAsync("Hello from the lamps page.");
        var page = new { url = "https://shop.example.com/chairs?token=secret#top", title = "Chairs" };
        (await visitor.PostAsync("pages", page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await visitor.PostAsync("consent", new { purpose = "pages", version = 1, granted = true })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await visitor.PostAsync("pages", page)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var hash = Tokens.Hash(visitor.Token);
        var visitorId = await desk.RowsAsync(rows => rows.Set<Visitor>().Where(row => row.TokenHash == hash).Select(row => row.Id).FirstAsync(Cancellation));
        (await VisitsAsync(visitorId)).ShouldHaveSingleItem().Address.ShouldBe("https://shop.example.com/chairs");

        (await visitor.PostAsync("consent", new { purpose = "pages", version = 1, granted = false })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await visitor.PostAsync("pages", page)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await VisitsAsync(visitorId)).ShouldBeEmpty();
        (await desk.RowsAsync(rows => rows.Set<ConsentRecord>().Where(record => record.VisitorId == visitorId).OrderBy(record => record.Id).Select(record => record.Granted).ToListAsync(Cancellation)))
            .ShouldBe([true, false]);
    }

    private Task<List<PageVisit>> VisitsAsync(long visitorId) =>
        desk.RowsAsync(rows => rows.Set<PageVisit>().Where(visit => visit.VisitorId == visitorId).ToListAsync(Cancellation));
}

public sealed class ConversationOnSqliteTests(SqliteChatDesk desk) : ConversationTests(desk), IClassFixture<SqliteChatDesk>;

public sealed class ConversationOnPostgresTests(PostgresChatDesk desk) : ConversationTests(desk), IClassFixture<PostgresChatDesk>;
