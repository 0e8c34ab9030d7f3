using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Channels.Chat;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Security;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Customers;

/// <summary>Two records of one person become one, and come apart again.</summary>
public abstract class CustomerMergeTests(Func<Task<DeskServer>> start)
{
    [Fact]
    public async Task An_address_confirmed_by_its_link_for_two_records_makes_them_one()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var first = await desk.AskAsync("Where is my order?", "anna@example.com");
        var second = await desk.AskAsync("It has not come", "Anna@Example.com");
        var third = await desk.AskAsync("I only claim to be Anna", "anna@example.com");
        using var anna = desk.NewClient();

        await ConfirmAsync(desk, anna, first);
        (await CustomerOfAsync(desk, second.Id)).ShouldNotBe(first.CustomerId, "a claim is no proof");
        await ConfirmAsync(desk, anna, second);

        await UntilAsync(async () => await CustomerOfAsync(desk, second.Id) == first.CustomerId);
        (await CustomerOfAsync(desk, third.Id)).ShouldBe(third.CustomerId, "who only claims the address is another until it is proven");
        var page = await owner.GetTextAsync($"/agent/customers/{first.CustomerId}");
        page.ShouldContain("It has not come");
        page.ShouldContain($"/agent/customers/{first.CustomerId}/merger?with={third.CustomerId}", customMessage: "the claim is proposed to the staff");
        (await owner.GetAsync($"/agent/customers/{second.CustomerId}")).Headers.Location!.ToString().ShouldBe($"/agent/customers/{first.CustomerId}");
        (await desk.AuditAsync()).ShouldContain("customer.merged");
    }

    [Fact]
    public async Task A_link_that_is_not_ours_confirms_nothing()
    {
        await using var desk = await start();
        using var stranger = desk.NewClient();
        (await stranger.GetAsync("/confirm/nonsense")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Staff_see_what_will_come_together_merge_it_and_split_it_again()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var kept = await desk.AskAsync("First", "maria@example.com");
        var gone = await desk.AskAsync("Second", "maria@work.example");
        var merger = $"/agent/customers/{kept.CustomerId}/merger";

        (await owner.GetTextAsync($"{merger}?query=maria@work.example")).ShouldContain($"with={gone.CustomerId}");
        (await owner.GetTextAsync($"{merger}?query=%23{gone.Id}")).ShouldContain($"with={gone.CustomerId}");
        (await owner.GetTextAsync($"{merger}?query=nobody@example.com")).ShouldContain("Nobody found");
        var preview = await owner.GetTextAsync($"{merger}?with={gone.CustomerId}");
        preview.ShouldContain("maria@work.example");
        preview.ShouldContain("1 ticket");
        (await owner.SubmitAsync(merger, $"{merger}?with={gone.CustomerId}", ("with", $"{gone.CustomerId}"), ("stays", $"{kept.CustomerId}"))).ShouldStartWith($"/agent/customers/{kept.CustomerId}");

        (await CustomerOfAsync(desk, gone.Id)).ShouldBe(kept.CustomerId);
        var page = await owner.GetTextAsync($"/agent/customers/{kept.CustomerId}");
        page.ShouldContain("maria@example.com");
        page.ShouldContain("maria@work.example");

        var later = await desk.UseAsync<AddCustomerMessage, bool>(async add => (await add.RunAsync(new AddCustomerMessage.Request(gone.Id, "More", "more", "form"), CancellationToken.None)).Succeeded);
        later.ShouldBeTrue();
        var merge = page.Split("/merges/")[1].Split('/')[0];
        await owner.SubmitAsync($"/agent/customers/{kept.CustomerId}/merges/{merge}/undoing", $"/agent/customers/{kept.CustomerId}");

        (await CustomerOfAsync(desk, gone.Id)).ShouldBe(gone.CustomerId);
        (await CustomerOfAsync(desk, kept.Id)).ShouldBe(kept.CustomerId);
        var contacts = await desk.InDatabaseAsync(database => database.Set<CustomerContact>().OrderBy(contact => contact.CustomerId).Select(contact => $"{contact.CustomerId} {contact.Value}").ToListAsync());
        contacts.ShouldBe([$"{kept.CustomerId} maria@example.com", $"{gone.CustomerId} maria@work.example"]);
        (await desk.AuditAsync()).ShouldContain("customer.split");
    }

    [Fact]
    public async Task Everything_that_points_at_a_customer_follows_and_what_was_missing_is_taken_over()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var kept = await desk.AskAsync("First", "same@example.com");
        var gone = await desk.AskAsync("Second", "same@example.com");
        var now = TimeProvider.System.Now();
        await desk.InDatabaseAsync(async database =>
        {
            var visitor = new Visitor { SiteId = 1, CustomerId = gone.CustomerId, TokenHash = "hash", CreatedAt = now, LastSeenAt = now };
            database.Add(visitor);
            await database.SaveChangesAsync();
            database.Add(new PageVisit { VisitorId = visitor.Id, CustomerId = gone.CustomerId, Address = "https://shop.example.com/", At = now });
            database.Add(new ChatConversation { VisitorId = visitor.Id, TicketId = gone.Id, StartedAt = now });
            var customer = await database.Set<Customer>().FirstAsync(row => row.Id == gone.CustomerId);
            (customer.AddressAs, customer.TimeZone, customer.ExternalId) = ("Maria", "Europe/Madrid", "shop-77");
            return await database.SaveChangesAsync();
        });

        var outcome = await desk.UseAsync<MergeCustomers, SiteDesk.Platform.Outcome<long>>(merge => merge.RunAsync(gone.CustomerId, kept.CustomerId, MergeReason.StaffDecision, Actor.System, CancellationToken.None));
        outcome.Value.ShouldBe(kept.CustomerId);

        await desk.InDatabaseAsync(async database =>
        {
            foreach (var reference in CustomerReference.AllIn(database.Model))
                (await CountAsync(database, reference, gone.CustomerId)).ShouldBe(0, reference.Place);
            var customer = await database.Set<Customer>().AsNoTracking().Include(row => row.Contacts).FirstAsync(row => row.Id == kept.CustomerId);
            customer.Contacts.Count.ShouldBe(1, "the same address is there once");
            (customer.AddressAs, customer.TimeZone, customer.ExternalId, customer.Name).ShouldBe(("Maria", "Europe/Madrid", "shop-77", "Anna"));
            return true;
        });

        // What was being stored for the record that went comes after.
        await desk.InDatabaseAsync(async database =>
        {
            var visitor = await database.Set<Visitor>().SingleAsync();
            database.Add(new PageVisit { VisitorId = visitor.Id, CustomerId = gone.CustomerId, Address = "https://shop.example.com/late", At = now });
            return await database.SaveChangesAsync();
        });
        var mergeId = await desk.InDatabaseAsync(database => database.Set<CustomerMerge>().Select(merge => merge.Id).SingleAsync());
        for (var run = 0; run < 2; run++)
            await desk.UseAsync<MergeCustomers, bool>(async merge => { await merge.HandleAsync(new MergeSettles(mergeId, gone.CustomerId), new EventContext(1, 1, now), CancellationToken.None); return true; });
        (await desk.InDatabaseAsync(database => database.Set<PageVisit>().CountAsync(visit => visit.CustomerId == kept.CustomerId))).ShouldBe(2);

        await desk.UseAsync<SplitCustomers, SiteDesk.Platform.Outcome<long>>(split => split.RunAsync(mergeId, Actor.System, CancellationToken.None));
        await desk.InDatabaseAsync(async database =>
        {
            (await database.Set<PageVisit>().CountAsync(visit => visit.CustomerId == gone.CustomerId)).ShouldBe(2);
            (await database.Set<Visitor>().SingleAsync()).CustomerId.ShouldBe(gone.CustomerId);
            var keys = await database.Set<Customer>().OrderBy(row => row.Id).Select(row => row.ExternalId).ToListAsync();
            keys.ShouldBe([null, "shop-77"]);
            (await database.Set<CustomerContact>().CountAsync(contact => contact.Value == "same@example.com")).ShouldBe(2);
            return true;
        });
    }

    [Fact]
    public async Task Two_keys_of_the_shop_are_two_customers()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var one = await desk.AskAsync("First");
        var two = await desk.AskAsync("Second");
        await desk.InDatabaseAsync(async database =>
        {
            foreach (var customer in await database.Set<Customer>().ToListAsync())
                customer.ExternalId = $"shop-{customer.Id}";
            return await database.SaveChangesAsync();
        });

        var merger = $"/agent/customers/{one.CustomerId}/merger";
        (await owner.RefusedAsync(merger, $"{merger}?with={two.CustomerId}", ("with", $"{two.CustomerId}"), ("stays", $"{one.CustomerId}"))).ShouldContain("key of their own");
        (await CustomerOfAsync(desk, two.Id)).ShouldBe(two.CustomerId);
    }

    [Fact]
    public async Task Merges_of_many_records_at_once_in_every_direction_end_in_one_record_and_lose_nothing()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        const int records = 8;
        const int seed = 5;
        var chance = new Random(seed);
        var tickets = new List<Ticket>();
        for (var number = 0; number < records; number++)
            tickets.Add(await desk.AskAsync($"Question {number}", $"same{number % 3}@example.com"));
        var ids = tickets.ConvertAll(ticket => ticket.CustomerId);
        var pairs = ids.SelectMany(one => ids.Where(other => other != one).Select(other => (one, other))).OrderBy(_ => chance.Next()).ToList();

        // Some of the tries give up to others, as in life; a person, or the event's next run, tries again.
        await Parallel.ForEachAsync(pairs, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (pair, cancellation) =>
            await desk.UseAsync<MergeCustomers, bool>(async merge => (await merge.RunAsync(pair.one, pair.other, MergeReason.StaffDecision, Actor.System, cancellation)).Succeeded));
        foreach (var id in ids.Skip(1))
            (await desk.UseAsync<MergeCustomers, SiteDesk.Platform.Outcome<long>>(merge => merge.RunAsync(id, ids[0], MergeReason.StaffDecision, Actor.System, CancellationToken.None))).Succeeded.ShouldBe(true, $"seed {seed}");

        await desk.InDatabaseAsync(async database =>
        {
            var roots = await database.Set<Customer>().Where(customer => customer.MergedIntoId == null).ToListAsync();
            var root = roots.ShouldHaveSingleItem($"seed {seed}").Id;
            (await database.Set<Ticket>().CountAsync(ticket => ticket.CustomerId == root)).ShouldBe(records);
            (await database.Set<Customer>().CountAsync(customer => customer.MergedIntoId == root)).ShouldBe(records - 1, "every pointer leads straight to the record in use");
            (await database.Set<CustomerContact>().Where(contact => contact.CustomerId == root).Select(contact => contact.Value).OrderBy(value => value).ToListAsync()).ShouldBe(["same0@example.com", "same1@example.com", "same2@example.com"]);
            (await database.Set<CustomerContact>().CountAsync()).ShouldBe(3);
            return true;
        });
    }

    [Fact]
    public async Task Who_is_confined_merges_only_what_they_see_whole()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var seen = await desk.AskAsync("Mine", "a@example.com");
        var hidden = await desk.AskAsync("Not mine", "a@example.com");
        var team = await desk.InDatabaseAsync(async database =>
        {
            var added = new SiteDesk.Accounts.Team { Name = "Outside", CreatedAt = TimeProvider.System.Now() };
            database.Add(added);
            await database.SaveChangesAsync();
            (await database.Set<Ticket>().FirstAsync(ticket => ticket.Id == seen.Id)).HandTo(added.Id, Actor.System, added.CreatedAt);
            await database.SaveChangesAsync();
            return added.Id;
        });
        using var outsider = await desk.NewStaffAsync("out@example.com", Role.Agent, member =>
        {
            member.ConfinedToTeams = true;
            member.MasksContacts = true;
            member.Teams.Add(new SiteDesk.Accounts.TeamMembership { TeamId = team });
        });

        var path = $"/agent/customers/{seen.CustomerId}";
        var page = await outsider.GetTextAsync(path);
        page.ShouldNotContain("a@example.com");
        page.ShouldNotContain($"with={hidden.CustomerId}");
        (await outsider.GetAsync($"/agent/customers/{hidden.CustomerId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await outsider.RefusedAsync($"{path}/merger", $"{path}/merger", ("with", $"{hidden.CustomerId}"), ("stays", $"{seen.CustomerId}"));
        (await outsider.RefusedAsync($"{path}/contacts", path, ("Contact", "try@example.com"))).ShouldContain("masked");
        (await CustomerOfAsync(desk, hidden.Id)).ShouldBe(hidden.CustomerId);
    }

    [Fact]
    public async Task Addresses_and_numbers_are_added_confirmed_and_removed_on_the_customers_page()
    {
        await using var desk = await start();
        using var owner = await desk.SetUpAsync();
        var ticket = await desk.AskAsync("Hello", "anna@example.com");
        var path = $"/agent/customers/{ticket.CustomerId}";

        await owner.SubmitAsync($"{path}/contacts", path, ("Contact", "+442079460958"));
        await owner.SubmitAsync($"{path}/contacts", path, ("Contact", "8 912 345 67 89"));
        var page = WebUtility.HtmlDecode(await owner.GetTextAsync(path));
        page.ShouldContain("+44 20 7946 0958");
        page.ShouldContain("Remove +7 912 345-67-89");
        (await owner.RefusedAsync($"{path}/contacts", path, ("Contact", "+44 20 7946 0958"))).ShouldContain("already");
        (await owner.RefusedAsync($"{path}/contacts", path, ("Contact", "what"))).ShouldContain("value=\"what\"");

        var contact = await desk.InDatabaseAsync(database => database.Set<CustomerContact>().FirstAsync(row => row.Value == "+79123456789"));
        await owner.SubmitAsync($"{path}/contacts/{contact.Id}/proof", path);
        (await owner.GetTextAsync(path)).ShouldContain("by a colleague");
        await owner.SubmitAsync($"{path}/contacts/{contact.Id}/removal", path);
        WebUtility.HtmlDecode(await owner.GetTextAsync(path)).ShouldNotContain("Remove +7 912");
        (await desk.AuditAsync()).TakeLast(4).ShouldBe(["customer.contact-added", "customer.contact-added", "customer.contact-proven", "customer.contact-removed"]);
    }

    [Fact]
    public async Task A_table_that_points_at_customers_takes_part_by_its_foreign_key()
    {
        await using var desk = await start();
        await desk.InDatabaseAsync(async database =>
        {
            var references = CustomerReference.AllIn(database.Model).Select(reference => reference.Place).ToList();
            references.ShouldContain("tickets_tickets.CustomerId");
            references.ShouldContain("customers_visitors.CustomerId");
            references.ShouldContain("customers_page_visits.CustomerId");
            references.ShouldContain("customers_customers.MergedIntoId");

            // A column that is called so and says no foreign key would be forgotten when records are merged.
            var forgotten = from entity in database.Model.GetEntityTypes()
                            from property in entity.GetProperties()
                            where property.Name.EndsWith("CustomerId", StringComparison.Ordinal) && property.Name != nameof(Ticket.SeenByCustomerId)
                            where !property.GetContainingForeignKeys().Any(key => key.PrincipalEntityType.ClrType == typeof(Customer))
                            select $"{entity.ClrType.Name}.{property.Name}";
            forgotten.ShouldBeEmpty();
            return await Task.FromResult(true);
        });
    }

    private static async Task<int> CountAsync(Database database, CustomerReference reference, long customerId)
    {
        // Names from the model, the key is a parameter.
        var count = $$"""SELECT CAST(COUNT(*) AS integer) AS "Value" FROM "{{reference.Table}}" WHERE "{{reference.Column}}" = {0}""";
        return await database.Database.SqlQueryRaw<int>(count, customerId).SingleAsync();
    }

    /// <summary>Opens the link that a mail to the address would carry, and confirms.</summary>
    private static async Task ConfirmAsync(DeskServer desk, DeskClient reader, Ticket ticket)
    {
        var contact = await desk.InDatabaseAsync(database => database.Set<CustomerContact>().AsNoTracking().FirstAsync(row => row.CustomerId == ticket.CustomerId));
        var link = desk.Services.GetRequiredService<ContactProofLinks>().Make(ticket.CustomerId, new ContactAddress(contact.Kind, contact.Value, contact.Shown));
        (await reader.GetTextAsync(link)).ShouldContain("Is ");
        var answer = await reader.PostFormAsync(link, [], link);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Thank you");
    }

    private static Task<long> CustomerOfAsync(DeskServer desk, long ticketId) =>
        desk.InDatabaseAsync(database => database.Set<Ticket>().Where(ticket => ticket.Id == ticketId).Select(ticket => ticket.CustomerId).SingleAsync());

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
    }
}

public sealed class CustomerMergeOnSqliteTests() : CustomerMergeTests(() => DeskServer.StartAsync());

public sealed class CustomerMergeOnPostgresTests(PostgresServer server)
    : CustomerMergeTests(async () => await DeskServer.StartAsync(await server.CreateDeskDatabaseAsync(typeof(CustomerMergeOnPostgresTests), TestContext.Current.CancellationToken)));
