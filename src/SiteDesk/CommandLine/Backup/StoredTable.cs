using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using SiteDesk.Platform.Data;

namespace SiteDesk.CommandLine.Backup;

/// <summary>A table of the program as a backup sees it.</summary>
/// <param name="NumberedKey">The column whose values the engine gives out; null when there is none.</param>
internal sealed record StoredTable(string Name, IReadOnlyList<ArchivedColumn> Columns, IReadOnlyList<string> Key, string? NumberedKey)
{
    /// <summary>Every table of the program's own schema, without what the engine computes by itself.</summary>
    /// <exception cref="InvalidOperationException">A feature maps a column that has no portable form.</exception>
    public static IReadOnlyList<StoredTable> AllOf(Database database) =>
        [.. database.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables
            .Where(table => !table.IsExcludedFromMigrations)
            .OrderBy(table => table.Name, StringComparer.Ordinal)
            .Select(Of)];

    private static StoredTable Of(ITable table)
    {
        var columns = table.Columns.Where(column => column.ComputedColumnSql is null)
            .OrderBy(column => column.Name, StringComparer.Ordinal)
            .Select(column => new ArchivedColumn(column.Name, TypeOf(table, column)))
            .ToList();
        var key = table.PrimaryKey?.Columns.Select(column => column.Name).ToList() ?? [];
        return new StoredTable(table.Name, columns, key, NumberedKeyOf(table));
    }

    private static ColumnType TypeOf(ITable table, IColumn column)
    {
        // A column without a property holds an owned object as JSON.
        if (column.PropertyMappings.Count == 0)
            return ColumnType.Text;
        var mapping = column.PropertyMappings[0].TypeMapping;
        var type = mapping.Converter?.ProviderClrType ?? mapping.ClrType;
        return ColumnValues.TypeOf(type)
            ?? throw new InvalidOperationException($"Column {table.Name}.{column.Name} is a {type.Name}, which a backup cannot carry between engines.");
    }

    private static string? NumberedKeyOf(ITable table)
    {
        if (table.PrimaryKey is not { Columns: [var only] })
            return null;
        var property = only.PropertyMappings[0].Property;
        var isNumber = ColumnValues.TypeOf(property.ClrType) == ColumnType.Integer;
        return isNumber && property.ValueGenerated == ValueGenerated.OnAdd && !property.IsForeignKey() ? only.Name : null;
    }
}
