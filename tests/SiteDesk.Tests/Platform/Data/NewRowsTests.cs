using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Live;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;
using SiteDesk.Tests.Testing;
using SiteDesk.Tickets;

namespace SiteDesk.Tests.Platform.Data;

/// <summary>Saving what is new past EF Core's own saving: the same rows, all or none.</summary>
public abstract class NewRowsTests(Func<IInterceptor, Task<DeskServer>> start, string untied, string tied)
{
    private static readonly DateTime Now = new(2026, 3, 2, 9, 30, 15, 250, DateTimeKind.Utc);
    private readonly SavesOfFramework _saves = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Every entity type that can be written so, with a value in every column; held against the row that EF Core writes of the same values.</summary>
    [Fact]
    public async Task Every_kind_of_row_is_stored_just_as_by_EF_Core()
    {
        await using var desk = await StartAsync();
        var compared = 0;
        var types = await desk.InDatabaseAsync(database => Task.FromResult(database.Model.GetEntityTypes()
            .Where(type => InsertStatement.Of(type, database.Engine) is not null && !type.GetNavigations().Any(part => part.TargetEntityType.IsMappedToJson())).Select(type => type.Name).ToList()));
        foreach (var type in types)
        {
            var byFramework = await StoredAsync(desk, type, async database => await database.SaveChangesAsync(Cancellation));
            _saves.Count.ShouldBe(1);
            var past = await StoredAsync(desk, type, database => database.SaveNewAsync(Cancellation));
            _saves.Count.ShouldBe(0, $"{type} went through EF Core");
            past.ShouldBe(byFramework, type);
            compared += past.Count;
        }

        types.ShouldContain(typeof(Ticket).FullName!);
        types.ShouldContain(typeof(Message).FullName!);
        compared.ShouldBeGreaterThan(300, "columns");
    }

    [Fact]
    public async Task Rows_that_refer_to_each_other_have_their_keys_and_so_do_signals()
    {
        await using var desk = await StartAsync();
        await desk.SetUpAsync();
        var site = await desk.InDatabaseAsync(database => database.Set<Site>().Select(site => site.Id).SingleAsync(Cancellation));
        _saves.Take();
        var (ticket, signalled) = await desk.InDatabaseAsync(async database =>
        {
            var ticket = New(site, "first");
            var message = MessageOf(ticket);
            database.Add(message);
            long told = 0;
            database.Signal(() =>
            {
                told = message.Id;
                return new LiveSignal("test", "stored", "{}");
            });
            await database.SaveNewAsync(Cancellation);
            database.ChangeTracker.Entries().ShouldAllBe(entry => entry.State == EntityState.Unchanged);

            // What is saved is an ordinary part of the unit of work.
            ticket.Subject = "Changed";
            await database.SaveChangesAsync(Cancellation);
            return (ticket, told);
        });

        var stored = await desk.InDatabaseAsync(database => database.Set<Message>().Include(message => message.Tokens)
            .Include(message => message.Ticket!.Tags).Include(message => message.Ticket!.Customer!.Contacts).SingleAsync(message => message.TicketId == ticket.Id, Cancellation));
        stored.Id.ShouldBe(signalled);
        stored.Tokens!.Tokens.ShouldBe("lamp");
        stored.Ticket!.Subject.ShouldBe("Changed");
        stored.Ticket.Tags.ConvertAll(tag => tag.Name).ShouldBe(["one", "two"], ignoreOrder: true);
        stored.Ticket.Customer!.Contacts.ConvertAll(contact => (contact.Id, contact.Value)).ShouldBe(ticket.Customer!.Contacts.ConvertAll(contact => (contact.Id, contact.Value)));
        (await desk.InDatabaseAsync(database => database.Set<TicketChange>().Where(change => change.TicketId == ticket.Id).OrderBy(change => change.Id).Select(change => change.Id).ToListAsync(Cancellation)))
            .ShouldBe(ticket.Changes.ConvertAll(change => change.Id));
    }

    [Fact]
    public async Task What_the_database_refuses_leaves_nothing_of_the_save()
    {
        await using var desk = await StartAsync();
        await desk.SetUpAsync();
        var site = await desk.InDatabaseAsync(database => database.Set<Site>().Select(site => site.Id).SingleAsync(Cancellation));
        await SaveAsync(desk, site, "same");
        var problem = await Should.ThrowAsync<DbUpdateException>(() => SaveAsync(desk, site, "same"));
        problem.IsConflict().ShouldBeTrue();
        (await desk.InDatabaseAsync(database => database.Set<Customer>().CountAsync(Cancellation))).ShouldBe(1);
        (await desk.InDatabaseAsync(database => database.Set<CustomerContact>().CountAsync(Cancellation))).ShouldBe(1);
        await SaveAsync(desk, site, "another");
        (await desk.InDatabaseAsync(database => database.Set<MessageTokens>().CountAsync(Cancellation))).ShouldBe(2);
    }

