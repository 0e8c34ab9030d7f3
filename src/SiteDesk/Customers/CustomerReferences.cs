using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SiteDesk.Platform.Data;

namespace SiteDesk.Customers;

/// <summary>
/// A column somewhere in the program that names a customer. The list is read from the foreign keys of the model, so that a
/// feature whose table points at customers takes part in merging without knowing of it.
/// </summary>
internal sealed record CustomerReference(string Table, string Column, string Key)
{
    /// <summary>Names the place in <see cref="MovedRow"/>.</summary>
    public string Place => $"{Table}.{Column}";

    /// <summary>Every such column, but for the contacts: two records may have the same one, so they need more than to be moved.</summary>
    public static IReadOnlyList<CustomerReference> AllIn(IModel model) =>
        [.. model.FindEntityType(typeof(Customer))!.GetReferencingForeignKeys()
            .Where(reference => reference.DeclaringEntityType.ClrType != typeof(CustomerContact))
            .Select(Of).OrderBy(reference => reference.Place, StringComparer.Ordinal)];

    private static CustomerReference Of(IForeignKey reference)
    {
        var entity = reference.DeclaringEntityType;
        var table = StoreObjectIdentifier.Table(entity.GetTableName()!, entity.GetSchema());
        var key = entity.FindPrimaryKey()!.Properties;
        if (reference.Properties.Count != 1 || key.Count != 1 || key[0].ClrType != typeof(long))
            throw new InvalidOperationException($"{entity.ClrType.Name} points at customers and cannot follow a merge: it needs one key of its own, a long.");
        return new(table.Name, reference.Properties[0].GetColumnName(table)!, key[0].GetColumnName(table)!);
    }

    /// <summary>Writes down which rows are about to move, then moves them: both at the speed of the database, none is loaded.</summary>
    public async Task MoveAsync(Database database, long mergeId, long fromId, long intoId, CancellationToken cancellation)
    {
        // Names from the model and no input of anybody; values are parameters.
        var remember = $$"""INSERT INTO customers_moved_rows ("MergeId", "Place", "RowId") SELECT {0}, {1}, "{{Key}}" FROM "{{Table}}" WHERE "{{Column}}" = {2}""";
        var move = $$"""UPDATE "{{Table}}" SET "{{Column}}" = {0} WHERE "{{Column}}" = {1}""";
        await database.Database.ExecuteSqlRawAsync(remember, [mergeId, Place, fromId], cancellation);
        await database.Database.ExecuteSqlRawAsync(move, [intoId, fromId], cancellation);
    }

    /// <summary>Gives back what a merge has moved, as far as it is still where the merge put it.</summary>
    public async Task MoveBackAsync(Database database, long mergeId, long fromId, long intoId, CancellationToken cancellation)
    {
        var moveBack = $$"""UPDATE "{{Table}}" SET "{{Column}}" = {0} WHERE "{{Column}}" = {1} AND "{{Key}}" IN (SELECT "RowId" FROM customers_moved_rows WHERE "MergeId" = {2} AND "Place" = {3})""";
        await database.Database.ExecuteSqlRawAsync(moveBack, [fromId, intoId, mergeId, Place], cancellation);
    }
}
