namespace SiteDesk.CommandLine;

/// <summary>
/// How the program ends; the numbers are those of sysexits.h where it has one, so that scripts and systemd can tell what needs a
/// person (64, 77, 78: starting again does not help) from what may pass.
/// </summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something unforeseen; the message and the log say more.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not understood.</summary>
    public const int Usage = 64;

    /// <summary>Damaged data: a backup whose checksums differ.</summary>
    public const int DamagedData = 65;

    /// <summary>Another program has the port, or the database cannot be reached.</summary>
    public const int Unavailable = 69;

    /// <summary>The disk is full or failing.</summary>
    public const int InputOutput = 74;

    /// <summary>The database is locked; trying later may help.</summary>
    public const int TryLater = 75;

    /// <summary>A folder or file may not be read or written.</summary>
    public const int NoPermission = 77;

    /// <summary>The configuration is wrong, or does not fit the database.</summary>
    public const int Configuration = 78;
}
