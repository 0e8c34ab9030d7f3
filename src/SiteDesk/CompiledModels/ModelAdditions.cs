using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Internal;
using SiteDesk.Platform.Conditions;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.CompiledModels
{
    internal sealed class GeneratedModels : IGeneratedModels
    {
        public IModel Of(DatabaseEngine engine) => engine == DatabaseEngine.Sqlite ? Sqlite.SqliteDatabaseModel.Instance : Postgres.PostgresDatabaseModel.Instance;
    }

    /// <summary>
    /// What EF Core's generator cannot write down: filters that hold in every query, and functions with a translation of their
    /// own. The mappings leave both out at design time, the compiled models get them here, and a test holds each compiled model
    /// against one made from the mappings.
    /// </summary>
    [SuppressMessage("Usage", "EF1001:Internal EF Core API usage", Justification = "The finished model offers no public way; CompiledModelTests notices when a version changes this.")]
    internal static class ModelAdditions
    {
        private const string Functions = "Relational:DbFunctions";

        public static void AddFilters(RuntimeModel model) => Add(model, Message.Stands);

        public static void AddFunctions(RuntimeModel model)
        {
            var functions = (Dictionary<string, IDbFunction>)model.FindAnnotation(Functions)!.Value!;
            foreach (var (key, generated) in functions.ToList())
            {
                var function = new RuntimeDbFunction(
                    key, model, generated.ReturnType, generated.Name, generated.Schema, generated.StoreType, generated.MethodInfo,
                    generated.IsScalar, generated.IsAggregate, generated.IsNullable, generated.IsBuiltIn, translation: ConditionText.FoldOnPostgres);
                foreach (var parameter in generated.Parameters)
                    function.AddParameter(parameter.Name, parameter.ClrType, parameter.PropagatesNullability, parameter.StoreType!);
                functions[key] = function;
            }
        }

        private static void Add<TEntity>(RuntimeModel model, Expression<Func<TEntity, bool>> filter)
        {
            var filters = new QueryFilterCollection();
            filters.Set(new RuntimeQueryFilter(null, filter));
            model.FindEntityType(typeof(TEntity).FullName!)!.SetAnnotation(CoreAnnotationNames.QueryFilter, filters);
        }
    }
}

namespace SiteDesk.CompiledModels.Sqlite
{
    public partial class SqliteDatabaseModel
    {
        partial void Customize() => ModelAdditions.AddFilters(this);
    }
}

namespace SiteDesk.CompiledModels.Postgres
{
    public partial class PostgresDatabaseModel
    {
        partial void Customize()
        {
            ModelAdditions.AddFilters(this);
            ModelAdditions.AddFunctions(this);
        }
    }
}
