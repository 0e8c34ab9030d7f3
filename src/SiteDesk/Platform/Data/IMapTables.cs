using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using System.Text.Json;

namespace SiteDesk.Platform.Data;

/// <summary>
/// A feature's mapping of its entities to tables. Found by reflection, so that a feature is added by adding its folder.
/// Tables carry the feature's name as prefix: <c>tickets_messages</c>.
/// </summary>
public interface IMapTables
{
    void Map(ModelBuilder model, DatabaseEngine engine);
}

internal static class TableMappings
{
    /// <summary>Every mapping of the program, in a stable order: the generated migrations depend on it.</summary>
    public static IReadOnlyList<IMapTables> All { get; } =
        typeof(TableMappings).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IMapTables)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (IMapTables)Activator.CreateInstance(type)!)
            .ToList();
}

/// <summary>Mapping idioms shared by the features.</summary>
public static class MappingExtensions
{
    /// <summary>Stores a value object or a list as JSON text: portable across both engines, read and written whole.</summary>
    public static PropertyBuilder<TValue> HasJson<TValue>(this PropertyBuilder<TValue> property) where TValue : class?
    {
        property.HasConversion(
            new ValueConverter<TValue, string>(
                value => JsonSerializer.Serialize(value, DatabaseJson.Options),
                text => JsonSerializer.Deserialize<TValue>(text, DatabaseJson.Options)!),
            new ValueComparer<TValue>(
                (left, right) => JsonSerializer.Serialize(left, DatabaseJson.Options) == JsonSerializer.Serialize(right, DatabaseJson.Options),
                value => JsonSerializer.Serialize(value, DatabaseJson.Options).GetHashCode(StringComparison.Ordinal),
                value => JsonSerializer.Deserialize<TValue>(JsonSerializer.Serialize(value, DatabaseJson.Options), DatabaseJson.Options)!));
        return property;
    }

    /// <summary>Maps an aggregate to its table with its version as the concurrency token.</summary>
    public static EntityTypeBuilder<TEntity> ToVersionedTable<TEntity>(this EntityTypeBuilder<TEntity> entity, string table)
        where TEntity : class, IVersioned
    {
        entity.ToTable(table);
        entity.Property(row => row.Version).IsConcurrencyToken();
        return entity;
    }
}

/// <summary>How values are written into JSON columns: camel case, nothing for null.</summary>
public static class DatabaseJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>Times are UTC: what is read back says so, and a local time is refused before it is stored.</summary>
internal sealed class UtcDateTimeConverter() : ValueConverter<DateTime, DateTime>(
    value => RequireUtc(value),
    value => DateTime.SpecifyKind(value, DateTimeKind.Utc))
{
    internal static DateTime RequireUtc(DateTime value) =>
        value.Kind == DateTimeKind.Utc ? value : throw new InvalidOperationException("Only UTC times are stored.");
}
