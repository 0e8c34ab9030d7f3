using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SiteDesk.Tests.Tickets.Plans;

/// <summary>Listens to what the program asks its database while it answers a request.</summary>
internal sealed class HeardQueries : DbCommandInterceptor
{
    private readonly Lock _turn = new();
    private List<HeardQuery> _heard = [];

    /// <returns>What was heard since the last time.</returns>
    public List<HeardQuery> Take()
    {
        lock (_turn)
        {
            var heard = _heard;
            _heard = [];
            return heard;
        }
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (command.CommandText.Contains("SELECT", StringComparison.OrdinalIgnoreCase) && !command.CommandText.Contains("INSERT ", StringComparison.Ordinal) && !command.CommandText.Contains("UPDATE ", StringComparison.Ordinal))
        {
            var query = new HeardQuery(command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(Copy)]);
            lock (_turn)
                _heard.Add(query);
        }

        return ValueTask.FromResult(result);
    }

    /// <summary>Npgsql's parameters can be cloned; SQLite's are made anew.</summary>
    private static DbParameter Copy(DbParameter parameter) =>
        parameter is ICloneable cloneable ? (DbParameter)cloneable.Clone() : new SqliteParameter(parameter.ParameterName, parameter.Value);
}

internal sealed record HeardQuery(string Sql, IReadOnlyList<DbParameter> Parameters);
