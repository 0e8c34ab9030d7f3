using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Files;

/// <summary>Removes files that nothing points at any more. Who points is read from the foreign keys of the model, so that no feature's table can be forgotten.</summary>
public static class FileReferences
{
    /// <summary>Runs in the caller's transaction. The bytes go with the next tidying (<see cref="FileRetention"/>), once no row names them.</summary>
    /// <param name="candidates">Keys of files; those still in use stay.</param>
    /// <returns>How many rows were removed.</returns>
    public static async Task<int> RemoveUnusedAsync(Database database, IReadOnlyCollection<long> candidates, CancellationToken cancellation)
    {
        const int batch = 500;
        var unused = string.Concat(database.Model.FindEntityType(typeof(StoredFile))!.GetReferencingForeignKeys().Select(InUse));
        var removed = 0;
        foreach (var keys in candidates.Chunk(batch))
        {
            // Names from the model, keys are numbers of ours: nothing in it is anybody's input.
            var statement = $"""DELETE FROM platform_files WHERE "Id" IN ({string.Join(',', keys.Select(key => key.ToString(CultureInfo.InvariantCulture)))}){unused}""";
            removed += await database.Database.ExecuteSqlRawAsync(statement, cancellation);
        }

        return removed;
    }

    private static string InUse(IForeignKey reference)
    {
        var entity = reference.DeclaringEntityType;
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        return $""" AND NOT EXISTS (SELECT 1 FROM "{table.Name}" AS holder WHERE holder."{reference.Properties[0].GetColumnName(table)}" = platform_files."Id")""";
    }
}
