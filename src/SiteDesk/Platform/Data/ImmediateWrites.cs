using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SiteDesk.Platform.Data;

/// <summary>
/// Lets <c>ExecuteUpdateAsync</c> and <c>ExecuteDeleteAsync</c> queue with all other writers (<see cref="WriteGate"/>). They do not
/// pass through a save: past the queue they would find the file locked and sleep through several turns of the others.
/// </summary>
internal sealed class ImmediateWrites : DbCommandInterceptor
{
    public static readonly ImmediateWrites Instance = new();

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (IsImmediate(eventData) && eventData.Context is Database database)
            await database.EnterImmediateWriteAsync(cancellationToken);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Leave(eventData);
        return ValueTask.FromResult(result);
    }

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData);
        return Task.CompletedTask;
    }

    public override Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData);
        return Task.CompletedTask;
    }

    private static bool IsImmediate(CommandEventData eventData) => eventData.CommandSource is CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete;

    private static void Leave(DbContextEventData eventData) => (eventData.Context as Database)?.LeaveImmediateWrite();
}
