using Microsoft.EntityFrameworkCore;

namespace SiteDesk.Platform.Data;

/// <summary>Brings the schema to the program's version. EF Core holds a lock in the database meanwhile, so nodes may start together.</summary>
public sealed class DatabaseMigrator(IServiceScopeFactory scopes, DatabaseAddress address, IEnumerable<IExtendSchema> extensions)
{
    /// <summary>Creates or upgrades the schema.</summary>
    /// <exception cref="ConfigurationException">The database cannot be reached, or was written by a newer program.</exception>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<Database>();
            await using var turn = address.Engine == DatabaseEngine.Sqlite ? await SqliteMigrationTurn.TakeAsync(address, cancellation) : null;
            var upgrade = SqliteUpgrade.Of(address);
            // Asked first: EF Core's own start compares the whole model before it finds that nothing is to be done, a fifth of
            // the program's start. On a new database it still does, so that a forgotten migration fails every test.
            var state = await StateOfAsync(database, cancellation);
            if (state == SchemaState.Older && upgrade is not null)
                await upgrade.RunAsync(database, () => database.Database.MigrateAsync(cancellation), database.Database.GetMigrations().Last(), cancellation);
            else if (state != SchemaState.Current)
                await database.Database.MigrateAsync(cancellation);
            await database.ExtendAsync(extensions, cancellation);
        }
        catch (Exception problem) when (DatabaseFaults.Explain(problem, address) is { } sentence)
        {
            throw new ConfigurationException(sentence, problem);
        }
    }

    /// <exception cref="ConfigurationException">The database was written by a newer program.</exception>
    private static async Task<SchemaState> StateOfAsync(Database database, CancellationToken cancellation)
    {
        if (!await database.Database.CanConnectAsync(cancellation))
            return SchemaState.Empty;
        var known = database.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await database.Database.GetAppliedMigrationsAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        if (applied.LastOrDefault(migration => !known.Contains(migration)) is { } newer)
            throw new ConfigurationException($"The database was written by a newer SiteDesk (it has “{newer}”). Start that version, or restore a backup made before the upgrade.");
        return applied.Count == 0 ? SchemaState.Empty : known.IsSubsetOf(applied) ? SchemaState.Current : SchemaState.Older;
    }

    private enum SchemaState
    {
        Empty,
        Older,
        Current,
    }
}
