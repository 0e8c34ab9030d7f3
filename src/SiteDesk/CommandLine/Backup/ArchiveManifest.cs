using System.Text.Json;
using System.Text.Json.Serialization;

namespace SiteDesk.CommandLine.Backup;

/// <summary>
/// The table of contents of a backup: a zip archive with this as <c>manifest.json</c>, each table as <c>tables/NAME.jsonl</c> (one
/// JSON array a row, in the order of the columns here) and each file as <c>files/SHA-256</c>. The same for both engines.
/// </summary>
/// <param name="Format">Version of this format; a program refuses one it does not know.</param>
/// <param name="Program">Version of the program that wrote it, for people.</param>
/// <param name="Schema">Name of the newest migration, without its engine's number: the same on both engines.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Tables">In alphabetical order.</param>
/// <param name="Files">SHA-256 of every file in the archive, lower-case hexadecimal; an entry's name is its checksum.</param>
/// <param name="MissingFiles">Files that rows speak of and that were already lost or damaged when the backup was made.</param>
internal sealed record ArchiveManifest(
    int Format,
    string Program,
    string Schema,
    DateTime CreatedAt,
    IReadOnlyList<ArchivedTable> Tables,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> MissingFiles)
{
    public const int CurrentFormat = 1;

    public const string EntryName = "manifest.json";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <param name="NextKey">What the engine would give the next row as its key; null for keys that are not numbered. Numbers once given are never given again.</param>
/// <param name="Sha256">Checksum of the table's entry, uncompressed.</param>
internal sealed record ArchivedTable(string Name, IReadOnlyList<ArchivedColumn> Columns, long Rows, long? NextKey, string Sha256)
{
    public static string EntryName(string table) => $"tables/{table}.jsonl";
}

internal sealed record ArchivedColumn(string Name, ColumnType Type);

/// <summary>What a value is, whatever the engine calls it.</summary>
internal enum ColumnType
{
    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A whole number of up to 64 bits.</summary>
    Integer,

    /// <summary>A binary floating-point number.</summary>
    Real,

    /// <summary>A decimal number, as text.</summary>
    Decimal,

    /// <summary>Text, JSON included.</summary>
    Text,

    /// <summary>A UTC time in ISO 8601.</summary>
    Time,

    /// <summary>A time with its offset in ISO 8601.</summary>
    OffsetTime,

    /// <summary>A day, yyyy-MM-dd.</summary>
    Date,

    /// <summary>A GUID.</summary>
    Guid,

    /// <summary>Bytes, as base64.</summary>
    Bytes,
}
