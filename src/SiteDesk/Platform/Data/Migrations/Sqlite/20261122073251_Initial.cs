using System;
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
            migrationBuilder.AddColumn<int>(
                name: "PagesConsentNumber",
                table: "customers_visitors",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Purpose",
                table: "customers_consents",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "chat_conversations",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    VisitorId = table.Column<long>(type: "INTEGER", nullable: false),
                    TicketId = table.Column<long>(type: "INTEGER", nullable: false),
                    StartedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    PageAddress = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chat_conversations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_chat_conversations_customers_visitors_VisitorId",
                        column: x => x.VisitorId,
                        principalTable: "customers_visitors",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_chat_conversations_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "chat_waiting_answers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    TicketId = table.Column<long>(type: "INTEGER", nullable: false),
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SettledAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SettledBy = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chat_waiting_answers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_chat_waiting_answers_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_chat_conversations_TicketId",
                table: "chat_conversations",
                column: "TicketId");

            migrationBuilder.CreateIndex(
                name: "IX_chat_conversations_VisitorId_TicketId",
                table: "chat_conversations",
                columns: new[] { "VisitorId", "TicketId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_chat_waiting_answers_SettledAt",
                table: "chat_waiting_answers",
                column: "SettledAt");

            migrationBuilder.CreateIndex(
                name: "IX_chat_waiting_answers_TicketId_MessageId",
                table: "chat_waiting_answers",
                columns: new[] { "TicketId", "MessageId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "chat_conversations");

            migrationBuilder.DropTable(
                name: "chat_waiting_answers");

            migrationBuilder.DropColumn(
                name: "PagesConsentNumber",
                table: "customers_visitors");

            migrationBuilder.DropColumn(
                name: "Purpose",
                table: "customers_consents");
        }
    }
}