    /// <summary>A change among the new rows, a part of another type in a row, a transaction around it: EF Core does it.</summary>
    [Fact]
    public async Task What_is_more_than_new_rows_is_saved_all_the_same()
    {
        await using var desk = await StartAsync();
        await desk.SetUpAsync();
        var site = await desk.InDatabaseAsync(database => database.Set<Site>().Select(site => site.Id).SingleAsync(Cancellation));
        _saves.Take();
        await desk.InDatabaseAsync(async database =>
        {
            var junk = New(site, "junk");
            junk.MarkJunk("links", Actor.System, Now);
            database.Add(MessageOf(junk));
            await database.SaveNewAsync(Cancellation);
            _saves.Take().ShouldBe(1);

            junk.Subject = "Changed";
            database.Add(MessageOf(New(site, "beside a change")));
            await database.SaveNewAsync(Cancellation);
            _saves.Take().ShouldBe(1);
            return await database.InTransactionAsync(
                async () =>
                {
                    database.Add(MessageOf(New(site, "within a transaction")));
                    await database.SaveNewAsync(Cancellation);
                    return _saves.Take();
                },
                Cancellation);
        });
        var stored = await desk.InDatabaseAsync(database => database.Set<Ticket>().OrderBy(ticket => ticket.Id).Select(ticket => new { ticket.Token, ticket.Subject, Junk = ticket.Junk == null ? null : ticket.Junk.Reason }).ToListAsync(Cancellation));
        stored.ConvertAll(ticket => (ticket.Token, ticket.Subject, ticket.Junk))
            .ShouldBe([("junk", "Changed", "links"), ("beside a change", "Lamp", null), ("within a transaction", "Lamp", null)]);
    }

    protected Task<DeskServer> StartAsync() => start(_saves);

    protected static Task<bool> SaveAsync(DeskServer desk, long site, string token) => desk.InDatabaseAsync(async database =>
    {
        database.Add(MessageOf(New(site, token)));
        database.Signal(() => new LiveSignal("test", "stored", "{}"));
        await database.SaveNewAsync(Cancellation);
        return true;
    });

    private async Task<Dictionary<string, string>> StoredAsync(DeskServer desk, string name, Func<Database, Task> save) =>
        await desk.InDatabaseAsync(async database =>
        {
            await database.Database.OpenConnectionAsync(Cancellation);
            await database.Database.ExecuteSqlRawAsync(untied, Cancellation);
            var type = database.Model.FindEntityType(name)!;
            var (table, entry) = (type.GetTableName()!, Filled(database, type));
            await RunAsync($"DELETE FROM \"{table}\"");
            entry.State = EntityState.Added;
            _saves.Take();
            await save(database);

            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            await using (var command = database.Database.GetDbConnection().CreateCommand())
            {
                command.CommandText = $"SELECT * FROM \"{table}\"";
                await using var reader = await command.ExecuteReaderAsync(Cancellation);
                (await reader.ReadAsync(Cancellation)).ShouldBeTrue(name);
                for (var column = 0; column < reader.FieldCount; column++)
                    row[reader.GetName(column)] = reader.GetValue(column) switch { byte[] bytes => Convert.ToHexString(bytes), var value => Convert.ToString(value, CultureInfo.InvariantCulture)! };
                (await reader.ReadAsync(Cancellation)).ShouldBeFalse(name);
            }

            if (InsertStatement.Of(type, database.Engine)!.Key is { } key)
            {
                row.Remove(key.GetColumnName(), out var given).ShouldBeTrue();
                given.ShouldBe(Convert.ToString(entry.CurrentValues[key], CultureInfo.InvariantCulture), name);
            }

            await RunAsync($"DELETE FROM \"{table}\"");
            await database.Database.ExecuteSqlRawAsync(tied, Cancellation);
            return row;

            async Task RunAsync(string text)
            {
                await using var command = database.Database.GetDbConnection().CreateCommand();
                command.CommandText = text;
                await command.ExecuteNonQueryAsync(Cancellation);
            }
        });

    /// <summary>An entity with a value of its own in every property but a key that the database gives, and those that refer to their own kind.</summary>
    private static EntityEntry Filled(Database database, IEntityType type)
    {
        var entry = database.Entry(RuntimeHelpers.GetUninitializedObject(type.ClrType));
        var toItself = type.GetForeignKeys().Where(reference => reference.PrincipalEntityType == type).SelectMany(reference => reference.Properties).ToHashSet();
        foreach (var (number, property) in type.GetProperties().Index())
        {
            if (property != InsertStatement.Of(type, database.Engine)!.Key && !toItself.Contains(property))
                entry.CurrentValues[property] = ValueOf(property.ClrType, number + 1, property.GetMaxLength() ?? 7);
        }

        return entry;
    }

