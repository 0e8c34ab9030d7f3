using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Sqlite.Storage.Internal;
using Microsoft.EntityFrameworkCore.Storage;

namespace SiteDesk.Platform.Data;

/// <summary>EF Core's connection to SQLite, which takes an open one from <see cref="SqliteConnections"/> and gives it back instead of closing it.</summary>
[SuppressMessage("Usage", "EF1001:Internal EF Core API usage", Justification = "EF Core offers no other place: interceptors are not asked at the end of a unit of work. Only members meant to be overridden are, and a test shows that connections are kept.")]
internal sealed class KeptSqliteConnection(RelationalConnectionDependencies dependencies, IRawSqlCommandBuilder commands, IDiagnosticsLogger<DbLoggerCategory.Infrastructure> logger)
    : SqliteRelationalConnection(dependencies, commands, logger)
{
    private readonly SqliteConnections _kept =
        dependencies.ContextOptions.FindExtension<CoreOptionsExtension>()!.ApplicationServiceProvider!.GetRequiredService<SqliteConnections>();

    protected override DbConnection CreateDbConnection() => _kept.Take() ?? base.CreateDbConnection();

    // Between two queries, and at the end: it stays open.
    protected override void CloseDbConnection()
    {
    }

    protected override Task CloseDbConnectionAsync() => Task.CompletedTask;

    protected override void DisposeDbConnection()
    {
        if (!_kept.Keep((SqliteConnection)DbConnection))
            base.DisposeDbConnection();
    }

    protected override ValueTask DisposeDbConnectionAsync() =>
        _kept.Keep((SqliteConnection)DbConnection) ? ValueTask.CompletedTask : base.DisposeDbConnectionAsync();
}
