using System.Data.Common;
using System.Globalization;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tests.Tickets.Plans;

/// <summary>Fills a desk with tickets as the program would have written them, by the hundred thousand and in seconds.</summary>
/// <param name="engine">Both understand the same statements but for a few words.</param>
internal sealed class ManyTickets(DatabaseEngine engine)
{
    public const int Count = 200_000, Customers = Count / 4;

    /// <summary>A ticket with a long talk.</summary>
    public const int LongTalk = 7;

    private bool IsSqlite => engine == DatabaseEngine.Sqlite;

    /// <summary>Ticket n is n minutes old at its last movement; one in twenty is of the second site and of the team.</summary>
    public async Task FillAsync(DbConnection connection, CancellationToken cancellation)
    {
        if (IsSqlite)
        {
            await using var fast = connection.CreateCommand();
            fast.CommandText = "PRAGMA synchronous=OFF; PRAGMA cache_size=-300000";
            await fast.ExecuteNonQueryAsync(cancellation);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var statement in Statements())
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandTimeout = 120;
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private IEnumerable<string> Statements()
    {
        yield return $"""
            INSERT INTO customers_customers ("Id", "Name", "AddressAs", "Language", "Remarks", "CreatedAt", "Version")
            {From(Customers, "n, 'Customer ' || n, '', 'en', '', " + Ago("n") + ", 0")}
            """;
        yield return $"""
            INSERT INTO customers_contacts ("CustomerId", "Kind", "Value", "Shown", "AddedAt")
            {From(Customers, "n, 'Email', 'customer' || n || '@example.org', 'customer' || n || '@example.org', " + Ago("n"))}
            """;
        yield return $"""
            INSERT INTO tickets_tickets ("Id", "Token", "SiteId", "CustomerId", "Channel", "Subject", "Language", "Status", "Stage", "Priority", "AssigneeId", "TeamId",
              "CreatedAt", "UpdatedAt", "LastMessageAt", "Preview", "AwaitsReply", "SeenByCustomerId", "JunkReason", "JunkAt", "MergedCount", "Version")
            {From(Count, $"""
              n, 'token-' || n, CASE WHEN n % 20 = 3 THEN 2 ELSE 1 END, 1 + n % {Customers}, 'form', 'Where is order ' || n || '?', 'en',
              CASE WHEN n % 10 = 0 THEN 'Open' WHEN n % 10 = 1 THEN 'Pending' ELSE 'Solved' END,
              CASE WHEN n % 10 = 0 OR n % 200 = 3 THEN 0 WHEN n % 10 = 1 THEN 1 WHEN n % 10 = 2 THEN 3 WHEN n % 200 = 5 THEN 4 ELSE 2 END,
              CASE WHEN n % 97 = 0 THEN 3 WHEN n % 7 = 0 THEN 2 ELSE 1 END,
              CASE WHEN n % 3 = 0 THEN 1 END, CASE WHEN n % 20 = 3 THEN 1 END,
              {Ago("n + 30")}, {Ago("n")}, {Ago("n")}, 'The parcel has not come yet.', (n % 10 = 0), 0,
              CASE WHEN n % 10 = 2 THEN 'manual' END, CASE WHEN n % 10 = 2 THEN {Ago("n")} END, 0, 0
              """)}
            """;
        yield return Messages(Count, "n", "'customer-' || n", "'The parcel w' || (n % 1000) || ' has not come yet.'");
        yield return Messages(60, LongTalk.ToString(CultureInfo.InvariantCulture), "'talk-' || n", "'One more word about it.'");
        yield return """INSERT INTO tickets_message_tokens ("MessageId", "Tokens") SELECT "Id", lower(replace(replace("Text", '.', ''), ',', '')) FROM tickets_messages""";
        yield return $"""
            INSERT INTO tickets_changes ("TicketId", "At", "ActorKind", "ActorId", "ActorName", "Field", "From", "To")
            {From(Count, "n, " + Ago("n") + ", 'Staff', 1, 'Olga Owner', 'priority', 'Low', 'Normal'")}
            """;
        yield return $"""INSERT INTO tickets_tags ("TicketId", "Name") {From(Count, "n, 'tag-' || (n % 50)")}""";
        yield return $"""
            INSERT INTO tickets_notifications ("StaffId", "Kind", "TicketId", "ActorName", "CreatedAt", "Key")
            {From(20_000, "1 + n % 3, 'assigned', n, 'Somebody', " + Ago("n") + ", 'key-' || n")}
            """;
    }

    private string Messages(int count, string ticket, string clientId, string text) => $"""
        INSERT INTO tickets_messages ("TicketId", "Kind", "AuthorKind", "AuthorName", "Text", "CreatedAt", "Channel", "ClientId", "MentionedIds")
        {From(count, $"{ticket}, 'Public', 'Customer', 'Customer', {text}, {Ago("n")}, 'form', {clientId}, '[]'")}
        """;

    private string From(int count, string columns) => IsSqlite
        ? string.Create(CultureInfo.InvariantCulture, $"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) SELECT {columns} FROM numbers")
        : string.Create(CultureInfo.InvariantCulture, $"SELECT {columns} FROM generate_series(1, {count}) AS numbers(n)");

    private string Ago(string minutes) => IsSqlite
        ? $"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || ({minutes}) || ' minutes')"
        : $"date_trunc('milliseconds', now() - ({minutes}) * interval '1 minute')";
}
