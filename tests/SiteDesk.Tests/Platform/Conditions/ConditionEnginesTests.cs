using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using SiteDesk.Platform.Conditions;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.Platform.Conditions;

/// <summary>What a condition means does not depend on where it is asked: memory, SQLite and PostgreSQL agree.</summary>
public sealed class ConditionEnginesTests(PostgresServer postgres, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly DateTime Now = new(2026, 3, 29, 9, 30, 0, 250, DateTimeKind.Utc);

    // Kept open: an in-memory SQLite database lives as long as a connection to it.
    private readonly SqliteConnection _memory = new($"Data Source={Guid.NewGuid():N};Mode=Memory;Cache=Shared");
    private readonly SqlRecorder _sql = new();
    private DbContextOptions _sqliteOptions = null!;
    private DbContextOptions _postgresOptions = null!;
    private NpgsqlDataSource _source = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _memory.OpenAsync(Cancellation);
        _source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(GetType(), Cancellation));
        _sqliteOptions = new DbContextOptionsBuilder().UseSqlite(_memory.ConnectionString).AddInterceptors(ConditionText.SqliteFunctions, _sql).Options;
        _postgresOptions = new DbContextOptionsBuilder().UseNpgsql(_source).AddInterceptors(_sql).Options;
        foreach (var database in Databases())
        {
            await using (database)
                await database.Database.EnsureCreatedAsync(Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _memory.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Theory]
    [InlineData(1, "UTC")]
    [InlineData(2, "Europe/Moscow")]
    [InlineData(3, "Asia/Shanghai")]
    [InlineData(4, "America/New_York")]
    public async Task RandomConditionsFindTheSameRowsInMemoryAndInBothEngines(int seed, string zone)
    {
        const int Conditions = 750, Rows = 150;
        output.WriteLine($"seed {seed}");
        var random = new RandomParcels(seed, Now);
        var rows = Enumerable.Range(0, Rows).Select(_ => random.NextParcel()).ToList();
        await StoreAsync(rows);
        ConditionReader[] readers =
        [
            ConditionReader.At(new FixedTime(Now), TimeZoneInfo.FindSystemTimeZoneById(zone), 2, [10, 12]),
            ConditionReader.At(new FixedTime(Now), TimeZoneInfo.FindSystemTimeZoneById(zone)),
        ];
        await using var sqlite = Sqlite();
        await using var server = Postgres();
        long matches = 0;
        for (var i = 0; i < Conditions; i++)
        {
            var condition = random.NextCondition();
            var reader = readers[i % 2];
            var because = $"seed {seed}, condition {i}: {condition.ToJson()}";
            ParcelFields.All.Check(condition).ShouldBeEmpty(because);

            var test = ParcelFields.All.ToTest(condition, reader);
            var expected = rows.Where(test).Select(row => row.Id).Order().ToList();
            matches += expected.Count;

            (await FindAsync(sqlite, condition, reader)).ShouldBe(expected, $"SQLite, {because}");
            (await FindAsync(server, condition, reader)).ShouldBe(expected, $"PostgreSQL, {because}");
        }
        output.WriteLine($"{Conditions} conditions over {Rows} rows, {matches} matches of {(long)Conditions * Rows}");
        matches.ShouldBeInRange(Conditions * Rows / 10, Conditions * Rows * 9L / 10, "conditions that nearly always or never hold would prove little");
    }

    [Fact]
    public async Task EveryCharacterFoldsTheSameEverywhere()
    {
        // Both engines are handed all of Unicode at once. What a newer Unicode version has added since
        // PostgreSQL's ICU was built may differ; the alphabets people write in may not.
        var all = string.Concat(Enumerable.Range(0x20, 0x10FFFF - 0x20).Where(code => code is < 0xD800 or > 0xDFFF).Select(char.ConvertFromUtf32));
        var expected = ConditionText.Fold(all);
        foreach (var database in Databases())
        {
            await using (database)
            {
                database.Parcels.Add(new Parcel { Subject = all, CreatedAt = Now });
                await database.SaveChangesAsync(Cancellation);
                var folded = await database.Parcels.Select(parcel => ConditionText.Fold(parcel.Subject)).SingleAsync(Cancellation);
                var different = all.EnumerateRunes().Zip(expected.EnumerateRunes(), folded.EnumerateRunes())
                    .Where(runes => runes.Second != runes.Third)
                    .Select(runes => $"U+{runes.First.Value:X4}: U+{runes.Second.Value:X4} in memory, U+{runes.Third.Value:X4} in {database.Database.ProviderName}");
                different.ShouldBeEmpty();
                folded.Length.ShouldBe(expected.Length);
            }
        }
    }

    [Fact]
    public async Task CaseDoesNotMatterInCyrillic()
    {
        await StoreAsync([new Parcel { Id = 1, Subject = "ВОЗВРАТ ДЕНЕГ ЗА ЁЛКУ", CreatedAt = Now }]);
        await ShouldFindAsync("""{"all":[{"field":"subject","operator":"contains-all-words","values":["ёлку возврат"]}]}""", 1);
        await ShouldFindAsync("""{"all":[{"field":"subject","operator":"starts-with","values":["Возврат Д"]}]}""", 1);
        await ShouldFindAsync("""{"all":[{"field":"subject","operator":"is","values":["возврат денег за ёлку"]}]}""", 1);
        await ShouldFindAsync("""{"all":[{"field":"subject","operator":"one-of","values":["退款","возврат денег за Ёлку"]}]}""", 1);
        await ShouldFindAsync("""{"all":[{"field":"subject","operator":"contains-all-words","values":["возврат товара"]}]}""");
    }

    [Fact]
    public async Task AnEmptyFieldIsNotAnythingAndIsInNoRange()
    {
        await StoreAsync([new Parcel { Id = 1, CreatedAt = Now }]);
        await ShouldFindAsync("""{"all":[{"field":"assignee","operator":"is-not","values":[2]}]}""", 1);
        await ShouldFindAsync("""{"all":[{"field":"customer","operator":"contains-no-word","values":["x"]}]}""", 1);
        await ShouldFindAsync("""{"all":[{"field":"price","operator":"less-than","values":[5]}]}""");
        await ShouldFindAsync("""{"none":[{"field":"price","operator":"less-than","values":[5]}]}""", 1);
        await ShouldFindAsync("""{"none":[{"field":"due","operator":"before","values":[{"relative":"now"}]}]}""", 1);
        await ShouldFindAsync("""{"any":[{"field":"insured","operator":"is-true"},{"field":"insured","operator":"is-false"}]}""");
        await ShouldFindAsync("""{"all":[{"field":"tags","operator":"is-empty"},{"field":"customer","operator":"is-empty"}]}""", 1);
    }

    [Fact]
    public async Task TodayIsTheReadersDay()
    {
        // In Shanghai it is the 30th from 16:00 UTC on; in New York the 29th begins at 04:00 UTC.
        await StoreAsync(
        [
            new Parcel { Id = 1, CreatedAt = new DateTime(2026, 3, 29, 3, 59, 59, DateTimeKind.Utc) },
            new Parcel { Id = 2, CreatedAt = new DateTime(2026, 3, 29, 4, 0, 0, DateTimeKind.Utc) },
            new Parcel { Id = 3, CreatedAt = new DateTime(2026, 3, 29, 16, 0, 0, DateTimeKind.Utc) },
        ]);
        const string Today = """{"all":[{"field":"created","operator":"on","values":[{"relative":"today"}]}]}""";
        await ShouldFindAsync(Today, "America/New_York", 2, 3);
        await ShouldFindAsync(Today, "Asia/Shanghai", 1, 2);
    }

    [Fact]
    public async Task ADayOfTheClockChangeIsAsLongAsItIs()
    {
        // In Berlin the 29th of March 2026 has 23 hours: from 23:00 UTC of the 28th to 22:00 UTC.
        await StoreAsync(
        [
            new Parcel { Id = 1, CreatedAt = new DateTime(2026, 3, 28, 23, 0, 0, DateTimeKind.Utc) },
            new Parcel { Id = 2, CreatedAt = new DateTime(2026, 3, 29, 21, 59, 59, DateTimeKind.Utc) },
            new Parcel { Id = 3, CreatedAt = new DateTime(2026, 3, 29, 22, 0, 0, DateTimeKind.Utc) },
        ]);
        await ShouldFindAsync("""{"all":[{"field":"created","operator":"on","values":["2026-03-29"]}]}""", "Europe/Berlin", 1, 2);
        await ShouldFindAsync("""{"all":[{"field":"created","operator":"after","values":["2026-03-29"]}]}""", "Europe/Berlin", 3);
    }

    [Fact]
    public async Task MeIsNobodyWhenARuleRunsByItself()
    {
        await StoreAsync([new Parcel { Id = 1, AssigneeId = 2, CreatedAt = Now }, new Parcel { Id = 2, CreatedAt = Now }]);
        var mine = Parse("""{"all":[{"field":"assignee","operator":"is","values":[{"relative":"me"}]}]}""");
        await using var database = Sqlite();
        (await FindAsync(database, mine, ConditionReader.At(new FixedTime(Now), TimeZoneInfo.Utc, staffId: 2))).ShouldBe([1]);
        (await FindAsync(database, mine, ConditionReader.At(new FixedTime(Now), TimeZoneInfo.Utc))).ShouldBeEmpty();
    }

    [Fact]
    public async Task ValuesAreParametersSoThatAShapeIsCompiledOnce()
    {
        foreach (var database in Databases())
        {
            await using (database)
            {
                _sql.Commands.Clear();
                await FindAsync(database, Parse("""{"all":[{"field":"subject","operator":"is","values":["secret"]},{"field":"created","operator":"within-last","values":[{"amount":3,"unit":"hours"}]}]}"""), Reader("UTC"));
                await FindAsync(database, Parse("""{"all":[{"field":"subject","operator":"is","values":["other"]},{"field":"created","operator":"within-last","values":[{"amount":5,"unit":"days"}]}]}"""), Reader("UTC"));
                _sql.Commands.Count.ShouldBe(2);
                _sql.Commands[0].ShouldBe(_sql.Commands[1]);
                _sql.Commands[0].ShouldNotContain("secret");
            }
        }
    }

    private static Condition Parse(string where)
    {
        var (condition, problems) = ConditionJson.Parse("{\"version\":1,\"where\":" + where + "}");
        problems.ShouldBeEmpty();
        return condition!;
    }

    private static ConditionReader Reader(string zone) => ConditionReader.At(new FixedTime(Now), TimeZoneInfo.FindSystemTimeZoneById(zone), 2, [10]);

    private Task ShouldFindAsync(string where, params long[] ids) => ShouldFindAsync(where, "UTC", ids);

    private async Task ShouldFindAsync(string where, string zone, params long[] ids)
    {
        foreach (var database in Databases())
        {
            await using (database)
                (await FindAsync(database, Parse(where), Reader(zone))).ShouldBe(ids.ToList(), $"{database.Database.ProviderName}: {where}");
        }
    }

    private static Task<List<long>> FindAsync(ParcelDatabase database, Condition condition, ConditionReader reader) =>
        database.Parcels.Where(ParcelFields.All.ToQuery(condition, reader)).OrderBy(parcel => parcel.Id).Select(parcel => parcel.Id).ToListAsync(Cancellation);

    private async Task StoreAsync(IReadOnlyList<Parcel> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Id = i + 1;
        }
        foreach (var database in Databases())
        {
            await using (database)
            {
                database.Parcels.AddRange(rows);
                await database.SaveChangesAsync(Cancellation);
            }
            // The same objects go into the next database, with keys given by it.
            foreach (var row in rows)
            {
                row.Tags.ForEach(tag => tag.Id = 0);
                row.Followers.ForEach(follower => follower.Id = 0);
                row.Values.ForEach(value => value.Id = 0);
            }
        }
    }

    private IEnumerable<ParcelDatabase> Databases()
    {
        yield return Sqlite();
        yield return Postgres();
    }

    private ParcelDatabase Sqlite() => new(_sqliteOptions, postgres: false);

    private ParcelDatabase Postgres() => new(_postgresOptions, postgres: true);

    private sealed class SqlRecorder : DbCommandInterceptor
    {
        public List<string> Commands { get; } = [];

        public override ValueTask<InterceptionResult<System.Data.Common.DbDataReader>> ReaderExecutingAsync(
            System.Data.Common.DbCommand command, CommandEventData eventData, InterceptionResult<System.Data.Common.DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Commands.Add(command.CommandText);
            return ValueTask.FromResult(result);
        }
    }
}
