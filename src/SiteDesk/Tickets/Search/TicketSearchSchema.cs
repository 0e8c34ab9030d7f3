using SiteDesk.Platform.Data;

namespace SiteDesk.Tickets.Search;

/// <summary>
/// The full-text index over <see cref="MessageTokens"/>: FTS5 on SQLite, a generated tsvector with GIN on PostgreSQL. Both
/// index our own analyser's tokens as they are, so both find the same.
/// </summary>
internal sealed class TicketSearchSchema : IExtendSchema
{
    public IEnumerable<string> Statements(DatabaseEngine engine) => engine == DatabaseEngine.Sqlite ? Sqlite : Postgres;

    private static readonly string[] Sqlite =
    [
        """
        CREATE VIRTUAL TABLE IF NOT EXISTS tickets_search USING fts5(
          "Tokens", content = 'tickets_message_tokens', content_rowid = 'MessageId', tokenize = 'unicode61 remove_diacritics 0', columnsize = 0)
        """,
        """
        CREATE TRIGGER IF NOT EXISTS tickets_search_added AFTER INSERT ON tickets_message_tokens BEGIN
          INSERT INTO tickets_search(rowid, "Tokens") VALUES (new."MessageId", new."Tokens");
        END
        """,
        """
        CREATE TRIGGER IF NOT EXISTS tickets_search_removed AFTER DELETE ON tickets_message_tokens BEGIN
          INSERT INTO tickets_search(tickets_search, rowid, "Tokens") VALUES ('delete', old."MessageId", old."Tokens");
        END
        """,
        """
        CREATE TRIGGER IF NOT EXISTS tickets_search_changed AFTER UPDATE ON tickets_message_tokens BEGIN
          INSERT INTO tickets_search(tickets_search, rowid, "Tokens") VALUES ('delete', old."MessageId", old."Tokens");
          INSERT INTO tickets_search(rowid, "Tokens") VALUES (new."MessageId", new."Tokens");
        END
        """,
    ];

    private static readonly string[] Postgres =
    [
        """ALTER TABLE tickets_message_tokens ADD COLUMN IF NOT EXISTS search tsvector GENERATED ALWAYS AS (to_tsvector('simple', "Tokens")) STORED""",
        "CREATE INDEX IF NOT EXISTS tickets_message_tokens_search ON tickets_message_tokens USING gin (search)",
    ];
}
