using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using SiteDesk.CommandLine.Backup;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tests.CommandLine;

/// <summary>Fills every table of the program with random rows that respect references, lengths and types: new tables are covered by themselves.</summary>
internal sealed class RandomContents(Database database, Random random)
{
    private static readonly string[] Awkward = ["", "plain", "“quoted” 'text'", "Привет, мир", "你好，世界", "a\nb\tc", "\u2028\ud83d\ude00", "<b>&amp;</b>", "{\"json\": null}", "\\ / \\u0041", "NULL"];

    private readonly Dictionary<string, List<object[]>> _keys = new(StringComparer.Ordinal);

    public async Task FillAsync(int rowsPerTable)
    {
        await database.Database.OpenConnectionAsync();
        await using var transaction = await database.Database.GetDbConnection().BeginTransactionAsync();
        foreach (var table in Ordered())
        {
            _keys[table.Name] = [];
            for (var row = 0; row < rowsPerTable; row++)
                await InsertAsync(table, row, transaction);
        }

        await transaction.CommitAsync();
    }

    // Parents before children; a table that points at itself does not wait for itself.
    private List<ITable> Ordered()
    {
        var waiting = database.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<ITable>();
        while (waiting.Count > 0)
        {
            var next = waiting.Find(table => table.ForeignKeyConstraints.All(reference =>
                    reference.PrincipalTable == table || ordered.Contains(reference.PrincipalTable) || reference.Columns.All(column => column.IsNullable)))
                ?? throw new InvalidOperationException($"The tables {string.Join(", ", waiting.Select(table => table.Name))} point at each other in a circle that cannot be null.");
            waiting.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private async Task InsertAsync(ITable table, int row, DbTransaction transaction)
    {
        var columns = table.Columns.Where(column => column.ComputedColumnSql is null).ToList();
        var values = columns.ToDictionary(column => column.Name, column => Value(column, row), StringComparer.Ordinal);
        foreach (var reference in table.ForeignKeyConstraints)
            PointSomewhere(reference, values, row);

        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO {SqlName.Quoted(table.Name)} ({SqlName.Quoted(columns.Select(column => column.Name))}) VALUES ({string.Join(", ", columns.Select((_, index) => $"@p{index}"))})";
        for (var index = 0; index < columns.Count; index++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{index}";
            parameter.Value = values[columns[index].Name] ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync();
        if (table.PrimaryKey is { } key)
            _keys[table.Name].Add([.. key.Columns.Select(column => values[column.Name]!)]);
    }

    private void PointSomewhere(IForeignKeyConstraint reference, Dictionary<string, object?> values, int row)
    {
        var known = _keys.GetValueOrDefault(reference.PrincipalTable.Name) ?? [];
        var target = known.Count == 0 ? null : known[row % known.Count];
        if (target is null && !reference.Columns.All(column => column.IsNullable))
            throw new InvalidOperationException($"{reference.Table.Name} needs a row of {reference.PrincipalTable.Name}.");
        for (var index = 0; index < reference.Columns.Count; index++)
        {
            var position = reference.PrincipalTable.PrimaryKey!.Columns.ToList().IndexOf(reference.PrincipalColumns[index]);
            values[reference.Columns[index].Name] = target?[position];
        }
    }

    private object? Value(IColumn column, int row)
    {
        if (column.IsNullable && random.Next(4) == 0)
            return null;
        if (column.PropertyMappings.Count == 0)
            return """{"a": [1, "б"]}""";
        var mapping = column.PropertyMappings[0].TypeMapping;
        return ColumnValues.TypeOf(mapping.Converter?.ProviderClrType ?? mapping.ClrType) switch
        {
            ColumnType.Boolean => random.Next(2) == 0,
            ColumnType.Integer => IsSmall(mapping.ClrType) ? random.Next() : random.NextInt64(1, 1L << 53),
            ColumnType.Real => random.NextDouble() * 1e6,
            ColumnType.Decimal => (decimal)random.Next() / 100,
            ColumnType.Text => Text(column.PropertyMappings[0].Property.GetMaxLength() ?? 60, row),
            ColumnType.Time => DateTime.UnixEpoch.AddMilliseconds(random.NextInt64(4_000_000_000_000)),
            ColumnType.OffsetTime => DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(4_000_000_000_000)),
            ColumnType.Date => DateOnly.FromDayNumber(random.Next(700_000, 800_000)),
            ColumnType.Guid => new Guid(Bytes(16)),
            ColumnType.Bytes => Bytes(random.Next(1, 200)),
            var other => throw new InvalidOperationException($"No random value for {column.Name}, a {other}."),
        };
    }

    private static bool IsSmall(Type type) => (Nullable.GetUnderlyingType(type) ?? type) != typeof(long);

    // Unique by its random end, at most as long as the column; what is too long is not cut inside a surrogate pair.
    private string Text(int longest, int row)
    {
        var end = $"{row}-{random.NextInt64():x}";
        var text = Awkward[random.Next(Awkward.Length)] + end;
        return text.Length <= longest ? text : end[..Math.Min(end.Length, longest)];
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
