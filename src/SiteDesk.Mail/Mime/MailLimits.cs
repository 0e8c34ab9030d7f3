namespace SiteDesk.Mail;

/// <summary>Bounds on the work one message may cause. Beyond a bound the content is kept, but no longer taken apart.</summary>
public sealed record MailLimits
{
    /// <summary>The usual bounds.</summary>
    public static MailLimits Default { get; } = new();

    /// <summary>How deep multiparts and enclosed messages may nest. Default 24.</summary>
    public int MaximumDepth { get; init; } = 24;

    /// <summary>How many entities one message may have in all. Default 1,000.</summary>
    public int MaximumParts { get; init; } = 1_000;

    /// <summary>How many header fields one entity may have. Default 2,000.</summary>
    public int MaximumHeaderFields { get; init; } = 2_000;

    /// <summary>How many bytes of one field value are decoded. Default 64 KiB.</summary>
    public int MaximumFieldBytes { get; init; } = 64 * 1024;

    /// <summary>How many addresses one field may yield. Default 2,000.</summary>
    public int MaximumAddresses { get; init; } = 2_000;

    /// <summary>How many bytes of text bodies are decoded for reading. A text that goes on is also attached, whole. Default 2 MiB.</summary>
    public int MaximumTextBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>How many problems are listed. Default 100.</summary>
    public int MaximumProblems { get; init; } = 100;
}

/// <summary>Collects problems up to a bound, each text once.</summary>
internal sealed class ProblemList(int maximum)
{
    private readonly List<MailProblem> _problems = [];

    public IReadOnlyList<MailProblem> Problems => _problems;

    public void Add(MailProblemKind kind, string detail)
    {
        if (_problems.Count >= maximum) return;
        var problem = new MailProblem(kind, detail.Length > 300 ? detail[..300] : detail);
        if (!_problems.Contains(problem)) _problems.Add(problem);
    }
}
