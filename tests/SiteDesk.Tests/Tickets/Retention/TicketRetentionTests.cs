using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Channels.Chat;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Accounts;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Retention;

namespace SiteDesk.Tests.Tickets.Retention;

/// <summary>What the owner does not want to keep goes, and nothing else does.</summary>
public abstract class TicketRetentionTests(Func<Action<IServiceCollection>?, Task<DeskServer>> start)
{
    [Fact]
    public async Task Tickets_go_after_the_months_of_their_site_with_all_that_hangs_on_them()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        var (file, path) = await KeepFileAsync(desk, "an invoice");
        var old = await AskAsync(desk, clock, "ancient unicorn question", file);
        var pointing = await AskAsync(desk, clock, "merged into the ancient one", null);
        var open = await AskAsync(desk, clock, "still open", null);
        await HangEverythingOnAsync(desk, clock, old);
        await ChangeAsync(desk, [old.Id], StandardStatus.Solved);
        await desk.UseAsync<MergeTickets, bool>(async merge => (await merge.RunAsync(pointing.Id, old.Id, desk.OwnerOf(), CancellationToken.None)).Succeeded);
        await ChangeAsync(desk, [old.Id], StandardStatus.Closed);
        clock.Advance(TimeSpan.FromDays(150));
        var recent = await AskAsync(desk, clock, "solved lately", null);
        await ChangeAsync(desk, [recent.Id], StandardStatus.Solved);
        await TouchAsync(desk, pointing.Id, clock.Now());

        await desk.RunJobAsync<TicketRetention>();
        (await TicketsAsync(desk)).Count.ShouldBe(4, "nothing goes unless the owner has chosen a time");

        await owner.SignInAsync(DeskServer.Owner, DeskServer.Password); // the session has expired meanwhile
        (await owner.GetTextAsync("/agent/sites/1/retention?months=4")).ShouldContain("Saving this removes 1 ticket for good within 6 hours", customMessage: "what does not come back is said before it is saved");
        (await owner.GetTextAsync("/agent/sites/1/retention?months=24")).ShouldContain("Saving this removes no ticket for now");
        (await owner.GetTextAsync("/agent/sites/1/retention")).ShouldContain("kept for good");
        await SetMonthsAsync(owner, 4);
        (await owner.GetTextAsync("/agent/sites/1/retention")).ShouldContain("would remove 1 ticket today");
        await desk.RunJobAsync<TicketRetention>();

        (await TicketsAsync(desk)).ShouldBe([pointing.Id, open.Id, recent.Id]);
        (await owner.GetTextAsync("/agent/sites/1/retention")).ShouldContain("would remove no ticket today");
        await NothingIsLeftOfAsync(desk, old.Id);
        (await owner.GetTextAsync("/agent/search?query=unicorn")).ShouldNotContain($"/agent/tickets/{old.Id}");
        (await owner.GetAsync($"/t/{pointing.Token}")).StatusCode.ShouldBe(HttpStatusCode.OK, "a ticket merged into one that went shows itself");

        File.Exists(path).ShouldBeTrue();
        clock.Advance(FileRetention.BytesUntouchedFor + TimeSpan.FromMinutes(1));
        await desk.RunJobAsync<FileRetention>();
        File.Exists(path).ShouldBeFalse();

