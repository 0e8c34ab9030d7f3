using System.Linq.Expressions;

namespace SiteDesk.Platform.Conditions;

/// <summary>The fields of one entity, without its type: for editor, check and sentence.</summary>
public abstract class ConditionFields
{
    private readonly Dictionary<string, ConditionField> _byKey;

    private protected ConditionFields(string entity, IReadOnlyList<ConditionField> fields)
    {
        Entity = entity;
        All = fields;
        _byKey = fields.ToDictionary(field => field.Key, StringComparer.Ordinal);
    }

    /// <summary>Stable name of what the conditions are about, for example "tickets".</summary>
    public string Entity { get; }

    /// <summary>Fields in the order they are offered.</summary>
    public IReadOnlyList<ConditionField> All { get; }

    /// <returns>The field of a key, or null.</returns>
    public ConditionField? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Everything wrong with a condition about this entity; empty when it can be used.</summary>
    public IReadOnlyList<ConditionProblem> Check(Condition condition) => ConditionCheck.Run(condition, this);
}

/// <summary>The fields of an entity: checks conditions about it and turns them into queries and tests.</summary>
/// <typeparam name="TEntity">The entity.</typeparam>
public sealed class ConditionFields<TEntity> : ConditionFields where TEntity : class
{
    /// <param name="entity">Stable name of what the conditions are about, for example "tickets".</param>
    /// <param name="fields">In the order they are offered; keys must differ.</param>
    public ConditionFields(string entity, params IReadOnlyList<ConditionField<TEntity>> fields) : base(entity, fields)
    {
    }

    /// <summary>These fields and more, such as a site's own fields.</summary>
    public ConditionFields<TEntity> With(IEnumerable<ConditionField<TEntity>> more) =>
        new(Entity, [.. All.Cast<ConditionField<TEntity>>(), .. more]);

    /// <summary>The condition for a database query. Values become parameters, so one shape of condition is compiled once by EF Core.</summary>
    /// <exception cref="InvalidConditionException">The condition has problems; <see cref="ConditionFields.Check"/> beforehand tells them.</exception>
    public Expression<Func<TEntity, bool>> ToQuery(Condition condition, ConditionReader reader) =>
        new ConditionCompiler<TEntity>(this, reader, inMemory: false).Compile(Checked(condition));

    /// <summary>The condition as a test of entities in memory, whose navigations used by the fields must be loaded.</summary>
    /// <exception cref="InvalidConditionException">The condition has problems; <see cref="ConditionFields.Check"/> beforehand tells them.</exception>
    public Func<TEntity, bool> ToTest(Condition condition, ConditionReader reader) =>
        new ConditionCompiler<TEntity>(this, reader, inMemory: true).Compile(Checked(condition)).Compile();

    private Condition Checked(Condition condition) =>
        Check(condition) is { Count: > 0 } problems ? throw new InvalidConditionException(problems) : condition;
}

/// <summary>A condition with problems was used as if it had none.</summary>
public sealed class InvalidConditionException : Exception
{
    /// <param name="problems">What is wrong with it.</param>
    public InvalidConditionException(IReadOnlyList<ConditionProblem> problems)
        : base("The condition cannot be used: " + string.Join("; ", problems.Select(problem => $"{problem.TextKey} at “{problem.Place}”"))) => Problems = problems;

    public InvalidConditionException()
    {
    }

    public InvalidConditionException(string message) : base(message)
    {
    }

    public InvalidConditionException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<ConditionProblem> Problems { get; } = [];
}
