using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Platform.Conditions;

/// <summary>No tables: the function with which both engines fold case alike.</summary>
internal sealed class ConditionTables : IMapTables
{
    public void Map(ModelBuilder model, DatabaseEngine engine) => ConditionText.MapFunctions(model, engine == DatabaseEngine.Postgres);
}