    /// <param name="number">Makes it another one than that of the column beside it.</param>
    private static object? ValueOf(Type declared, int number, int longest = 7)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return type switch
        {
            _ when type == typeof(string) => $"имя {number} 王"[..Math.Min(7, longest)],
            _ when type == typeof(DateTime) => Now.AddMinutes(number),
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(Now.AddMinutes(number)),
            _ when type == typeof(DateOnly) => DateOnly.FromDateTime(Now).AddDays(number),
            _ when type == typeof(TimeOnly) => TimeOnly.FromDateTime(Now),
            _ when type == typeof(TimeSpan) => TimeSpan.FromMinutes(number),
            _ when type == typeof(byte[]) => new byte[] { 1, 2, (byte)number },
            _ when type == typeof(bool) => true,
            { IsEnum: true } => Enum.GetValues(type).Cast<object>().Last(),
            _ when type.IsPrimitive || type == typeof(decimal) => Convert.ChangeType(number, type, CultureInfo.InvariantCulture),
            _ when Elements(type) is [var member] => Array.CreateInstance(member, 0),
            _ when Elements(type) is [var key, var value] => Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value)),
            { IsAbstract: true } => null,
            _ when type.GetConstructor([]) is { } make && type.IsGenericType => make.Invoke([]),
            _ => Whole(type, number),
        };

        static Type[] Elements(Type type) => type is { IsGenericType: true, IsInterface: true } ? type.GetGenericArguments() : type.IsArray ? [type.GetElementType()!] : [];
    }

    /// <summary>What is kept as JSON: an object with a value in everything that can be set.</summary>
    private static object Whole(Type type, int number)
    {
        var whole = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var part in type.GetProperties().Where(part => part.CanWrite && part.GetIndexParameters().Length == 0))
            part.SetValue(whole, ValueOf(part.PropertyType, number));
        return whole;
    }

    private static Ticket New(long site, string token)
    {
        var customer = new Customer { Name = "Maria", CreatedAt = Now };
        customer.AddContact(ContactAddress.ParseEmail($"{token.Replace(' ', '.')}@example.org")!, Now);
        var ticket = new Ticket { Token = token, SiteId = site, Customer = customer, Channel = "api", Subject = "Lamp", CreatedAt = Now, UpdatedAt = Now };
        ticket.Tag("one", Actor.System, Now);
        ticket.Tag("two", Actor.System, Now);
        return ticket;
    }

    private static Message MessageOf(Ticket ticket)
    {
        var message = new Message
        {
            Ticket = ticket,
            Kind = MessageKind.Public,
            AuthorKind = ActorKind.Customer,
            AuthorName = "Maria",
            Text = "Where is the lamp?",
            CreatedAt = Now,
            Channel = "api",
            ClientId = "opening",
            Tokens = new MessageTokens { Tokens = "lamp" },
        };
        ticket.Received(message);
        return message;
    }

    /// <summary>Counts the saves that EF Core does itself.</summary>
    private sealed class SavesOfFramework : SaveChangesInterceptor
    {
        public int Count { get; private set; }

        public int Take()
        {
            var count = Count;
            Count = 0;
            return count;
        }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return ValueTask.FromResult(result);
        }
    }

    /// <summary>Nothing works in the background: it would count, and meet rows that refer to nothing.</summary>
    protected static Action<IServiceCollection> Quiet(IInterceptor interceptor) => services =>
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService) && !IsOfFramework(service)).ToList())
            services.Remove(service);
        services.AddSingleton(interceptor);
    };

    private static bool IsOfFramework(ServiceDescriptor service) => service.ImplementationType?.Namespace?.StartsWith("Microsoft", StringComparison.Ordinal) == true;
}

public sealed class NewRowsOnSqliteTests() : NewRowsTests(
    interceptor => DeskServer.StartAsync(replace: Quiet(interceptor)), "PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON");

public sealed class NewRowsOnPostgresTests(PostgresServer server) : NewRowsTests(
    async interceptor => await DeskServer.StartAsync(
        await server.CreateDatabaseAsync(typeof(NewRowsOnPostgresTests), TestContext.Current.CancellationToken), Quiet(interceptor)),
    "SET session_replication_role = replica", "SET session_replication_role = origin")
{
    [Fact]
    public async Task The_keys_are_one_message_and_all_rows_with_their_notices_another()
    {
        await using var desk = await StartAsync();
        await desk.SetUpAsync();
        var (site, name) = await desk.InDatabaseAsync(async database => (await database.Set<Site>().Select(site => site.Id).SingleAsync(Cancellation), database.Database.GetDbConnection().Database));
        await SaveAsync(desk, site, "first"); // asks for the sequences, too

        var sent = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Value as string == name))
                    sent.Enqueue(string.Join(", ", activity.TagObjects));
            },
        };
        ActivitySource.AddActivityListener(listener);
        await SaveAsync(desk, site, "second");
        sent.Count.ShouldBe(2, string.Join('\n', sent));
    }
}
