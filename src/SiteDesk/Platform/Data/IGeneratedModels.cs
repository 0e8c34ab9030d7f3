using Microsoft.EntityFrameworkCore.Metadata;

namespace SiteDesk.Platform.Data;

/// <summary>
/// The models that were generated from the mappings of all features. They know every feature, so they lie above them, and the
/// ground floor asks for them here. EF Core would find them by itself, but it searches the assembly anew for every unit of work.
/// </summary>
public interface IGeneratedModels
{
    IModel Of(DatabaseEngine engine);
}
