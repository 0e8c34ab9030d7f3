using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tests.Platform.Data;

/// <summary>
/// The program starts with models that were generated (tools/migration). Each is held against one made from the mappings here and
/// now: a mapping that was changed without generating fails.
/// </summary>
public sealed class CompiledModelTests
{
    private const string Mend = "the mappings have changed: run tools/migration models (or add, when tables change)";

    [Fact]
    public void The_model_of_SQLite_says_what_the_mappings_say() =>
        Compare<SqliteDatabase>(options => DatabaseSetup.UseSqlite(options, "Data Source=:memory:"), (options, companions) => new SqliteDatabase(options, companions), DatabaseEngine.Sqlite);

    [Fact]
    public void The_model_of_PostgreSQL_says_what_the_mappings_say() =>
        Compare<PostgresDatabase>(options => DatabaseSetup.UsePostgres(options, "Host=nowhere"), (options, companions) => new PostgresDatabase(options, companions), DatabaseEngine.Postgres);

    private static void Compare<TDatabase>(
        Action<DbContextOptionsBuilder> use, Func<DbContextOptions<TDatabase>, DatabaseCompanions, TDatabase> make, DatabaseEngine engine) where TDatabase : Database
    {
        var options = new DbContextOptionsBuilder<TDatabase>();
        use(options);
        using var program = make(options.Options, null!);
        var freshOptions = new DbContextOptionsBuilder<Fresh>();
        use(freshOptions);
        using var fresh = new Fresh(freshOptions.Options, engine);

        program.Model.GetType().Name.ShouldBe(typeof(TDatabase).Name + "Model", "the program starts with the generated model");
        Describe(program.Model).ShouldBe(Describe(fresh.Model), Mend);
        program.Model.GetRelationalModel().ToDebugString(MetadataDebugStringOptions.LongDefault).ShouldBe(fresh.Model.GetRelationalModel().ToDebugString(MetadataDebugStringOptions.LongDefault), Mend);
    }

    private static string Describe(IModel model) => string.Join('\n',
    [
        model.ToDebugString(MetadataDebugStringOptions.LongDefault),
        .. from entity in model.GetEntityTypes() from filter in entity.GetDeclaredQueryFilters() select $"filter of {entity.Name}: {filter.Expression}",
        .. from function in model.GetDbFunctions() select $"function {function.Name} by {function.Translation?.Method.Name}",
        .. from entity in model.GetEntityTypes() from property in entity.GetProperties() select $"{entity.Name}.{property.Name}: {property.GetValueConverter()?.GetType()} {property.GetValueComparer().GetType()} {property.Sentinel}",
    ]);

    /// <summary>A context that no generated model knows, with the mappings of the program.</summary>
    private sealed class Fresh(DbContextOptions<Fresh> options, DatabaseEngine engine) : Database(options, null!)
    {
        public override DatabaseEngine Engine => engine;
    }
}