        var line = await desk.InDatabaseAsync(database => database.Set<AuditEntry>().AsNoTracking().SingleAsync(entry => entry.Action == "retention.removed"));
        line.Details["tickets"].ShouldBe("1");
        line.Details["files"].ShouldBe("1");
        line.Details["customers"].ShouldBe("1");
        JsonSerializer.Serialize(line.Details).ShouldNotContain("unicorn");
    }

    [Fact]
    public async Task Many_old_tickets_go_in_batches_and_a_second_run_finds_nothing()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        const int count = RemoveTickets.Batch * 2 + 3;
        var ids = new List<long>();
        for (var number = 0; number < count; number++)
            ids.Add((await AskAsync(desk, clock, $"Question {number}", null)).Id);
        foreach (var part in ids.Chunk(20))
            await ChangeAsync(desk, part, StandardStatus.Solved);
        await SetMonthsAsync(owner, 1);
        clock.Advance(TimeSpan.FromDays(40));

        await desk.RunJobAsync<TicketRetention>();
        await desk.RunJobAsync<TicketRetention>();

        (await TicketsAsync(desk)).ShouldBeEmpty();
        var lines = await desk.InDatabaseAsync(database => database.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Action == "retention.removed").ToListAsync());
        lines.ShouldHaveSingleItem().Details["tickets"].ShouldBe($"{count}");
        (await desk.InDatabaseAsync(database => database.Set<Customer>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task A_person_is_erased_with_everything_but_the_bare_fact_that_they_agreed()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        var (file, path) = await KeepFileAsync(desk, "my passport");
        var ticket = await AskAsync(desk, clock, "secret walrus", file);
        var merged = await AskAsync(desk, clock, "another walrus", null);
        var other = await AskAsync(desk, clock, "somebody else", null);
        await HangEverythingOnAsync(desk, clock, ticket);
        await desk.UseAsync<MergeCustomers, bool>(async merge => (await merge.RunAsync(merged.CustomerId, ticket.CustomerId, MergeReason.StaffDecision, Actor.System, CancellationToken.None)).Succeeded);
        var page = $"/agent/customers/{ticket.CustomerId}/erasure";

        (await owner.GetTextAsync(page)).ShouldContain("cannot be undone");
        (await owner.RefusedAsync(page, page, ("confirmation", "yes"))).ShouldContain("not the customer's number");
        (await TicketsAsync(desk)).Count.ShouldBe(3);
        await owner.SubmitAsync(page, page, ("confirmation", $"{ticket.CustomerId}"));

        (await TicketsAsync(desk)).ShouldBe([other.Id]);
        await NothingIsLeftOfAsync(desk, ticket.Id);
        await desk.InDatabaseAsync(async database =>
        {
            (await database.Set<Customer>().Select(customer => customer.Id).ToListAsync()).ShouldBe([other.CustomerId]);
            (await database.Set<CustomerMerge>().CountAsync()).ShouldBe(0, "what is needed to split records again holds contact data");
            (await database.Set<Visitor>().CountAsync()).ShouldBe(0);
            (await database.Set<PageVisit>().CountAsync()).ShouldBe(0);
            var consent = await database.Set<ConsentRecord>().AsNoTracking().SingleAsync();
            consent.VisitorHash.ShouldBe("hash-of-the-browsers-secret");
            return true;
        });
        (await owner.GetAsync($"/agent/customers/{ticket.CustomerId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        clock.Advance(FileRetention.BytesUntouchedFor + TimeSpan.FromMinutes(1));
        await desk.RunJobAsync<FileRetention>();
        File.Exists(path).ShouldBeFalse();
        var line = await desk.InDatabaseAsync(database => database.Set<AuditEntry>().AsNoTracking().SingleAsync(entry => entry.Action == "customer.erased"));
        (line.Subject, line.Details["tickets"]).ShouldBe(($"customer:{ticket.CustomerId}", "2"));
    }

    [Fact]
    public async Task A_persons_data_are_handed_out_as_an_archive_with_files_and_notes_apart()
    {
        var clock = new ManualClock();
        await using var desk = await start(services => services.AddSingleton<TimeProvider>(clock));
        using var owner = await desk.SetUpAsync();
        var (file, _) = await KeepFileAsync(desk, "the content of the file");
        var ticket = await AskAsync(desk, clock, "where is my parcel", file);
        await HangEverythingOnAsync(desk, clock, ticket);
        await desk.UseAsync<ReplyToTicket, bool>(async reply => (await reply.RunAsync(new ReplyToTicket.Request(ticket.Id, MessageKind.Note, "difficult person", "note"), desk.OwnerOf(), CancellationToken.None)).Succeeded);

        var answer = await owner.GetAsync($"/agent/customers/{ticket.CustomerId}/data");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        await using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        var person = await TextOfAsync(archive, "person.json");
        person.ShouldContain("where is my parcel");
        person.ShouldContain("anna@example.com");
        person.ShouldContain("https://shop.example.com/page");
        person.ShouldNotContain("difficult person");
        JsonDocument.Parse(person).RootElement.GetProperty("tickets").GetArrayLength().ShouldBe(1);
        (await TextOfAsync(archive, "internal-notes.json")).ShouldContain("difficult person");
        (await TextOfAsync(archive, archive.Entries.Single(entry => entry.FullName.StartsWith("files/", StringComparison.Ordinal)).FullName)).ShouldBe("the content of the file");
        (await desk.AuditAsync()).ShouldContain("customer.exported");

        using var agent = await desk.NewStaffAsync("agent@example.com", Role.Agent);
        (await agent.GetAsync($"/agent/customers/{ticket.CustomerId}/data")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var masked = await desk.NewStaffAsync("masked@example.com", Role.Administrator, member => member.MasksContacts = true);
        (await masked.GetAsync($"/agent/customers/{ticket.CustomerId}/data")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Whatever_hangs_on_a_ticket_a_message_or_a_customer_goes_with_it()
    {
        await using var desk = await start(null);
        await desk.InDatabaseAsync(async database =>
        {
            var model = database.Model;
            var faults = new List<string>();
            foreach (var type in new[] { typeof(Ticket), typeof(Message), typeof(Visitor) })
            {
                faults.AddRange(model.FindEntityType(type)!.GetReferencingForeignKeys()
                    .Where(key => key.DeleteBehavior is not (DeleteBehavior.Cascade or DeleteBehavior.SetNull))
                    .Select(key => $"{key.DeclaringEntityType.ClrType.Name} keeps {type.Name} from going"));
                faults.AddRange(from entity in model.GetEntityTypes()
                                where entity.ClrType != typeof(Ticket) && entity.ClrType != typeof(ConsentRecord)
                                from property in entity.GetProperties()
                                where property.Name == $"{type.Name}Id" && !property.GetContainingForeignKeys().Any(key => key.PrincipalEntityType.ClrType == type)
                                    && !MayOutlive.Contains($"{entity.ClrType.Name}.{property.Name}")
                                select $"{entity.ClrType.Name}.{property.Name} has no foreign key");
            }

            faults.ShouldBeEmpty();
            return await Task.FromResult(true);
        });
    }

    /// <summary>Columns beside a foreign key to the ticket itself, with which they go.</summary>
    private static readonly HashSet<string> MayOutlive = new(StringComparer.Ordinal) { "StaffNotification.MessageId", "WaitingAnswer.MessageId" };

    private static async Task NothingIsLeftOfAsync(DeskServer desk, long ticketId) => await desk.InDatabaseAsync(async database =>
    {
        (await database.Set<Message>().CountAsync(row => row.TicketId == ticketId)).ShouldBe(0);
        (await database.Set<MessageTokens>().CountAsync(row => !database.Set<Message>().Any(message => message.Id == row.MessageId))).ShouldBe(0);
        (await database.Set<MessageFile>().CountAsync(row => !database.Set<Message>().Any(message => message.Id == row.MessageId))).ShouldBe(0);
        (await database.Set<TicketChange>().CountAsync(row => row.TicketId == ticketId)).ShouldBe(0);
        (await database.Set<TicketTag>().CountAsync(row => row.TicketId == ticketId)).ShouldBe(0);
        (await database.Set<Draft>().CountAsync(row => row.TicketId == ticketId)).ShouldBe(0);
        (await database.Set<StaffNotification>().CountAsync(row => row.TicketId == ticketId)).ShouldBe(0);
        (await database.Set<ChatConversation>().CountAsync(row => row.TicketId == ticketId)).ShouldBe(0);
        (await database.Set<WaitingAnswer>().CountAsync(row => row.TicketId == ticketId)).ShouldBe(0);
        (await database.Set<StoredFile>().CountAsync()).ShouldBe(0);
        if (database.Engine == DatabaseEngine.Sqlite)
            (await database.Database.SqlQueryRaw<int>("SELECT count(*) AS \"Value\" FROM tickets_search WHERE tickets_search MATCH 'unicorn OR walrus'").SingleAsync()).ShouldBe(0);
        return true;
    });

    /// <summary>One row of everything that can hang on a ticket or its customer.</summary>
    private static Task HangEverythingOnAsync(DeskServer desk, ManualClock clock, Ticket ticket) => desk.InDatabaseAsync(async database =>
    {
        var now = clock.Now();
        var visitor = new Visitor { SiteId = 1, CustomerId = ticket.CustomerId, TokenHash = "hash-of-the-browsers-secret", CreatedAt = now, LastSeenAt = now };
        database.Add(visitor);
        await database.SaveChangesAsync();
        database.Add(new ConsentRecord { SiteId = 1, VisitorId = visitor.Id, Purpose = ConsentPurpose.Messages, Number = 1, Language = "en", Granted = true, At = now });
        database.Add(new PageVisit { VisitorId = visitor.Id, CustomerId = ticket.CustomerId, Address = "https://shop.example.com/page", At = now });
        database.Add(new ChatConversation { VisitorId = visitor.Id, TicketId = ticket.Id, StartedAt = now });
        database.Add(new WaitingAnswer { TicketId = ticket.Id, MessageId = 1, CreatedAt = now });
        database.Add(new Draft { StaffId = 1, TicketId = ticket.Id, Kind = MessageKind.Note, Text = "half", UpdatedAt = now });
        database.Add(new StaffNotification { StaffId = 1, Kind = "mentioned", TicketId = ticket.Id, CreatedAt = now, Key = "one" });
        (await database.Set<Ticket>().Include(row => row.Tags).FirstAsync(row => row.Id == ticket.Id)).Tag("vip", Actor.System, now);
        return await database.SaveChangesAsync();
    });

    private static async Task<Ticket> AskAsync(DeskServer desk, ManualClock clock, string text, string? fileToken)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var customer = new Customer { Name = "Anna", CreatedAt = clock.Now() };
        customer.AddContact(ContactAddress.ParseEmail("anna@example.com")!, customer.CreatedAt);
        var outcome = await scope.ServiceProvider.GetRequiredService<OpenTicket>().RunAsync(
            new OpenTicket.Request(1, customer, "form", Guid.NewGuid().ToString(), text, Actor.Customer(0, customer.Name), FileTokens: fileToken is null ? [] : [fileToken]), TestContext.Current.CancellationToken);
        return outcome.Value.Ticket;
    }

    private static async Task<(string Token, string Path)> KeepFileAsync(DeskServer desk, string content)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var files = scope.ServiceProvider.GetRequiredService<FileStore>();
        var kept = (await files.KeepAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), "a.txt", "text/plain", TestContext.Current.CancellationToken)).Value;
        await scope.ServiceProvider.GetRequiredService<Database>().SaveChangesAsync(TestContext.Current.CancellationToken);
        return (kept.Token, files.PathOf(kept.Sha256));
    }

    private static Task ChangeAsync(DeskServer desk, IReadOnlyList<long> ids, StandardStatus status) =>
        desk.UseAsync<ChangeTickets, bool>(async change => (await change.RunAsync(ids, new ChangeTickets.Changes { Status = status }, desk.OwnerOf(), CancellationToken.None)).Succeeded);

    private static Task TouchAsync(DeskServer desk, long id, DateTime at) => desk.InDatabaseAsync(async database =>
    {
        (await database.Set<Ticket>().FirstAsync(ticket => ticket.Id == id)).UpdatedAt = at;
        return await database.SaveChangesAsync();
    });

    private static async Task SetMonthsAsync(DeskClient owner, int months) =>
        await owner.SubmitAsync("/agent/sites/1/privacy", "/agent/sites/1/privacy", ("PageVisitDays", "300"), ("TicketMonths", $"{months}"));

    private static Task<List<long>> TicketsAsync(DeskServer desk) =>
        desk.InDatabaseAsync(database => database.Set<Ticket>().OrderBy(ticket => ticket.Id).Select(ticket => ticket.Id).ToListAsync());

    private static async Task<string> TextOfAsync(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(await archive.GetEntry(name)!.OpenAsync(TestContext.Current.CancellationToken));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}

public sealed class TicketRetentionOnSqliteTests() : TicketRetentionTests(replace => DeskServer.StartAsync(replace: replace));

public sealed class TicketRetentionOnPostgresTests(PostgresServer server)
    : TicketRetentionTests(async replace => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(TicketRetentionOnPostgresTests), TestContext.Current.CancellationToken), replace));
