using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SiteDesk.Language;

namespace SiteDesk.Bench.Desk;

/// <summary>
/// Messages by the million, always the same: words of three languages whose frequencies follow Zipf's law, analysed by the program's
/// own analyser, written by the engine's fastest way.
/// </summary>
internal sealed class ManyMessages
{
    private const int MessagesOfTicket = 5;
    private const int Vocabulary = 30_000;
    private const int ChineseWords = 8_000;
    private const int Seed = 20_26;

    private static readonly string[] Latin = ["ba", "re", "ti", "con", "der", "sa", "mo", "lin", "per", "tu", "ga", "nor", "ple", "ver", "do", "cha", "mi", "ser", "fo", "ku"];
    private static readonly string[] Cyrillic = ["ба", "ре", "ти", "кон", "дер", "са", "мо", "лин", "пер", "ту", "га", "нор", "пле", "вер", "до", "ча", "ми", "сер", "фо", "ку"];

    private readonly Random _random = new(Seed);
    private readonly string[][] _words = [Spell(Latin), Spell(Cyrillic), SpellChinese()];

    /// <summary>How many messages a fill writes.</summary>
    public required int Count { get; init; }

    /// <summary>Two words of one language: drawn as the texts draw them (so mostly common ones), or a common and a rare one.</summary>
    public IEnumerable<string> Searches(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var words = _words[i % 3];
            var first = words[i % 2 == 0 ? Rank(words.Length) : _random.Next(20)];
            var second = words[i % 2 == 0 ? Rank(words.Length) : _random.Next(words.Length)];
            yield return $"{first} {second}";
        }
    }

    public async Task FillSqliteAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=120");
        await connection.OpenAsync();
        await RunAsync(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-300000");
        await using var transaction = connection.BeginTransaction();
        foreach (var statement in Tickets(number => $"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({number}) || ' minutes')", count => $"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})", "numbers"))
            await RunAsync(connection, statement);
        await using var message = connection.CreateCommand();
        message.CommandText = """
            INSERT INTO tickets_messages ("Id", "TicketId", "Kind", "AuthorKind", "AuthorName", "Text", "CreatedAt", "Channel", "ClientId", "MentionedIds")
            VALUES ($id, $ticket, 'Public', 'Customer', 'Customer', $text, $at, 'form', $client, '[]')
            """;
        await using var tokens = connection.CreateCommand();
        tokens.CommandText = """INSERT INTO tickets_message_tokens ("MessageId", "Tokens") VALUES ($id, $tokens)""";
        foreach (var (command, names) in new[] { (message, new[] { "$id", "$ticket", "$text", "$at", "$client" }), (tokens, ["$id", "$tokens"]) })
        {
            foreach (var name in names)
                command.Parameters.Add(new SqliteParameter(name, null));
        }

        foreach (var row in Rows())
        {
            (message.Parameters[0].Value, message.Parameters[1].Value, message.Parameters[2].Value) = (row.Id, row.Ticket, row.Text);
            (message.Parameters[3].Value, message.Parameters[4].Value) = (row.At.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture), ClientId(row.Id));
            message.ExecuteNonQuery();
            (tokens.Parameters[0].Value, tokens.Parameters[1].Value) = (row.Id, row.Tokens);
            tokens.ExecuteNonQuery();
        }

        await transaction.CommitAsync();
        await RunAsync(connection, "PRAGMA wal_checkpoint(TRUNCATE); ANALYZE");
    }

    public async Task FillPostgresAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Command Timeout=600");
        foreach (var statement in Tickets(number => $"date_trunc('milliseconds', now() - ({number}) * interval '1 minute')", _ => "", "generate_series(1, {0}) AS numbers(n)"))
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }

        await using (var connection = await source.OpenConnectionAsync())
        await using (var writer = await connection.BeginBinaryImportAsync("""COPY tickets_messages ("Id", "TicketId", "Kind", "AuthorKind", "AuthorName", "Text", "CreatedAt", "Channel", "ClientId", "MentionedIds") FROM STDIN (FORMAT BINARY)"""))
        {
            foreach (var row in Rows())
            {
                await writer.WriteRowAsync(CancellationToken.None, row.Id, row.Ticket, "Public", "Customer", "Customer", row.Text, DateTime.SpecifyKind(row.At, DateTimeKind.Utc), "form", ClientId(row.Id), "[]");
            }

            await writer.CompleteAsync();
        }

        await using (var connection = await source.OpenConnectionAsync())
        await using (var writer = await connection.BeginBinaryImportAsync("""COPY tickets_message_tokens ("MessageId", "Tokens") FROM STDIN (FORMAT BINARY)"""))
        {
            foreach (var row in Rows())
            {
                await writer.StartRowAsync();
                await writer.WriteAsync(row.Id, NpgsqlDbType.Bigint);
                await writer.WriteAsync(row.Tokens, NpgsqlDbType.Text);
            }

            await writer.CompleteAsync();
        }

        await using var vacuum = source.CreateCommand("VACUUM ANALYZE");
        await vacuum.ExecuteNonQueryAsync();
    }

    private IEnumerable<string> Tickets(Func<string, string> ago, Func<int, string> with, string from)
    {
        var (tickets, customers) = (Count / MessagesOfTicket, Math.Max(1, Count / MessagesOfTicket / 4));
        string From(int count) => string.Format(CultureInfo.InvariantCulture, from, count);
        yield return $"""
            INSERT INTO customers_customers ("Id", "Name", "AddressAs", "Language", "Remarks", "CreatedAt", "Version")
            {with(customers)} SELECT n, 'Customer ' || n, '', 'en', '', {ago("n")}, 0 FROM {From(customers)}
            """;
        yield return $"""
            INSERT INTO tickets_tickets ("Id", "Token", "SiteId", "CustomerId", "Channel", "Subject", "Language", "Status", "Stage", "Priority", "AssigneeId",
              "CreatedAt", "UpdatedAt", "LastMessageAt", "Preview", "AwaitsReply", "SeenByCustomerId", "MergedCount", "Version")
            {with(tickets)} SELECT n, 'bench-ticket-' || n, 1, 1 + n % {customers}, 'form', 'Order ' || n, 'en',
              CASE WHEN n % 10 = 0 THEN 'Open' ELSE 'Solved' END, CASE WHEN n % 10 = 0 THEN 0 ELSE 2 END, 1, CASE WHEN n % 3 = 0 THEN 1 END,
              {ago($"{tickets} - n")}, {ago($"{tickets} - n")}, {ago($"{tickets} - n")}, 'A lamp.', (n % 10 = 0), 0, 0, 0 FROM {From(tickets)}
            """;
    }

    /// <summary>Message n of a ticket that is some messages old; the newest has the greatest key.</summary>
    private IEnumerable<(long Id, long Ticket, string Text, string Tokens, DateTime At)> Rows()
    {
        var random = new Random(Seed);
        var begin = DateTime.UtcNow.AddMinutes(-Count / MessagesOfTicket);
        for (var id = 1L; id <= Count; id++)
        {
            var text = Write(random, (int)(id % 3));
            yield return (id, 1 + (id - 1) / MessagesOfTicket, text, SearchText.ForIndex(text), begin.AddMinutes((double)id / MessagesOfTicket));
        }
    }

    /// <summary>Ten to fifty words; in Chinese without spaces.</summary>
    private string Write(Random random, int language)
    {
        var words = _words[language];
        var text = new StringBuilder();
        for (var left = random.Next(10, 51); left > 0; left--)
        {
            if (text.Length > 0 && language < 2)
                text.Append(' ');
            text.Append(words[Rank(words.Length, random)]);
        }

        return text.ToString();
    }

    /// <summary>Rank r is drawn with a probability proportional to 1/r.</summary>
    private int Rank(int count, Random? random = null) => (int)Math.Pow(count, (random ?? _random).NextDouble()) - 1;

    private static string ClientId(long id) => string.Create(CultureInfo.InvariantCulture, $"bench-{id}");

    private static string[] Spell(string[] syllables) => [.. Enumerable.Range(0, Vocabulary).Select(number =>
    {
        var word = "";
        for (var rest = number + syllables.Length; rest > 0; rest /= syllables.Length)
            word += syllables[rest % syllables.Length];
        return word;
    })];

    /// <summary>Words of two characters.</summary>
    private static string[] SpellChinese() => [.. Enumerable.Range(0, ChineseWords).Select(number => $"{(char)('\u4E00' + number * 7 % 3000)}{(char)('\u4E00' + number / 3 % 3000)}")];

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
