namespace SiteDesk.Platform;

/// <summary>Something a person can mend: the field it belongs to and the text that says so in their language.</summary>
/// <param name="Field">Name of the form or JSON field; empty for the whole.</param>
/// <param name="Text">Key of the text.</param>
/// <param name="Arguments">Values for the text's places.</param>
public sealed record Problem(string Field, string Text, params (string Name, object Value)[] Arguments);

/// <summary>The result of a use case: a value, or the problems that kept it from happening.</summary>
public readonly struct Outcome<TValue> : IEquatable<Outcome<TValue>>
{
    private readonly TValue? _value;

    private Outcome(TValue? value, IReadOnlyList<Problem> problems)
    {
        _value = value;
        Problems = problems;
    }

    public IReadOnlyList<Problem> Problems { get; }

    public bool Succeeded => Problems is { Count: 0 };

    /// <exception cref="InvalidOperationException">It did not succeed.</exception>
    public TValue Value => Succeeded ? _value! : throw new InvalidOperationException($"There is no value: {string.Join(", ", Problems?.Select(problem => problem.Text) ?? [])}.");

    public static implicit operator Outcome<TValue>(TValue value) => new(value, []);

    public static implicit operator Outcome<TValue>(Problem problem) => new(default, [problem]);

    public static implicit operator Outcome<TValue>(List<Problem> problems) =>
        problems.Count > 0 ? new(default, problems) : throw new ArgumentException("No problem is no failure.", nameof(problems));

    public bool Equals(Outcome<TValue> other) => Equals(_value, other._value) && Equals(Problems, other.Problems);

    public override bool Equals(object? obj) => obj is Outcome<TValue> other && Equals(other);

    public override int GetHashCode() => _value?.GetHashCode() ?? 0;
}

/// <summary>The folder that holds everything of an installation that is not in PostgreSQL.</summary>
public sealed class DataFolder(string root)
{
    public string Root { get; } = System.IO.Path.GetFullPath(root);

    /// <summary>A path inside the folder.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);
}
