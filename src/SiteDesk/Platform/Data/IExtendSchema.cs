using Microsoft.EntityFrameworkCore;

namespace SiteDesk.Platform.Data;

/// <summary>
/// What a feature needs in the database that a generated migration cannot say: full-text tables, triggers, generated columns.
/// Run after every migration, so each statement must be repeatable (<c>IF NOT EXISTS</c>).
/// </summary>
public interface IExtendSchema
{
    IEnumerable<string> Statements(DatabaseEngine engine);
}

internal static class SchemaExtensions
{
    // Any fixed number: nodes that start together take turns.
    private const long AdvisoryLock = 0x5349544544455348;

    public static Task<bool> ExtendAsync(this Database database, IEnumerable<IExtendSchema> extensions, CancellationToken cancellation) =>
        database.InTransactionAsync(async () =>
        {
            if (database.Engine == DatabaseEngine.Postgres)
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellation);
            foreach (var statement in extensions.SelectMany(extension => extension.Statements(database.Engine)))
                await database.Database.ExecuteSqlRawAsync(statement, cancellation);
            return true;
        }, cancellation);
}
