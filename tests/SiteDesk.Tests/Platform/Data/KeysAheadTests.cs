using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Data;

/// <summary>New rows that refer to each other, stored with one save that also tells somebody.</summary>
public abstract class KeysAheadTests(Func<IInterceptor?, Task<DeskServer>> start)
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Task<DeskServer> StartAsync(IInterceptor? interceptor = null) => start(interceptor);

    [Fact]
    public async Task Every_row_refers_to_the_right_one_and_keys_go_on_in_order()
    {
        await using var desk = await StartAsync();
        var first = await StoreAsync(desk, 0, 5);
        var alone = await StoreAsync(desk, 5, 1, contacts: 0);
        var later = await StoreAsync(desk, 6, 5);

        List<long> keys = [.. first, .. alone, .. later];
        keys.ShouldBe([.. keys.Distinct().Order()]);
        keys.ShouldAllBe(key => key > 0);
        var stored = await desk.InDatabaseAsync(database => database.Set<Customer>().AsNoTracking().Include(customer => customer.Contacts).OrderBy(customer => customer.Id).ToListAsync(Cancellation));
        stored.ConvertAll(customer => customer.Id).ShouldBe(keys);
        for (var number = 0; number < stored.Count; number++)
        {
            stored[number].Name.ShouldBe($"Customer {number}");
            stored[number].Contacts.Select(contact => contact.Value).Order(StringComparer.Ordinal).ShouldBe(number == 5 ? [] : [$"a{number}@example.org", $"b{number}@example.org"]);
        }
    }

    [Fact]
    public async Task A_save_that_failed_leaves_nothing_and_the_next_one_stores_all()
    {
        await using var desk = await StartAsync();
        await StoreAsync(desk, 0, 1);
        await Should.ThrowAsync<DbUpdateException>(() => desk.InDatabaseAsync(database =>
        {
            var twin = New(1, contacts: 2);
            twin.ExternalId = "customer-0";
            database.AddRange(New(2, contacts: 2), twin);
            database.Signal(() => new LiveSignal("test", "stored", "{}"));
            return database.SaveChangesAsync(Cancellation);
        }));
        (await desk.InDatabaseAsync(database => database.Set<Customer>().CountAsync(Cancellation))).ShouldBe(1);

        await StoreAsync(desk, 1, 2);
        (await desk.InDatabaseAsync(database => database.Set<CustomerContact>().CountAsync(Cancellation))).ShouldBe(6);
    }

    /// <summary>A change to a row counts its version on, though changes are looked for only once.</summary>
    [Fact]
    public async Task A_changed_row_has_the_next_version()
    {
        await using var desk = await StartAsync();
        var key = (await StoreAsync(desk, 0, 1)).Single();
        for (var version = 1; version <= 3; version++)
        {
            var name = $"Renamed {version}";
            await desk.InDatabaseAsync(async database =>
            {
                (await database.Set<Customer>().SingleAsync(customer => customer.Id == key, Cancellation)).Name = name;
                database.Signal(() => new LiveSignal("test", "stored", "{}"));
                return await database.SaveChangesAsync(Cancellation);
            });
            var stored = await desk.InDatabaseAsync(database => database.Set<Customer>().AsNoTracking().SingleAsync(customer => customer.Id == key, Cancellation));
            (stored.Name, stored.Version).ShouldBe((name, version));
        }
    }

    /// <returns>The keys, as the entities have them after the save.</returns>
    protected static Task<List<long>> StoreAsync(DeskServer desk, int first, int count, int contacts = 2) =>
        desk.InDatabaseAsync(async database =>
        {
            var customers = Enumerable.Range(first, count).Select(number => New(number, contacts)).ToList();
            database.AddRange(customers);
            var told = new List<long>();
            database.Signal(() =>
            {
                told.AddRange(customers.Select(customer => customer.Id));
                return new LiveSignal("test", "stored", "{}");
            });
            await database.SaveChangesAsync(Cancellation);
            told.ShouldBe(customers.ConvertAll(customer => customer.Id));
            return told;
        });

    private static Customer New(int number, int contacts)
    {
        var now = new DateTime(2026, 3, 2, 9, 0, 0, DateTimeKind.Utc);
        var customer = new Customer { Name = $"Customer {number}", ExternalId = $"customer-{number}", CreatedAt = now };
        foreach (var letter in "ab".Take(contacts))
            customer.AddContact(ContactAddress.ParseEmail($"{letter}{number}@example.org")!, now);
        return customer;
    }
}

public sealed class KeysAheadOnSqliteTests() : KeysAheadTests(_ => DeskServer.StartAsync());

public sealed class KeysAheadOnPostgresTests(PostgresServer server) : KeysAheadTests(async interceptor => await DeskServer.StartAsync(
    await server.CreateDatabaseAsync(typeof(KeysAheadOnPostgresTests), TestContext.Current.CancellationToken),
    replace: services =>
    {
        if (interceptor is not null)
            services.AddSingleton(interceptor);
    }))
{
    [Fact]
    public async Task All_inserts_go_with_one_message()
    {
        var heard = new Messages();
        await using var desk = await StartAsync(heard);
        heard.Sent.Clear();
        await StoreAsync(desk, 0, 3);
        heard.Sent.Where(text => text.Contains("INSERT INTO customers_", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(text => text.ShouldContain("customers_customers"), text => text.ShouldContain("customers_contacts"));
    }

    private sealed class Messages : DbCommandInterceptor
    {
        public System.Collections.Concurrent.ConcurrentBag<string> Sent { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Sent.Add(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }
}
