using Microsoft.EntityFrameworkCore.Migrations;

namespace SiteDesk.Platform.Data.Migrations;

/// <summary>What the new columns of release 0.2 say of the rows that are there already.</summary>
internal static class Release2Rows
{
    /// <summary>Own fields are compared by their type from now on: their texts are read as numbers and days once. The assistant is off where it was not known.</summary>
    public static void FillOnSqlite(MigrationBuilder migration) => migration.Sql(
        """
        UPDATE sites_sites SET "Assistant" = '{}' WHERE "Assistant" = '';
        UPDATE tickets_field_values SET "Number" = CAST("Value" AS REAL)
        WHERE "Value" GLOB '*[0-9]*' AND "Value" NOT GLOB '*[^0-9.+-]*' AND substr("Value", 2) NOT GLOB '*[+-]*' AND "Value" NOT GLOB '*.*.*';
        UPDATE tickets_field_values SET "Day" = "Value" || ' 00:00:00'
        WHERE "Value" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date("Value") = "Value";
        """);

    /// <inheritdoc cref="FillOnSqlite" />
    public static void FillOnPostgres(MigrationBuilder migration) => migration.Sql(
        """
        UPDATE sites_sites SET "Assistant" = '{}' WHERE "Assistant" = '';
        UPDATE tickets_field_values SET "Number" = CAST("Value" AS double precision)
        WHERE "Value" ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$';
        UPDATE tickets_field_values SET "Day" = to_timestamp("Value" || ' 00:00:00 +00', 'YYYY-MM-DD HH24:MI:SS TZH')
        WHERE "FieldId" IN (SELECT "Id" FROM tickets_fields WHERE "Type" = 'Date') AND "Value" ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$';
        """);
}
