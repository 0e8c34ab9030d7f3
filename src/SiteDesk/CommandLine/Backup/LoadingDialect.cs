using System.Data.Common;

namespace SiteDesk.CommandLine.Backup;

/// <summary>What the two engines do differently while rows are loaded.</summary>
internal abstract class LoadingDialect(DbConnection connection)
{
    public virtual Task BeforeTransactionAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Puts off the checking of references, since tables may point at each other in circles.</summary>
    public abstract Task BeginAsync(CancellationToken cancellation);

    public abstract Task<DbCommand> InsertAsync(ArchivedTable table, CancellationToken cancellation);

    /// <summary>Makes the engine go on with the number the source would have given next.</summary>
    public abstract Task ContinueNumberingAsync(ArchivedTable table, long next, CancellationToken cancellation);

    public abstract Task CheckReferencesAsync(CancellationToken cancellation);

    public async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    protected static string Columns(ArchivedTable table) => SqlName.Quoted(table.Columns.Select(column => column.Name));
}
