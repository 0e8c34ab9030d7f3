using Microsoft.Data.Sqlite;

namespace SiteDesk.Bench.Desk;

/// <summary>Fills a set-up SQLite database with rows as the program itself would have written them, by the hundred thousand.</summary>
internal static class DeskRows
{
    private const string Now = "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || n || ' seconds')";

    private const string Words =
        "'Order ' || (1000 + n % 9000) || ': the parcel with the lamp from the autumn catalogue has not come yet, and the tracking page shows the same line since Monday. " +
        "Could you have a look at where it is? I paid by card on the ' || (1 + n % 28) || 'th and would like to have it before the weekend.'";

    /// <summary>
    /// Tickets 1 to <paramref name="count"/> of a quarter as many customers, the newest first; one in ten is open, one in ten
    /// waits, the rest is done. The first <paramref name="talks"/> are open and have 40 messages, the others one.
    /// </summary>
    public static async Task FillTicketsAsync(string file, int count, int talks)
    {
        await using var connection = await OpenAsync(file);
        await using var transaction = connection.BeginTransaction();
        await RunAsync(connection, $"""
            INSERT INTO customers_customers ("Id", "Name", "AddressAs", "Language", "Remarks", "CreatedAt", "Version")
            {Numbers(Math.Max(1, count / 4))} SELECT n, 'Customer ' || n, '', 'en', '', {Now}, 0 FROM numbers
            """);
        await RunAsync(connection, $"""
            INSERT INTO customers_contacts ("CustomerId", "Kind", "Value", "Shown", "AddedAt")
            {Numbers(Math.Max(1, count / 4))} SELECT n, 'Email', 'customer' || n || '@example.org', 'customer' || n || '@example.org', {Now} FROM numbers
            """);
        await RunAsync(connection, $"""
            INSERT INTO tickets_tickets ("Id", "Token", "SiteId", "CustomerId", "Channel", "Subject", "Language", "Status", "Stage", "Priority", "AssigneeId",
              "CreatedAt", "UpdatedAt", "LastMessageAt", "Preview", "AwaitsReply", "SeenByCustomerId", "MergedCount", "Version")
            {Numbers(count)} SELECT n, 'bench-ticket-' || n, 1, 1 + n % {Math.Max(1, count / 4)}, 'form', 'Where is order ' || (1000 + n % 9000) || '?', 'en',
              CASE WHEN n <= {talks} OR n % 10 = 0 THEN 'Open' WHEN n % 10 = 1 THEN 'Pending' ELSE 'Solved' END,
              CASE WHEN n <= {talks} OR n % 10 = 0 THEN 0 WHEN n % 10 = 1 THEN 1 ELSE 2 END,
              1, CASE WHEN n % 3 = 0 THEN 1 END, {Now}, {Now}, {Now}, substr({Words}, 1, 160), n % 10 = 0, 0, 0, 0 FROM numbers
            """);
        await RunAsync(connection, Messages($"{Numbers(count)}, talk(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM talk WHERE k < 40)", $"numbers JOIN talk ON k = 1 OR n <= {talks}"));
        await RunAsync(connection, Tokens);
        await transaction.CommitAsync();
        await RunAsync(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Visitors 1 to <paramref name="count"/> with a conversation under way each, whose ticket has the same number.</summary>
    public static async Task FillVisitorsAsync(string file, int count)
    {
        await using var connection = await OpenAsync(file);
        connection.CreateFunction("secret_hash", (long number) => Platform.Security.Tokens.Hash(SecretOf(number)), isDeterministic: true);
        await using var transaction = connection.BeginTransaction();
        await RunAsync(connection, $"""
            INSERT INTO customers_customers ("Id", "Name", "AddressAs", "Language", "Remarks", "CreatedAt", "Version")
            {Numbers(count)} SELECT n, 'Visitor ' || n, '', 'en', '', {Now}, 0 FROM numbers
            """);
        await RunAsync(connection, $"""
            INSERT INTO customers_visitors ("Id", "SiteId", "CustomerId", "TokenHash", "CreatedAt", "LastSeenAt")
            {Numbers(count)} SELECT n, 1, n, secret_hash(n), {Now}, {Now} FROM numbers
            """);
        await RunAsync(connection, $"""
            INSERT INTO tickets_tickets ("Id", "Token", "SiteId", "CustomerId", "Channel", "Subject", "Language", "Status", "Stage", "Priority", "AssigneeId",
              "CreatedAt", "UpdatedAt", "LastMessageAt", "Preview", "AwaitsReply", "SeenByCustomerId", "MergedCount", "Version")
            {Numbers(count)} SELECT n, 'bench-ticket-' || n, 1, n, 'chat', 'Order ' || n, 'en', 'Pending', 1, 1, 1, {Now}, {Now}, {Now}, substr({Words}, 1, 160), 0, 0, 0, 0 FROM numbers
            """);
        await RunAsync(connection, $"""
            INSERT INTO chat_conversations ("VisitorId", "TicketId", "StartedAt") {Numbers(count)} SELECT n, n, {Now} FROM numbers
            """);
        await RunAsync(connection, Messages($"{Numbers(count)}, talk(k) AS (SELECT 1)", "numbers JOIN talk"));
        await RunAsync(connection, Tokens);
        await transaction.CommitAsync();
        await RunAsync(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>What a visitor's browser would have made: 44 characters of base64url.</summary>
    public static string SecretOf(long visitor) => $"bench-visitor-{visitor:D30}";

    private const string Tokens = """
        INSERT INTO tickets_message_tokens ("MessageId", "Tokens") SELECT "Id", lower(replace(replace("Text", ',', ''), '.', '')) FROM tickets_messages
        """;

    private static string Numbers(int count) => $"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})";

    private static string Messages(string tables, string rows) => $"""
        INSERT INTO tickets_messages ("TicketId", "Kind", "AuthorKind", "AuthorId", "AuthorName", "Text", "CreatedAt", "Channel", "ClientId", "MentionedIds")
        {tables} SELECT n, 'Public', CASE WHEN k % 2 = 1 THEN 'Customer' ELSE 'Staff' END, CASE WHEN k % 2 = 1 THEN NULL ELSE 1 END,
          CASE WHEN k % 2 = 1 THEN 'Customer ' || n ELSE 'Olga Owner' END, {Words}, {Now}, 'form', 'bench-' || n || '-' || k, '[]' FROM {rows} ORDER BY n, k
        """;

    private static async Task<SqliteConnection> OpenAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=120");
        await connection.OpenAsync();
        await RunAsync(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000");
        return connection;
    }

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
