using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Accounts;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Tests.Tickets.Workspace;

/// <summary>The workspace through its front door: pages, fragments and forms as a browser asks for them.</summary>
public abstract class WorkspaceTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task The_inbox_shows_what_came_and_a_ticket_shows_what_was_said()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order? <b>now</b>", "anna@example.com");

        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldContain("Where is my order?");
        (await owner.GetTextAsync("/agent/tickets?view=mine")).ShouldContain("Nothing waits for you");
        var page = await owner.GetTextAsync($"/agent/tickets/{ticket.Id}");
        page.ShouldContain("&lt;b&gt;now&lt;/b&gt;");
        page.ShouldNotContain("<b>now</b>");
        WithoutBreaks(page).ShouldContain("anna@example.com");
        (await owner.GetAsync("/agent/tickets/999999")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.GetAsync("/agent/tickets?view=nonsense")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_answer_is_sent_once_however_often_the_form_arrives()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?");
        var seen = await NewestAsync(desk, ticket.Id);

        for (var attempt = 0; attempt < 3; attempt++)
            (await SayAsync(owner, ticket.Id, "On its way.", seen, submission: "same")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var texts = await desk.InDatabaseAsync(database => database.Set<Message>().Where(message => message.TicketId == ticket.Id).OrderBy(message => message.Id).Select(message => message.Text).ToListAsync());
        texts.ShouldBe(["Where is my order?", "On its way."]);
        var answered = await ReadAsync(desk, ticket.Id);
        answered.Status.ShouldBe(StandardStatus.Pending);
        answered.AssigneeId.ShouldBe(1);
        (await owner.GetTextAsync("/agent/tickets?view=waiting")).ShouldContain($"id=\"row-{ticket.Id}\"");
        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldNotContain($"id=\"row-{ticket.Id}\"");
    }

    [Fact]
    public async Task An_answer_to_a_ticket_that_moved_is_held_and_shows_what_came()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?");
        var seen = await NewestAsync(desk, ticket.Id);
        await desk.UseAsync<AddCustomerMessage, object>(async add =>
            (await add.RunAsync(new AddCustomerMessage.Request(ticket.Id, "It has just come!", "second", "form"), CancellationToken.None)).Succeeded);

        var held = await SayAsync(owner, ticket.Id, "It is late.", seen, submission: "late");
        held.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var shown = await held.Content.ReadAsStringAsync();
        shown.ShouldContain("It has just come!");
        shown.ShouldContain("1 message came");
        (await MessagesAsync(desk, ticket.Id)).ShouldBe(2);

        (await SayAsync(owner, ticket.Id, "It is late.", seen, submission: "late", anyway: true)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MessagesAsync(desk, ticket.Id)).ShouldBe(3);
    }

    [Fact]
    public async Task A_draft_is_kept_and_goes_when_the_answer_is_sent()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Where is my order?");
        await owner.SubmitAsStreamAsync(HttpMethod.Put, $"/agent/tickets/{ticket.Id}/draft", ("kind", "reply"), ("text", "Half a sent"));

        (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("Half a sent</textarea>");
        await SayAsync(owner, ticket.Id, "A whole sentence.", await NewestAsync(desk, ticket.Id), submission: "whole");
        (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldNotContain("Half a sent");
        (await owner.SubmitAsStreamAsync(HttpMethod.Put, "/agent/tickets/999/draft", ("kind", "reply"), ("text", "x"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_selection_is_changed_as_one_and_undone_as_one()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var first = await desk.AskAsync("First");
        var second = await desk.AskAsync("Second");

        var changed = await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{first.Id},{second.Id}"), ("status", "Solved"), ("view", "open"));
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var streams = await changed.Content.ReadAsStringAsync();
        streams.ShouldContain("Solved: 2 tickets.");
        streams.ShouldNotContain($"id=\"row-{first.Id}\"");
        (await ReadAsync(desk, second.Id)).Status.ShouldBe(StandardStatus.Solved);

        var undo = streams.Split("/agent/undo/")[1].Split('"')[0];
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/undo/{undo}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ReadAsync(desk, first.Id)).Status.ShouldBe(StandardStatus.New);
        (await ReadAsync(desk, second.Id)).Status.ShouldBe(StandardStatus.New);
        (await owner.GetTextAsync("/agent/tickets?view=unassigned")).ShouldContain($"id=\"row-{first.Id}\"");
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/undo/{undo}")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "taken back once, there is nothing left of it");
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/undo/nothing-of-this-name")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_selection_gets_several_tags_at_once_and_loses_them()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var numbers = $"{(await desk.AskAsync("Please")).Id},{(await desk.AskAsync("Thank you")).Id}";
        Task<List<string>> TagsAsync() => desk.InDatabaseAsync(database => database.Set<TicketTag>().OrderBy(tag => tag.TicketId).ThenBy(tag => tag.Name).Select(tag => tag.Name).ToListAsync());

        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", numbers), ("tags", " vip, sale；退货 , vip"), ("tagging", "add"));
        (await TagsAsync()).ShouldBe(["sale", "vip", "退货", "sale", "vip", "退货"]);
        var removed = await (await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", numbers), ("tags", "sale,退货"), ("tagging", "remove"))).Content.ReadAsStringAsync();
        (await TagsAsync()).ShouldBe(["vip", "vip"]);
        await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/undo/{removed.Split("/agent/undo/")[1].Split('"')[0]}");
        (await TagsAsync()).ShouldBe(["sale", "vip", "退货", "sale", "vip", "退货"]);

        var flood = await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", numbers), ("tags", string.Join(',', Enumerable.Range(0, 31))), ("tagging", "add"));
        flood.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await flood.Content.ReadAsStringAsync()).ShouldContain("at most 30 tags");
    }

    [Fact]
    public async Task Undo_leaves_alone_what_somebody_changed_since()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Please");
        var changed = await (await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("priority", "High"), ("addTag", "vip"))).Content.ReadAsStringAsync();
        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("priority", "Urgent"));

        await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/undo/{changed.Split("/agent/undo/")[1].Split('"')[0]}");

        (await ReadAsync(desk, ticket.Id)).Priority.ShouldBe(TicketPriority.Urgent);
        (await desk.InDatabaseAsync(database => database.Set<TicketTag>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Junk_is_kept_apart_and_comes_back()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Cheap watches");
        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("junk", "true"));

        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldNotContain("Cheap watches");
        (await owner.GetTextAsync("/agent/tickets?view=junk")).ShouldContain("Cheap watches");
        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("junk", "false"));
        (await owner.GetTextAsync("/agent/tickets?view=open")).ShouldContain("Cheap watches");
    }

    [Fact]
    public async Task Lists_are_paged_without_gap_or_repeat()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        const int count = InboxReader.PageSize + 7;
        for (var number = 0; number < count; number++)
            await desk.AskAsync($"Question {number}");

        var first = await owner.GetTextAsync("/agent/tickets?view=open");
        var after = first.Split("view=open&amp;after=")[1].Split('"')[0];
        var second = await owner.GetTextAsync($"/agent/tickets?view=open&after={after}");
        RowsIn(first).Count.ShouldBe(InboxReader.PageSize);
        RowsIn(second).Count.ShouldBe(7);
        RowsIn(first).Intersect(RowsIn(second)).ShouldBeEmpty();
        (await owner.GetAsync("/agent/tickets?view=open&after=forged")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Confined_staff_see_and_reach_only_their_own()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Secret question");
        using var outsider = await JoinAsync(desk, "outside@example.com", Role.Agent, member => member.ConfinedToSites = true);

        (await outsider.GetTextAsync("/agent/tickets?view=open")).ShouldNotContain("Secret question");
        foreach (var path in new[] { "", "/refresh", "/earlier?before=99", "/subject", "/merger" })
            (await outsider.GetAsync($"/agent/tickets/{ticket.Id}{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        (await outsider.GetTextAsync("/agent/search?query=secret")).ShouldNotContain("Secret question");
        (await outsider.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("status", "Solved"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await outsider.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/presence", ("state", "looking"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ReadAsync(desk, ticket.Id)).Status.ShouldBe(StandardStatus.New);
    }

    [Fact]
    public async Task Masked_staff_see_no_address()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello", "anna@example.com");
        using var masked = await JoinAsync(desk, "masked@example.com", Role.Agent, member => member.MasksContacts = true);

        var page = WithoutBreaks(await masked.GetTextAsync($"/agent/tickets/{ticket.Id}"));
        page.ShouldNotContain("anna@example.com");
        page.ShouldContain("a•••@e•••.com");

        // Who gave no name is called by the address or number, which stands as the author then, too.
        foreach (var (nameless, secret, shown) in new[] { (await desk.AskAsync("Hello", "maria@example.org", name: ""), "maria@example", "m•••@e•••.org"), (await desk.AskAsync("Hello", "+79005552177", name: ""), "555-21", "•••-••-77") })
        {
            await masked.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{nameless.Id}/following", ("follow", "true"));
            await desk.UseAsync<AddCustomerMessage, bool>(async add => (await add.RunAsync(new AddCustomerMessage.Request(nameless.Id, "Are you there?", Guid.NewGuid().ToString(), "form"), CancellationToken.None)).Succeeded);
            page = await masked.GetTextAsync($"/agent/tickets/{nameless.Id}");
            page.ShouldNotContain(secret);
            page.ShouldContain($"{shown}</b>");
            await UntilAsync(async () => (await masked.GetTextAsync("/agent/notifications")).Contains($"/agent/tickets/{nameless.Id}", StringComparison.Ordinal));
            (await masked.GetTextAsync("/agent/notifications")).ShouldNotContain(secret);
        }
    }

    /// <summary>Long addresses may break after their @: the mark for it is no part of the text.</summary>
    private static string WithoutBreaks(string page) => page.Replace("<wbr>", "", StringComparison.Ordinal);

    [Fact]
    public async Task Read_only_staff_read_and_change_nothing()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello");
        using var reader = await JoinAsync(desk, "reader@example.com", Role.ReadOnly);

        var page = await reader.GetTextAsync($"/agent/tickets/{ticket.Id}");
        page.ShouldContain("You may read this ticket");
        page.ShouldNotContain("id=\"composer\"");
        (await SayAsync(reader, ticket.Id, "I answer", 0, "x")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await reader.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("status", "Solved"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await reader.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), ("junk", "true"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_mention_in_a_note_is_told_to_whom_it_names_and_to_nobody_else()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello");
        using var ivan = await JoinAsync(desk, "ivan@example.com", Role.Agent, member => member.DisplayName = "Ivan Kim");
        (await owner.GetTextAsync("/agent/people?query=iv")).ShouldContain("Ivan Kim");

        await SayAsync(owner, ticket.Id, "@Ivan Kim can you look?", 0, "note", kind: "note");
        await UntilAsync(async () => (await ivan.GetTextAsync("/agent/notifications")).Contains("Olga Owner mentioned you", StringComparison.Ordinal));

        (await owner.GetTextAsync("/agent/notifications")).ShouldContain("Nothing new");
        (await ReadAsync(desk, ticket.Id)).Status.ShouldBe(StandardStatus.New);
    }

    [Fact]
    public async Task A_merged_ticket_leads_to_the_other_and_loses_nothing()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var first = await desk.AskAsync("Where is it?");
        var second = await desk.AskAsync("Where is it? Second try.");

        (await owner.PostFormAsync($"/agent/tickets/{second.Id}/merger", [new("into", $"{second.Id}")])).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await owner.PostFormAsync($"/agent/tickets/{second.Id}/merger", [new("into", $"#{first.Id}")])).StatusCode.ShouldBe(HttpStatusCode.SeeOther);

        (await owner.GetTextAsync($"/agent/tickets/{first.Id}")).ShouldContain("Where is it? Second try.");
        (await owner.GetTextAsync($"/agent/tickets/{second.Id}")).ShouldContain($"merged into #{first.Id}");
        (await ReadAsync(desk, second.Id)).MergedIntoId.ShouldBe(first.Id);
    }

    [Fact]
    public async Task A_saved_view_shows_what_its_condition_says()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var urgent = await desk.AskAsync("It burns");
        var calm = await desk.AskAsync("No hurry");
        await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{urgent.Id}"), ("priority", "Urgent"));
        var fires = new SiteDesk.Platform.Conditions.Condition(new(SiteDesk.Platform.Conditions.ConditionJoin.All, [new SiteDesk.Platform.Conditions.ConditionTest("priority", "is", [new SiteDesk.Platform.Conditions.TextValue("urgent")])]));
        Task<long> SaveAsync(long? known, bool isShared) => desk.UseAsync<SaveView, long>(async save =>
            (await save.RunAsync(new SaveView.Request(known, "Fires", fires, isShared), desk.OwnerOf(), CancellationToken.None)).Value.Id);
        var id = await SaveAsync(null, false);

        var page = await owner.GetTextAsync($"/agent/tickets?view={id}");
        RowsIn(page).ShouldBe([urgent.Id]);
        page.ShouldContain("Fires");
        using var other = await JoinAsync(desk, "other@example.com", Role.Agent);
        (await other.GetAsync($"/agent/tickets?view={id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.GetTextAsync($"/agent/views/{id}")).ShouldContain("Fires");
        calm.Id.ShouldNotBe(urgent.Id);

        (await SaveAsync(id, true)).ShouldBe(id, "its address was kept in bookmarks");
        RowsIn(await other.GetTextAsync($"/agent/tickets?view={id}")).ShouldBe([urgent.Id]);
        (await owner.GetTextAsync($"/agent/views/{id}")).ShouldContain($"/agent/views/{id}/removal");
        var shown = await other.GetTextAsync($"/agent/views/{id}");
        shown.ShouldNotContain($"/agent/views/{id}/removal", customMessage: "it is not theirs to take away");
        shown.ShouldContain("becomes a view of your own");

        var removed = await owner.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/views/{id}/removal");
        removed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var streams = await removed.Content.ReadAsStringAsync();
        streams.ShouldContain("Deleted the view “Fires”.");
        (await other.GetAsync($"/agent/tickets?view={id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var kept = streams.Split("name=\"kept\" value=\"")[1].Split('"')[0];
        (await other.SubmitAsStreamAsync(HttpMethod.Post, "/agent/views/restoration", ("kept", kept))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "it is for who took it away");
        (await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/views/restoration", ("kept", kept[..^4] + "AAAA"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var _ in new[] { 1, 2 })
        {
            var back = await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/views/restoration", ("kept", kept));
            back.Headers.Location!.ToString().ShouldEndWith($"/agent/tickets?view={id}");
        }

        RowsIn(await other.GetTextAsync($"/agent/tickets?view={id}")).ShouldBe([urgent.Id]);
        (await SaveAsync(null, false)).ShouldBeGreaterThan(id, "a view that came back takes no other's number");

        await SaveAsync(id, false);
        (await other.GetAsync($"/agent/tickets?view={id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Presence_is_seen_by_the_others_and_ends()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello");
        using var ivan = await JoinAsync(desk, "ivan@example.com", Role.Agent, member => member.DisplayName = "Ivan Kim");

        await ivan.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/presence", ("state", "typing"));
        await UntilAsync(async () => (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}/presence")).Contains("Ivan Kim is typing", StringComparison.Ordinal));
        (await ivan.GetTextAsync($"/agent/tickets/{ticket.Id}/presence")).ShouldNotContain("Ivan Kim");
        using var outsider = await JoinAsync(desk, "outside@example.com", Role.Agent, member => member.ConfinedToSites = true);
        (await outsider.GetAsync($"/agent/tickets/{ticket.Id}/presence")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "who looks at what is seen by those who may see it");
        await ivan.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/presence", ("state", "gone"));
        await UntilAsync(async () => !(await owner.GetTextAsync($"/agent/tickets/{ticket.Id}/presence")).Contains("Ivan Kim", StringComparison.Ordinal));
        (await ivan.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticket.Id}/presence", ("state", "dancing"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_ticket_for_a_caller_joins_the_customer_of_that_number()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        foreach (var contact in new[] { "8 (912) 345-67-89", "+7 912 345 67 89" })
        {
            var opened = await owner.PostFormAsync("/agent/tickets", [
                new("Site", "1"), new("Name", "Пётр"), new("Contact", contact), new("Channel", "phone"), new("Subject", "Call"), new("Text", "Called about the order"), new("Submission", Guid.NewGuid().ToString()),
            ], "/agent/tickets/new");
            opened.StatusCode.ShouldBe(HttpStatusCode.SeeOther, await opened.Content.ReadAsStringAsync());
        }

        var owners = await desk.InDatabaseAsync(database => database.Set<Ticket>().Select(ticket => ticket.CustomerId).ToListAsync());
        owners.Count.ShouldBe(2);
        owners.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_customer_is_corrected_on_their_page_and_not_over_somebody_elses_correction()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello", "anna@example.com");
        var path = $"/agent/customers/{ticket.CustomerId}";
        KeyValuePair<string, string>[] Fields(string name, string version) =>
            [new("Name", name), new("AddressAs", "Анна Сергеевна"), new("Language", "ru"), new("Remarks", "VIP"), new("Version", version)];

        (await owner.PostFormAsync(path, Fields("Анна Соколова", "0"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var page = WebUtility.HtmlDecode(await owner.GetTextAsync(path));
        page.ShouldContain("Анна Соколова");
        (await owner.PostFormAsync(path, Fields("Late", "0"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await owner.GetTextAsync($"/agent/tickets/{ticket.Id}")).ShouldContain("Анна Сергеевна");
    }

    [Fact]
    public async Task Keys_that_name_nobody_change_nothing()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello");
        foreach (var (name, value) in new[] { ("assignee", "999"), ("team", "999"), ("status", "Open:999"), ("field-999", "x") })
            (await owner.SubmitAsStreamAsync(HttpMethod.Post, "/agent/tickets/changes", ("numbers", $"{ticket.Id}"), (name, value))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, name);
        (await ReadAsync(desk, ticket.Id)).Version.ShouldBe(0);
    }

    [Fact]
    public async Task The_rail_carries_what_there_is_in_every_language()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        await desk.AskAsync("Hello");
        foreach (var (language, word) in new[] { ("en", "All open"), ("ru", "Все открытые"), ("zh-Hans", "全部待处理") })
        {
            using var reader = await JoinAsync(desk, $"{language}@example.com", Role.Agent, member => member.Language = language);
            var page = await reader.GetTextAsync("/agent/tickets?view=open");
            page.ShouldContain(word);
            page.ShouldContain($"<html lang=\"{language}\"");
        }
    }

    private static List<long> RowsIn(string html) =>
        [.. html.Split("data-ticket-row=\"").Skip(1).Select(part => long.Parse(part.Split('"')[0], System.Globalization.CultureInfo.InvariantCulture))];

    private static Task<HttpResponseMessage> SayAsync(DeskClient client, long ticketId, string text, long seen, string submission, bool anyway = false, string kind = "reply") =>
        client.SubmitAsStreamAsync(HttpMethod.Post, $"/agent/tickets/{ticketId}/messages", ("kind", kind), ("text", text), ("seen", $"{seen}"), ("submission", submission), ("anyway", anyway ? "true" : ""));

    private static Task<Ticket> ReadAsync(DeskServer desk, long id) =>
        desk.InDatabaseAsync(database => database.Set<Ticket>().AsNoTracking().FirstAsync(ticket => ticket.Id == id));

    private static Task<long> NewestAsync(DeskServer desk, long ticketId) =>
        desk.InDatabaseAsync(database => database.Set<Message>().Where(message => message.TicketId == ticketId).MaxAsync(message => message.Id));

    private static Task<int> MessagesAsync(DeskServer desk, long ticketId) =>
        desk.InDatabaseAsync(database => database.Set<Message>().CountAsync(message => message.TicketId == ticketId));

    private static async Task<DeskClient> JoinAsync(DeskServer desk, string email, Role role, Action<StaffMember>? change = null)
    {
        await using (var scope = desk.Services.CreateAsyncScope())
        {
            var created = await scope.ServiceProvider.GetRequiredService<CreateStaff>().RunAsync(new CreateStaff.Request("Colleague", email, DeskServer.Password, role, "en", "Europe/Berlin"));
            created.Succeeded.ShouldBeTrue();
            change?.Invoke(created.Value);
            await scope.ServiceProvider.GetRequiredService<SiteDesk.Platform.Data.Database>().SaveChangesAsync();
        }

        var client = desk.NewClient();
        await client.SignInAsync(email, DeskServer.Password);
        return client;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
    }
}

public sealed class WorkspaceOnSqliteTests() : WorkspaceTests(() => DeskServer.StartAsync());

public sealed class WorkspaceOnPostgresTests(PostgresServer server)
    : WorkspaceTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(WorkspaceOnPostgresTests), TestContext.Current.CancellationToken)));
