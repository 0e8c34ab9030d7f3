using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SiteDesk.Platform.Data;

/// <summary>Says in a sentence what is wrong with the database and what to do, for the faults an administrator can mend.</summary>
public static class DatabaseFaults
{
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteCorrupt = 11, SqliteFull = 13, SqliteConstraint = 19, SqliteCannotOpen = 14, SqliteTooBig = 18, SqliteMismatch = 20, SqliteRange = 25, SqliteNotADatabase = 26;

    /// <summary>
    /// Whether a save failed because somebody else was quicker: looking again and trying again helps. A full disk or a locked file
    /// is no conflict, and trying again at once only makes it worse.
    /// </summary>
    public static bool IsConflict(this DbUpdateException problem) => problem is DbUpdateConcurrencyException || Innermost(problem) is
        SqliteException { SqliteErrorCode: SqliteConstraint }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>
    /// Whether the database refused what it was given (too long, a character it does not store, a rule of the table), rather than
    /// being unwell itself: the same data is refused every time. SQLSTATE classes 22 and 23.
    /// </summary>
    public static bool IsRefusedData(Exception problem) => Innermost(problem) switch
    {
        SqliteException refused => refused.SqliteErrorCode is SqliteConstraint or SqliteTooBig or SqliteMismatch or SqliteRange,
        PostgresException refused => refused.SqlState.StartsWith("22", StringComparison.Ordinal) || refused.SqlState.StartsWith("23", StringComparison.Ordinal),
        _ => false,
    };

    /// <returns>The sentence, or null when the fault is of another kind.</returns>
    public static string? Explain(Exception problem, DatabaseAddress address) => Innermost(problem) switch
    {
        SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked } => "The database file is locked by another program. Stop it, or wait until it has finished, and start again.",
        SqliteException { SqliteErrorCode: SqliteFull } => "The disk is full. Free some space and start again; nothing was damaged.",
        SqliteException { SqliteErrorCode: SqliteReadOnly or SqliteCannotOpen } => "The database file cannot be opened for writing. Check that the data folder exists and belongs to the user who runs SiteDesk.",
        SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase } => "The database file is damaged or is not a SiteDesk database. Restore the newest backup: sitedesk restore FILE.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => "PostgreSQL refuses the user name or password of the connection string.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "PostgreSQL has no database of that name. Create it first: createdb NAME.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => "The PostgreSQL user may not create tables in this database. Make it the owner of the database.",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "The disk of the PostgreSQL server is full.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "PostgreSQL has no free connections.",
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => "PostgreSQL is stopping or starting. Wait until it runs.",
        SocketException or TimeoutException or EndOfStreamException when address.Engine == DatabaseEngine.Postgres => "PostgreSQL cannot be reached. Check host and port of the connection string, and that the server runs.",
        IOException { Message: var message } when message.Contains("No space left", StringComparison.Ordinal) => "The disk is full. Free some space and start again; nothing was damaged.",
        UnauthorizedAccessException => "The data folder cannot be written. Check that it belongs to the user who runs SiteDesk.",
        _ => null,
    };

    private static Exception Innermost(Exception problem)
    {
        while (problem is not (SqliteException or PostgresException) && problem.InnerException is { } inner)
            problem = inner;
        return problem;
    }
}

/// <summary>Something in the set-up that a person has to mend; the message is shown without a stack and ends the program with an exit code.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException(string message, Exception? cause = null) : base(message, cause)
    {
    }

    public ConfigurationException()
    {
    }

    public ConfigurationException(string message) : base(message)
    {
    }
}
