namespace SiteDesk.CommandLine.Doctor;

/// <summary>What one check found.</summary>
/// <param name="Subject">What was looked at, in two or three words.</param>
/// <param name="Detail">What is so.</param>
/// <param name="Remedy">What to do about it; null when all is well.</param>
internal sealed record Finding(Severity Severity, string Subject, string Detail, string? Remedy = null)
{
    public static Finding Well(string subject, string detail) => new(Severity.Well, subject, detail);

    public static Finding Warning(string subject, string detail, string remedy) => new(Severity.Warning, subject, detail, remedy);

    public static Finding Fault(string subject, string detail, string remedy) => new(Severity.Fault, subject, detail, remedy);
}

internal enum Severity
{
    Well,

    /// <summary>It works, but something will hurt sooner or later.</summary>
    Warning,

    /// <summary>It does not work like this.</summary>
    Fault,
}

/// <summary>One area the doctor looks at. Checks look and never change anything.</summary>
internal interface ICheck
{
    IAsyncEnumerable<Finding> LookAsync(CancellationToken cancellation);
}
