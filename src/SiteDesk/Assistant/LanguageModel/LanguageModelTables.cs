using Microsoft.EntityFrameworkCore;
using SiteDesk.Assistant.LanguageModel.Connection;
using SiteDesk.Platform.Data;

namespace SiteDesk.Assistant.LanguageModel;

internal sealed class LanguageModelTables : IMapTables
{
    private const int MonthLength = 7;

    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        model.Entity<ModelConnection>(connection =>
        {
            connection.ToVersionedTable("assistant_model_connections");
            connection.Property(row => row.Id).ValueGeneratedNever();
            connection.Property(row => row.Address).HasMaxLength(ModelConnection.LongestAddress);
            connection.Property(row => row.Model).HasMaxLength(ModelConnection.LongestModel);
            connection.Ignore(row => row.TimeLimit);
        });
        model.Entity<ModelUse>(use =>
        {
            use.ToTable("assistant_model_uses");
            use.HasKey(row => row.Month);
            use.Property(row => row.Month).HasMaxLength(MonthLength);
        });
    }
}
