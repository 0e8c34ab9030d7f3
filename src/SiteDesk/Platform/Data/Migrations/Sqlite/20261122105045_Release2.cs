using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SiteDesk.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Release2 : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "MergedCount",
                table: "tickets_tickets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "WithdrawnAt",
                table: "tickets_messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "Day",
                table: "tickets_field_values",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "Number",
                table: "tickets_field_values",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProvenBy",
                table: "customers_contacts",
                type: "TEXT",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "VisitorHash",
                table: "customers_consents",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "accounts_sign_in_failures",
                columns: table => new
                {
                    Network = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    Since = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_sign_in_failures", x => x.Network);
                });

            migrationBuilder.CreateTable(
                name: "customers_merges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    FromId = table.Column<long>(type: "INTEGER", nullable: false),
                    IntoId = table.Column<long>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Before = table.Column<string>(type: "TEXT", nullable: false),
                    Contacts = table.Column<string>(type: "TEXT", nullable: false),
                    UndoneAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_merges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_links",
                columns: table => new
                {
                    LowId = table.Column<long>(type: "INTEGER", nullable: false),
                    HighId = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    CreatedById = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_links", x => new { x.LowId, x.HighId });
                    table.ForeignKey(
                        name: "FK_tickets_links_tickets_tickets_HighId",
                        column: x => x.HighId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_tickets_links_tickets_tickets_LowId",
                        column: x => x.LowId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_view_orders",
                columns: table => new
                {
                    StaffId = table.Column<long>(type: "INTEGER", nullable: false),
                    View = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Order = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_view_orders", x => new { x.StaffId, x.View });
                });

            migrationBuilder.CreateTable(
                name: "customers_moved_rows",
                columns: table => new
                {
                    MergeId = table.Column<long>(type: "INTEGER", nullable: false),
                    Place = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    RowId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_moved_rows", x => new { x.MergeId, x.Place, x.RowId });
                    table.ForeignKey(
                        name: "FK_customers_moved_rows_customers_merges_MergeId",
                        column: x => x.MergeId,
                        principalTable: "customers_merges",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_MergedIntoId",
                table: "tickets_tickets",
                column: "MergedIntoId",
                filter: "\"MergedIntoId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_SiteId_Stage_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "SiteId", "Stage", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_Stage_AwaitsReply_LastMessageAt_Id",
                table: "tickets_tickets",
                columns: new[] { "Stage", "AwaitsReply", "LastMessageAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_Stage_CreatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "Stage", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_Stage_Priority_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "Stage", "Priority", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_notifications_TicketId",
                table: "tickets_notifications",
                column: "TicketId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_messages_TicketId_WithdrawnAt",
                table: "tickets_messages",
                columns: new[] { "TicketId", "WithdrawnAt" },
                filter: "\"WithdrawnAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_field_values_FieldId_Day",
                table: "tickets_field_values",
                columns: new[] { "FieldId", "Day" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_field_values_FieldId_Number",
                table: "tickets_field_values",
                columns: new[] { "FieldId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_drafts_TicketId",
                table: "tickets_drafts",
                column: "TicketId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_page_visits_VisitorId",
                table: "customers_page_visits",
                column: "VisitorId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_customers_Name",
                table: "customers_customers",
                column: "Name");

            migrationBuilder.CreateIndex(
                name: "IX_accounts_sign_in_failures_Since",
                table: "accounts_sign_in_failures",
                column: "Since");

            migrationBuilder.CreateIndex(
                name: "IX_customers_merges_FromId",
                table: "customers_merges",
                column: "FromId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_merges_IntoId_At",
                table: "customers_merges",
                columns: new[] { "IntoId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_links_HighId",
                table: "tickets_links",
                column: "HighId");

            migrationBuilder.AddForeignKey(
                name: "FK_customers_customers_customers_customers_MergedIntoId",
                table: "customers_customers",
                column: "MergedIntoId",
                principalTable: "customers_customers",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_customers_page_visits_customers_customers_CustomerId",
                table: "customers_page_visits",
                column: "CustomerId",
                principalTable: "customers_customers",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_customers_page_visits_customers_visitors_VisitorId",
                table: "customers_page_visits",
                column: "VisitorId",
                principalTable: "customers_visitors",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_tickets_drafts_tickets_tickets_TicketId",
                table: "tickets_drafts",
                column: "TicketId",
                principalTable: "tickets_tickets",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_tickets_notifications_tickets_tickets_TicketId",
                table: "tickets_notifications",
                column: "TicketId",
                principalTable: "tickets_tickets",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
            Release2Rows.FillOnSqlite(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_customers_customers_customers_customers_MergedIntoId",
                table: "customers_customers");

            migrationBuilder.DropForeignKey(
                name: "FK_customers_page_visits_customers_customers_CustomerId",
                table: "customers_page_visits");

            migrationBuilder.DropForeignKey(
                name: "FK_customers_page_visits_customers_visitors_VisitorId",
                table: "customers_page_visits");

            migrationBuilder.DropForeignKey(
                name: "FK_tickets_drafts_tickets_tickets_TicketId",
                table: "tickets_drafts");

            migrationBuilder.DropForeignKey(
                name: "FK_tickets_notifications_tickets_tickets_TicketId",
                table: "tickets_notifications");

            migrationBuilder.DropTable(
                name: "accounts_sign_in_failures");

            migrationBuilder.DropTable(
                name: "customers_moved_rows");

            migrationBuilder.DropTable(
                name: "tickets_links");

            migrationBuilder.DropTable(
                name: "tickets_view_orders");

            migrationBuilder.DropTable(
                name: "customers_merges");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_MergedIntoId",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_SiteId_Stage_UpdatedAt_Id",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_Stage_AwaitsReply_LastMessageAt_Id",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_Stage_CreatedAt_Id",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_tickets_Stage_Priority_UpdatedAt_Id",
                table: "tickets_tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_notifications_TicketId",
                table: "tickets_notifications");

            migrationBuilder.DropIndex(
                name: "IX_tickets_messages_TicketId_WithdrawnAt",
                table: "tickets_messages");

            migrationBuilder.DropIndex(
                name: "IX_tickets_field_values_FieldId_Day",
                table: "tickets_field_values");

            migrationBuilder.DropIndex(
                name: "IX_tickets_field_values_FieldId_Number",
                table: "tickets_field_values");

            migrationBuilder.DropIndex(
                name: "IX_tickets_drafts_TicketId",
                table: "tickets_drafts");

            migrationBuilder.DropIndex(
                name: "IX_customers_page_visits_VisitorId",
                table: "customers_page_visits");

            migrationBuilder.DropIndex(
                name: "IX_customers_customers_Name",
                table: "customers_customers");

            migrationBuilder.DropColumn(
                name: "MergedCount",
                table: "tickets_tickets");

            migrationBuilder.DropColumn(
                name: "WithdrawnAt",
                table: "tickets_messages");

            migrationBuilder.DropColumn(
                name: "Day",
                table: "tickets_field_values");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "tickets_field_values");

            migrationBuilder.DropColumn(
                name: "ProvenBy",
                table: "customers_contacts");

            migrationBuilder.DropColumn(
                name: "VisitorHash",
                table: "customers_consents");
        }
    }
}
