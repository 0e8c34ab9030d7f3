using Microsoft.EntityFrameworkCore;

namespace SiteDesk.Platform.Data;

/// <summary>The context on SQLite; owns the migrations in Migrations/Sqlite.</summary>
public sealed class SqliteDatabase(DbContextOptions<SqliteDatabase> options, DatabaseCompanions companions) : Database(options, companions)
{
    public override DatabaseEngine Engine => DatabaseEngine.Sqlite;
}

/// <summary>The context on PostgreSQL; owns the migrations in Migrations/Postgres.</summary>
public sealed class PostgresDatabase(DbContextOptions<PostgresDatabase> options, DatabaseCompanions companions) : Database(options, companions)
{
    public override DatabaseEngine Engine => DatabaseEngine.Postgres;
}
