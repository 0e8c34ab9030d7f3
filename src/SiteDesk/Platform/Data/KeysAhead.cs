using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SiteDesk.Platform.Data;

/// <summary>
/// Asks PostgreSQL for the keys of new rows before they are written. EF Core can send all inserts of a save with one message when it
/// knows the keys that rows refer to; otherwise it waits for the answer at each step: customer, ticket, message, words.
/// </summary>
internal static class KeysAhead
{
    /// <summary>Gives each new row that another new row refers to the key its table would have given it. Within the transaction of the save.</summary>
    public static async Task TakeAsync(Database database, CancellationToken cancellation)
    {
        var added = database.ChangeTracker.Entries().Where(entry => entry.State == EntityState.Added).ToList();
        var types = added.Select(entry => entry.Metadata).ToHashSet();
        var waiting = added.Where(entry => KeyOf(entry) is not null && entry.Metadata.GetReferencingForeignKeys().Any(reference => types.Contains(reference.DeclaringEntityType)))
            .GroupBy(entry => entry.Metadata).ToList();
        if (waiting.Count == 0)
            return;

        var keys = await AskAsync(database, waiting, cancellation);
        foreach (var (group, entry) in waiting.SelectMany((group, number) => group.Select(entry => (number, entry))))
        {
            var key = KeyOf(entry)!;
            key.CurrentValue = keys[group].Dequeue();
            key.IsTemporary = false;
        }
    }

    /// <summary>The key when the database is to give it and has not yet.</summary>
    private static PropertyEntry? KeyOf(EntityEntry entry) =>
        entry.Metadata.FindPrimaryKey() is { Properties: [{ ValueGenerated: ValueGenerated.OnAdd } property] } && property.ClrType == typeof(long)
            && entry.Property(property.Name) is { IsTemporary: true } key ? key : null;

    private static async Task<List<Queue<long>>> AskAsync(Database database, List<IGrouping<IEntityType, EntityEntry>> waiting, CancellationToken cancellation)
    {
        var question = new StringBuilder();
        var counts = new List<object>();
        foreach (var (number, group) in waiting.Index())
        {
            var (table, column) = (group.Key.GetTableName(), group.Key.FindPrimaryKey()!.Properties[0].GetColumnName());
            question.Append(number == 0 ? "" : " UNION ALL ").Append(CultureInfo.InvariantCulture,
                $$"""SELECT nextval(pg_get_serial_sequence('{{table}}', '{{column}}')) * {{waiting.Count}} + {{number}} AS "Value" FROM generate_series(1, {{{number}}})""");
            counts.Add(group.Count());
        }

        // A number and the table it is for, in one: the rows may come in any order.
        var answers = await database.Database.SqlQueryRaw<long>(question.ToString(), [.. counts]).ToListAsync(cancellation);
        return [.. waiting.Select((_, number) => new Queue<long>(answers.Where(answer => answer % waiting.Count == number).Select(answer => answer / waiting.Count).Order()))];
    }
}
