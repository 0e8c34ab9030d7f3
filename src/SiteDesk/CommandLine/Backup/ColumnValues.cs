using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace SiteDesk.CommandLine.Backup;

/// <summary>Values between a database and a line of JSON, without loss in either direction.</summary>
internal static class ColumnValues
{
    /// <summary>The portable type of a column whose values the driver gives as <paramref name="type"/>; null when there is none.</summary>
    public static ColumnType? TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var plain when plain == typeof(bool) => ColumnType.Boolean,
        var plain when plain == typeof(long) || plain == typeof(int) || plain == typeof(short) || plain == typeof(byte) => ColumnType.Integer,
        var plain when plain == typeof(double) || plain == typeof(float) => ColumnType.Real,
        var plain when plain == typeof(decimal) => ColumnType.Decimal,
        var plain when plain == typeof(string) => ColumnType.Text,
        var plain when plain == typeof(DateTime) => ColumnType.Time,
        var plain when plain == typeof(DateTimeOffset) => ColumnType.OffsetTime,
        var plain when plain == typeof(DateOnly) => ColumnType.Date,
        var plain when plain == typeof(Guid) => ColumnType.Guid,
        var plain when plain == typeof(byte[]) => ColumnType.Bytes,
        _ => null,
    };

    public static void Write(Utf8JsonWriter json, DbDataReader row, int column, ColumnType type)
    {
        if (row.IsDBNull(column))
        {
            json.WriteNullValue();
            return;
        }

        switch (type)
        {
            case ColumnType.Boolean: json.WriteBooleanValue(row.GetBoolean(column)); break;
            case ColumnType.Integer: json.WriteNumberValue(Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture)); break;
            case ColumnType.Real: json.WriteNumberValue(row.GetDouble(column)); break;
            case ColumnType.Decimal: json.WriteStringValue(row.GetDecimal(column).ToString(CultureInfo.InvariantCulture)); break;
            case ColumnType.Text: json.WriteStringValue(row.GetString(column)); break;
            case ColumnType.Time: json.WriteStringValue(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc)); break;
            case ColumnType.OffsetTime: json.WriteStringValue(row.GetFieldValue<DateTimeOffset>(column)); break;
            case ColumnType.Date: json.WriteStringValue(row.GetFieldValue<DateOnly>(column).ToString("O", CultureInfo.InvariantCulture)); break;
            case ColumnType.Guid: json.WriteStringValue(row.GetGuid(column)); break;
            case ColumnType.Bytes: json.WriteBase64StringValue(row.GetFieldValue<byte[]>(column)); break;
            default: throw new InvalidOperationException($"Column type {type} has no JSON form.");
        }
    }

    /// <summary>The value as the driver takes it for a parameter.</summary>
    public static object Read(JsonElement value, ColumnType type) => value.ValueKind == JsonValueKind.Null ? DBNull.Value : type switch
    {
        ColumnType.Boolean => value.GetBoolean(),
        ColumnType.Integer => value.GetInt64(),
        ColumnType.Real => value.GetDouble(),
        ColumnType.Decimal => decimal.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        ColumnType.Text => value.GetString()!,
        ColumnType.Time => value.GetDateTime().ToUniversalTime(),
        ColumnType.OffsetTime => value.GetDateTimeOffset().ToUniversalTime(),
        ColumnType.Date => DateOnly.ParseExact(value.GetString()!, "O", CultureInfo.InvariantCulture),
        ColumnType.Guid => value.GetGuid(),
        ColumnType.Bytes => value.GetBytesFromBase64(),
        _ => throw new InvalidOperationException($"Column type {type} has no value."),
    };
}
