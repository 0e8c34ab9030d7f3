using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.Platform.Data;

namespace SiteDesk.Design;

/// <summary>Makes the SQLite context for `dotnet ef`, without opening a database.</summary>
internal sealed class DesignTimeSqlite : IDesignTimeDbContextFactory<SqliteDatabase>
{
    public SqliteDatabase CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteDatabase>();
        DatabaseSetup.UseSqlite(options, "Data Source=:memory:");
        return new SqliteDatabase(options.Options, Companions.Make());
    }
}

/// <summary>Makes the PostgreSQL context for `dotnet ef`, without connecting.</summary>
internal sealed class DesignTimePostgres : IDesignTimeDbContextFactory<PostgresDatabase>
{
    public PostgresDatabase CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresDatabase>();
        DatabaseSetup.UsePostgres(options, "Host=design-time");
        return new PostgresDatabase(options.Options, Companions.Make());
    }
}

internal static class Companions
{
    public static DatabaseCompanions Make() => SiteDeskApplication.Build([]).Services.GetRequiredService<DatabaseCompanions>();
}

internal static class Program
{
    private static int Main()
    {
        Console.Error.WriteLine("This program only serves `dotnet ef`; see tools/migration.");
        return 2;
    }
}
