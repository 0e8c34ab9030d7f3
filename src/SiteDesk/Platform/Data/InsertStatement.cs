using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace SiteDesk.Platform.Data;

/// <summary>How a new row of one entity type is written: made once from EF Core's model, values through the model's own conversions.</summary>
internal sealed class InsertStatement
{
    private static readonly ConditionalWeakTable<IEntityType, Found> Made = [];

    private readonly List<(IProperty Property, RelationalTypeMapping Mapping)> _values;
    private readonly List<IProperty> _toItself;

    private InsertStatement(IEntityType type, DatabaseEngine engine)
    {
        var properties = type.GetProperties().ToList();
        Key = properties.Find(IsGivenKey);
        RefersTo = [.. type.GetForeignKeys().Select(reference => reference.PrincipalEntityType).Where(principal => principal != type).Distinct()];
        Type = type;
        _toItself = [.. type.GetForeignKeys().Where(reference => reference.PrincipalEntityType == type).SelectMany(reference => reference.Properties)];
        _values = [.. properties.Where(property => property != Key).Select(property => (property, property.GetRelationalTypeMapping()))];
        WithoutKey = TextOf([.. _values.Select(value => value.Property)], engine);
        WithKey = Key is null ? WithoutKey : TextOf([.. _values.Select(value => value.Property), Key], engine);
    }

    public IEntityType Type { get; }

    /// <summary>Types whose rows have to be there before.</summary>
    public IReadOnlyList<IEntityType> RefersTo { get; }

    /// <summary>The key that the database gives; null when the row brings all of its key.</summary>
    public IProperty? Key { get; }

    /// <summary>The database is to give the key.</summary>
    public string WithoutKey { get; }

    /// <summary>The key comes with the row, as the last value.</summary>
    public string WithKey { get; }

    /// <returns>Null when writing such a row takes more than its own columns: parts of other types, or values that the database makes.</returns>
    public static InsertStatement? Of(IEntityType type, DatabaseEngine engine) =>
        Made.GetValue(type, type => new Found(IsPlain(type) ? new InsertStatement(type, engine) : null)).Statement;

    /// <summary>Whether this row can be written so: its key is still to be given, and it does not refer to another of its own kind, which might be new, too.</summary>
    public bool Fits(EntityEntry row) =>
        (Key is null || row.Property(Key).IsTemporary) && _toItself.TrueForAll(property => row.CurrentValues[property] is null);

    /// <summary>The row's values as parameters, in the order of the statement.</summary>
    /// <param name="maker">A command of the engine, which knows what its parameters are.</param>
    public IEnumerable<DbParameter> ParametersOf(EntityEntry row, DbCommand maker, bool withKey)
    {
        var (values, isPostgres) = (row.CurrentValues, maker is Npgsql.NpgsqlCommand);
        for (var number = 0; number < _values.Count; number++)
        {
            var (property, mapping) = _values[number];
            yield return mapping.CreateParameter(maker, NameOf(number), values[property], property.IsNullable);
        }

        if (withKey && Key is not null)
            yield return Key.GetRelationalTypeMapping().CreateParameter(maker, NameOf(_values.Count), values[Key], nullable: false);

        string NameOf(int number) => isPostgres ? "" : NamesOfSqlite.Of(number);
    }

    private static string TextOf(IReadOnlyList<IProperty> properties, DatabaseEngine engine)
    {
        var places = properties.Select((_, number) => engine == DatabaseEngine.Postgres ? $"${number + 1}" : NamesOfSqlite.Of(number));
        return $"INSERT INTO \"{properties[0].DeclaringType.GetTableName()}\" ({string.Join(", ", properties.Select(property => $"\"{property.GetColumnName()}\""))}) VALUES ({string.Join(", ", places)})";
    }

    private static bool IsPlain(IEntityType type) =>
        !type.IsOwned() && type.BaseType is null && !type.GetDirectlyDerivedTypes().Any() && !type.GetComplexProperties().Any() && type.GetTableMappings().Count() == 1
        && type.GetProperties().All(property => property.ValueGenerated == ValueGenerated.Never || IsGivenKey(property));

    private static bool IsGivenKey(IProperty property) =>
        property.ValueGenerated == ValueGenerated.OnAdd && property.ClrType == typeof(long) && property.DeclaringType is IEntityType type && type.FindPrimaryKey()?.Properties is [var key] && key == property;

    private static class NamesOfSqlite
    {
        private static readonly string[] Names = [.. Enumerable.Range(0, 100).Select(number => $"@p{number}")];

        public static string Of(int number) => Names[number];
    }

    private sealed record Found(InsertStatement? Statement);
}
