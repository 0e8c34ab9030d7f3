using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace SiteDesk.Platform.Conditions;

/// <summary>
/// Comparing texts without regard to case, with the same result in memory and in both engines.
/// </summary>
/// <remarks>
/// SQLite's <c>lower()</c> and <c>LIKE</c> know ASCII only, and PostgreSQL's <c>lower()</c> follows the locale of the
/// database, which may be C. So neither is used. <see cref="Fold"/> is the rule; SQLite calls this very method, registered
/// as a deterministic function on every connection, and PostgreSQL gets an expression of the same meaning with the ICU
/// root collation named. Folded copies of every searchable column were the other choice: they cost storage and a
/// column for each field, and own fields and joined names have no such column.
/// </remarks>
public static class ConditionText
{
    private const string SqliteFunction = "sitedesk_fold";

    // The three letters whose lower case depends on neighbours or makes two characters in ICU (Unicode SpecialCasing.txt);
    // mapped beforehand, so that what remains is one character to one character everywhere.
    private const string Special = "İΣς";
    private const string SpecialFolded = "iσσ";

    /// <summary>The text with differences of case removed. Usable in EF Core queries once <see cref="MapFunctions"/> was called.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny(Special)
            ? text.Replace('İ', 'i').Replace('Σ', 'σ').Replace('ς', 'σ').ToLowerInvariant()
            : text.ToLowerInvariant();
    }

    /// <summary>Teaches the model to translate <see cref="Fold"/>. Call it from OnModelCreating.</summary>
    /// <param name="model">The model being built.</param>
    /// <param name="postgres">Whether the model is for PostgreSQL; otherwise it is for SQLite.</param>
    public static void MapFunctions(ModelBuilder model, bool postgres)
    {
        ArgumentNullException.ThrowIfNull(model);
        var function = model.HasDbFunction(typeof(ConditionText).GetMethod(nameof(Fold))!).HasName(SqliteFunction);
        function.HasParameter("text").PropagatesNullability();
        if (postgres && !EF.IsDesignTime) // what is generated knows no translations, see CompiledModels
            function.HasTranslation(FoldOnPostgres);
    }

    /// <summary>Add to the options of a SQLite context: registers <see cref="Fold"/> on each connection that is opened.</summary>
    public static IInterceptor SqliteFunctions { get; } = new FoldRegistration();

    /// <summary>Registers <see cref="Fold"/> on a connection that EF Core did not open.</summary>
    public static void Register(SqliteConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        connection.CreateFunction(SqliteFunction, (string? text) => text is null ? null : Fold(text), isDeterministic: true);
    }

    /// <summary>Why a text cannot be a value: PostgreSQL stores no NUL, no engine stores half a character.</summary>
    /// <returns>Key of the problem, or null when the text is fine.</returns>
    internal static string? ProblemOf(string text)
    {
        if (text.Length > Condition.MaximumTextLength)
            return "text-too-long";
        return text.Any(char.IsControl) || !IsWellFormed(text) ? "characters" : null;
    }

    /// <summary>Whether every surrogate has its other half.</summary>
    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    /// <summary>The words of a value, folded.</summary>
    internal static IReadOnlyList<string> WordsOf(string text) =>
        Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();

    /// <summary><see cref="Fold"/> in the words of PostgreSQL.</summary>
    /// <param name="arguments">The text alone.</param>
    internal static SqlExpression FoldOnPostgres(IReadOnlyList<SqlExpression> arguments)
    {
        var text = arguments[0];
        SqlExpression[] translated = [text, new SqlConstantExpression(Special, text.TypeMapping), new SqlConstantExpression(SpecialFolded, text.TypeMapping)];
        var translate = new SqlFunctionExpression("translate", translated, nullable: true, [true, false, false], typeof(string), text.TypeMapping);
        return new SqlFunctionExpression(
            "lower", [new CollateExpression(translate, "und-x-icu")], nullable: true, [true], typeof(string), text.TypeMapping);
    }

    private sealed class FoldRegistration : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Register((SqliteConnection)connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Register((SqliteConnection)connection);
            return Task.CompletedTask;
        }
    }
}
