using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine;

/// <summary>What is told, and with which code the program ends, when something cannot go on.</summary>
internal static class Faults
{
    public static (int Code, string Sentence) Explain(Exception problem) => problem switch
    {
        UsageException => (ExitCode.Usage, problem.Message),
        ConfigurationException => (CodeOf(problem.InnerException) ?? ExitCode.Configuration, problem.Message),
        InvalidDataException => (ExitCode.DamagedData, problem.Message),
        DirectoryNotFoundException or FileNotFoundException => (ExitCode.Usage, problem.Message),
        _ when Find<AddressInUseException>(problem) is not null => (ExitCode.Unavailable,
            $"The port is taken by another program: {problem.Message.TrimEnd('.')}. Stop that program, or choose another port with --urls http://localhost:PORT."),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => (ExitCode.NoPermission,
            "Ports below 1024 need a right of their own: run behind a proxy on port 5080, or give the program CAP_NET_BIND_SERVICE (the systemd unit does)."),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => (ExitCode.Configuration,
            "This machine does not have the address to listen on. Check Urls."),
        _ when CodeOf(problem) is { } code => (code, Describe(problem)),
        _ => (ExitCode.Failed, $"Something unforeseen happened; please report it with what follows.{Environment.NewLine}{problem}"),
    };

    private static int? CodeOf(Exception? problem) => problem switch
    {
        null => null,
        SqliteException { SqliteErrorCode: 5 or 6 } => ExitCode.TryLater,
        SqliteException { SqliteErrorCode: 13 or 10 } => ExitCode.InputOutput,
        SqliteException { SqliteErrorCode: 8 or 14 } => ExitCode.NoPermission,
        SqliteException { SqliteErrorCode: 11 or 26 } => ExitCode.DamagedData,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => ExitCode.InputOutput,
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow } => ExitCode.TryLater,
        PostgresException => ExitCode.Configuration,
        SocketException or TimeoutException => ExitCode.Unavailable,
        UnauthorizedAccessException => ExitCode.NoPermission,
        NpgsqlException { InnerException: null } => ExitCode.Unavailable,
        IOException io when IsDiskFull(io) => ExitCode.InputOutput,
        _ => CodeOf(problem.InnerException),
    };

    private static string Describe(Exception problem) => problem switch
    {
        IOException io when IsDiskFull(io) => "The disk is full. Free some space and try again; nothing was damaged.",
        UnauthorizedAccessException => $"{problem.Message} Check that it belongs to the user who runs SiteDesk.",
        _ => problem.Message,
    };

    // ENOSPC and EDQUOT on Linux, ERROR_DISK_FULL on Windows: .NET hands the system's number through in HResult.
    private static bool IsDiskFull(IOException problem) =>
        problem.HResult is 28 or 122 or unchecked((int)0x80070070) || problem.Message.Contains("No space left", StringComparison.Ordinal);

    private static TException? Find<TException>(Exception? problem) where TException : Exception
    {
        for (; problem is not null; problem = problem.InnerException)
        {
            if (problem is TException found)
                return found;
        }

        return null;
    }
}
