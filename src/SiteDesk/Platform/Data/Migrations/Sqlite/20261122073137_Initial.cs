using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SiteDesk.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_AssigneeId_Status_UpdatedAt",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_Status_UpdatedAt",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_TeamId_Status_UpdatedAt",
                table: "tickets_tickets");

            migrationBuilder.AddColumn<int>(
                name: "Stage",
                table: "tickets_tickets",
                type: "INTEGER",
                maxLength: 40,
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_AssigneeId_Stage_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "AssigneeId", "Stage", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_Stage_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "Stage", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_TeamId_Stage_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "TeamId", "Stage", "UpdatedAt", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_AssigneeId_Stage_UpdatedAt_Id",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_Stage_UpdatedAt_Id",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_TeamId_Stage_UpdatedAt_Id",
                table: "tickets_tickets");

            migrationBuilder.DropColumn(
                name: "Stage",
                table: "tickets_tickets");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_AssigneeId_Status_UpdatedAt",
                table: "tickets_tickets",
                columns: new[] { "AssigneeId", "Status", "UpdatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_Status_UpdatedAt",
                table: "tickets_tickets",
                columns: new[] { "Status", "UpdatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_TeamId_Status_UpdatedAt",
                table: "tickets_tickets",
                columns: new[] { "TeamId", "Status", "UpdatedAt" });
        }
    }
}
