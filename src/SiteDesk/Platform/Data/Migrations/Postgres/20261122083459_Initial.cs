using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SiteDesk.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts_invitations",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    Role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    TokenHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    InvitedById = table.Column<long>(type: "bigint", nullable: false),
                    AcceptedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SiteIds = table.Column<string>(type: "text", nullable: false),
                    TeamIds = table.Column<string>(type: "text", nullable: false),
                    ConfinedToTeams = table.Column<bool>(type: "boolean", nullable: false),
                    MasksContacts = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_invitations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "accounts_staff",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    DisplayName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    TimeZone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Theme = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    MasksContacts = table.Column<bool>(type: "boolean", nullable: false),
                    ConfinedToSites = table.Column<bool>(type: "boolean", nullable: false),
                    ConfinedToTeams = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    DeactivatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    IsAway = table.Column<bool>(type: "boolean", nullable: false),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedUserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    Email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedEmail = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    EmailConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    PasswordHash = table.Column<string>(type: "text", nullable: true),
                    SecurityStamp = table.Column<string>(type: "text", nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "text", nullable: true),
                    PhoneNumber = table.Column<string>(type: "text", nullable: true),
                    PhoneNumberConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    TwoFactorEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    LockoutEnd = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LockoutEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    AccessFailedCount = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_staff", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "accounts_teams",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_teams", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_consents",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    VisitorId = table.Column<long>(type: "bigint", nullable: false),
                    Purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Granted = table.Column<bool>(type: "boolean", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_consents", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_customers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    AddressAs = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    TimeZone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ExternalId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Remarks = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    MergedIntoId = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_customers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_page_visits",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    VisitorId = table.Column<long>(type: "bigint", nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    Address = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_page_visits", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "platform_audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ActorKind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ActorId = table.Column<long>(type: "bigint", nullable: true),
                    ActorName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Action = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Subject = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Details = table.Column<string>(type: "text", nullable: false),
                    Address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "platform_event_deliveries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Event = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Handler = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Payload = table.Column<string>(type: "text", nullable: false),
                    OccurredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    DueAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LastError = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_event_deliveries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "platform_files",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Token = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    ContentType = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    AttachedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Width = table.Column<int>(type: "integer", nullable: true),
                    Height = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_files", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "platform_leases",
                columns: table => new
                {
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Holder = table.Column<string>(type: "text", nullable: false),
                    Until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Fence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_leases", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "platform_protection_keys",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Xml = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_protection_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "platform_settings",
                columns: table => new
                {
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Protected = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_settings", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "sites_sites",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Key = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Domains = table.Column<string>(type: "text", nullable: false),
                    Address = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    Languages = table.Column<string>(type: "text", nullable: false),
                    Color = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: false),
                    Logo = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Hours = table.Column<string>(type: "text", nullable: false),
                    Widget = table.Column<string>(type: "text", nullable: false),
                    Privacy = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ArchivedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sites_sites", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_blocked_senders",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Pattern = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    CreatedById = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_blocked_senders", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_drafts",
                columns: table => new
                {
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false),
                    FileTokens = table.Column<string>(type: "text", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_drafts", x => new { x.StaffId, x.TicketId, x.Kind });
                });

            migrationBuilder.CreateTable(
                name: "tickets_fields",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Key = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Names = table.Column<string>(type: "text", nullable: false),
                    Type = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Choices = table.Column<string>(type: "text", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: true),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    RetiredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_fields", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_notifications",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    MessageId = table.Column<long>(type: "bigint", nullable: true),
                    ActorName = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ReadAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_notifications", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_statuses",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Standard = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Names = table.Column<string>(type: "text", nullable: false),
                    CustomerNames = table.Column<string>(type: "text", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    RetiredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_statuses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_views",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    StaffId = table.Column<long>(type: "bigint", nullable: true),
                    Condition = table.Column<string>(type: "text", nullable: false),
                    Order = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_views", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "accounts_claims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    UserId = table.Column<long>(type: "bigint", nullable: false),
                    ClaimType = table.Column<string>(type: "text", nullable: true),
                    ClaimValue = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_claims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_accounts_claims_accounts_staff_UserId",
                        column: x => x.UserId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "accounts_logins",
                columns: table => new
                {
                    LoginProvider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    ProviderKey = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    ProviderDisplayName = table.Column<string>(type: "text", nullable: true),
                    UserId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_logins", x => new { x.LoginProvider, x.ProviderKey });
                    table.ForeignKey(
                        name: "FK_accounts_logins_accounts_staff_UserId",
                        column: x => x.UserId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "accounts_passkeys",
                columns: table => new
                {
                    CredentialId = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    UserId = table.Column<long>(type: "bigint", nullable: false),
                    Data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_passkeys", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_accounts_passkeys_accounts_staff_UserId",
                        column: x => x.UserId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "accounts_sessions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    LastSeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UserAgent = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    Address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_sessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_accounts_sessions_accounts_staff_StaffId",
                        column: x => x.StaffId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "accounts_staff_sites",
                columns: table => new
                {
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_staff_sites", x => new { x.StaffId, x.SiteId });
                    table.ForeignKey(
                        name: "FK_accounts_staff_sites_accounts_staff_StaffId",
                        column: x => x.StaffId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "accounts_tokens",
                columns: table => new
                {
                    UserId = table.Column<long>(type: "bigint", nullable: false),
                    LoginProvider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    Name = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    Value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_tokens", x => new { x.UserId, x.LoginProvider, x.Name });
                    table.ForeignKey(
                        name: "FK_accounts_tokens_accounts_staff_UserId",
                        column: x => x.UserId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "api_tokens",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Hint = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    LastUsedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    RevokedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_tokens", x => x.Id);
                    table.ForeignKey(
                        name: "FK_api_tokens_accounts_staff_StaffId",
                        column: x => x.StaffId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "accounts_team_members",
                columns: table => new
                {
                    TeamId = table.Column<long>(type: "bigint", nullable: false),
                    StaffId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_team_members", x => new { x.TeamId, x.StaffId });
                    table.ForeignKey(
                        name: "FK_accounts_team_members_accounts_staff_StaffId",
                        column: x => x.StaffId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_accounts_team_members_accounts_teams_TeamId",
                        column: x => x.TeamId,
                        principalTable: "accounts_teams",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customers_contacts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Value = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    Shown = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    AddedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ProvenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_contacts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_customers_contacts_customers_customers_CustomerId",
                        column: x => x.CustomerId,
                        principalTable: "customers_customers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customers_visitors",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    LastSeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UserAgent = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    Address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ConsentNumber = table.Column<int>(type: "integer", nullable: true),
                    PagesConsentNumber = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_visitors", x => x.Id);
                    table.ForeignKey(
                        name: "FK_customers_visitors_customers_customers_CustomerId",
                        column: x => x.CustomerId,
                        principalTable: "customers_customers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sites_consent_texts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    CreatedById = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sites_consent_texts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_sites_consent_texts_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_tickets",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Token = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    CustomerId = table.Column<long>(type: "bigint", nullable: false),
                    Channel = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Subject = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    Status = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    CustomStatusId = table.Column<long>(type: "bigint", nullable: true),
                    Stage = table.Column<int>(type: "integer", maxLength: 40, nullable: false),
                    Priority = table.Column<int>(type: "integer", maxLength: 40, nullable: false),
                    AssigneeId = table.Column<long>(type: "bigint", nullable: true),
                    TeamId = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    FirstRepliedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SolvedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    LastMessageAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Preview = table.Column<string>(type: "character varying(160)", maxLength: 160, nullable: false),
                    AwaitsReply = table.Column<bool>(type: "boolean", nullable: false),
                    SeenByCustomerId = table.Column<long>(type: "bigint", nullable: false),
                    JunkReason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    JunkAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    JunkById = table.Column<long>(type: "bigint", nullable: true),
                    MergedIntoId = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_tickets", x => x.Id);
                    table.ForeignKey(
                        name: "FK_tickets_tickets_customers_customers_CustomerId",
                        column: x => x.CustomerId,
                        principalTable: "customers_customers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_tickets_tickets_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "channels_waiting_answers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    MessageId = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SettledAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SettledBy = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_channels_waiting_answers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_channels_waiting_answers_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "chat_conversations",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    VisitorId = table.Column<long>(type: "bigint", nullable: false),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    PageAddress = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true)
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
                name: "tickets_changes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ActorKind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ActorId = table.Column<long>(type: "bigint", nullable: true),
                    ActorName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Field = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    From = table.Column<string>(type: "text", nullable: true),
                    To = table.Column<string>(type: "text", nullable: true),
                    Batch = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_changes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_tickets_changes_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_field_values",
                columns: table => new
                {
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    FieldId = table.Column<long>(type: "bigint", nullable: false),
                    Value = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_field_values", x => new { x.TicketId, x.FieldId });
                    table.ForeignKey(
                        name: "FK_tickets_field_values_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_followers",
                columns: table => new
                {
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    StaffId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_followers", x => new { x.TicketId, x.StaffId });
                    table.ForeignKey(
                        name: "FK_tickets_followers_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_messages",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AuthorKind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AuthorId = table.Column<long>(type: "bigint", nullable: true),
                    AuthorName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false),
                    Html = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Channel = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ClientId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Report = table.Column<string>(type: "text", nullable: true),
                    MentionedIds = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_messages", x => x.Id);
                    table.ForeignKey(
                        name: "FK_tickets_messages_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_tags",
                columns: table => new
                {
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_tags", x => new { x.TicketId, x.Name });
                    table.ForeignKey(
                        name: "FK_tickets_tags_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_message_files",
                columns: table => new
                {
                    MessageId = table.Column<long>(type: "bigint", nullable: false),
                    FileId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_message_files", x => new { x.MessageId, x.FileId });
                    table.ForeignKey(
                        name: "FK_tickets_message_files_platform_files_FileId",
                        column: x => x.FileId,
                        principalTable: "platform_files",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_tickets_message_files_tickets_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "tickets_messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_message_tokens",
                columns: table => new
                {
                    MessageId = table.Column<long>(type: "bigint", nullable: false),
                    Tokens = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_message_tokens", x => x.MessageId);
                    table.ForeignKey(
                        name: "FK_tickets_message_tokens_tickets_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "tickets_messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_accounts_claims_UserId",
                table: "accounts_claims",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_accounts_invitations_TokenHash",
                table: "accounts_invitations",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_accounts_logins_UserId",
                table: "accounts_logins",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_accounts_passkeys_UserId",
                table: "accounts_passkeys",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_accounts_sessions_ExpiresAt",
                table: "accounts_sessions",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_accounts_sessions_StaffId",
                table: "accounts_sessions",
                column: "StaffId");

            migrationBuilder.CreateIndex(
                name: "IX_accounts_sessions_TokenHash",
                table: "accounts_sessions",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_accounts_staff_NormalizedEmail",
                table: "accounts_staff",
                column: "NormalizedEmail",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_accounts_staff_NormalizedUserName",
                table: "accounts_staff",
                column: "NormalizedUserName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_accounts_team_members_StaffId",
                table: "accounts_team_members",
                column: "StaffId");

            migrationBuilder.CreateIndex(
                name: "IX_accounts_teams_Name",
                table: "accounts_teams",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_api_tokens_StaffId",
                table: "api_tokens",
                column: "StaffId");

            migrationBuilder.CreateIndex(
                name: "IX_api_tokens_TokenHash",
                table: "api_tokens",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_channels_waiting_answers_SettledAt",
                table: "channels_waiting_answers",
                column: "SettledAt");

            migrationBuilder.CreateIndex(
                name: "IX_channels_waiting_answers_TicketId_MessageId",
                table: "channels_waiting_answers",
                columns: new[] { "TicketId", "MessageId" },
                unique: true);

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
                name: "IX_customers_consents_VisitorId_At",
                table: "customers_consents",
                columns: new[] { "VisitorId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_contacts_CustomerId",
                table: "customers_contacts",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_contacts_Kind_Value",
                table: "customers_contacts",
                columns: new[] { "Kind", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_customers_ExternalId",
                table: "customers_customers",
                column: "ExternalId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_customers_MergedIntoId",
                table: "customers_customers",
                column: "MergedIntoId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_page_visits_At",
                table: "customers_page_visits",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_customers_page_visits_CustomerId_At",
                table: "customers_page_visits",
                columns: new[] { "CustomerId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_visitors_CustomerId",
                table: "customers_visitors",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_visitors_TokenHash",
                table: "customers_visitors",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_platform_audit_Action_Id",
                table: "platform_audit",
                columns: new[] { "Action", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_platform_audit_ActorId_Id",
                table: "platform_audit",
                columns: new[] { "ActorId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_platform_audit_At",
                table: "platform_audit",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_platform_audit_Subject_At",
                table: "platform_audit",
                columns: new[] { "Subject", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_platform_event_deliveries_DueAt",
                table: "platform_event_deliveries",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_platform_files_AttachedAt_CreatedAt",
                table: "platform_files",
                columns: new[] { "AttachedAt", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_platform_files_Sha256",
                table: "platform_files",
                column: "Sha256");

            migrationBuilder.CreateIndex(
                name: "IX_platform_files_Token",
                table: "platform_files",
                column: "Token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sites_consent_texts_SiteId_Number_Language",
                table: "sites_consent_texts",
                columns: new[] { "SiteId", "Number", "Language" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sites_sites_Key",
                table: "sites_sites",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_blocked_senders_Pattern",
                table: "tickets_blocked_senders",
                column: "Pattern",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_changes_Batch",
                table: "tickets_changes",
                column: "Batch");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_changes_TicketId_Id",
                table: "tickets_changes",
                columns: new[] { "TicketId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_field_values_FieldId_Value",
                table: "tickets_field_values",
                columns: new[] { "FieldId", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_fields_Key",
                table: "tickets_fields",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_followers_StaffId",
                table: "tickets_followers",
                column: "StaffId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_message_files_FileId",
                table: "tickets_message_files",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_messages_TicketId_ClientId",
                table: "tickets_messages",
                columns: new[] { "TicketId", "ClientId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_messages_TicketId_Id",
                table: "tickets_messages",
                columns: new[] { "TicketId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_notifications_Key",
                table: "tickets_notifications",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_notifications_StaffId_CreatedAt",
                table: "tickets_notifications",
                columns: new[] { "StaffId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tags_Name_TicketId",
                table: "tickets_tags",
                columns: new[] { "Name", "TicketId" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_AssigneeId_Stage_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "AssigneeId", "Stage", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_CustomerId_CreatedAt",
                table: "tickets_tickets",
                columns: new[] { "CustomerId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_SiteId_UpdatedAt",
                table: "tickets_tickets",
                columns: new[] { "SiteId", "UpdatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_Stage_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "Stage", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_TeamId_Stage_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "TeamId", "Stage", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_Token",
                table: "tickets_tickets",
                column: "Token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_tickets_UpdatedAt",
                table: "tickets_tickets",
                column: "UpdatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_views_StaffId",
                table: "tickets_views",
                column: "StaffId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "accounts_claims");

            migrationBuilder.DropTable(
                name: "accounts_invitations");

            migrationBuilder.DropTable(
                name: "accounts_logins");

            migrationBuilder.DropTable(
                name: "accounts_passkeys");

            migrationBuilder.DropTable(
                name: "accounts_sessions");

            migrationBuilder.DropTable(
                name: "accounts_staff_sites");

            migrationBuilder.DropTable(
                name: "accounts_team_members");

            migrationBuilder.DropTable(
                name: "accounts_tokens");

            migrationBuilder.DropTable(
                name: "api_tokens");

            migrationBuilder.DropTable(
                name: "channels_waiting_answers");

            migrationBuilder.DropTable(
                name: "chat_conversations");

            migrationBuilder.DropTable(
                name: "customers_consents");

            migrationBuilder.DropTable(
                name: "customers_contacts");

            migrationBuilder.DropTable(
                name: "customers_page_visits");

            migrationBuilder.DropTable(
                name: "platform_audit");

            migrationBuilder.DropTable(
                name: "platform_event_deliveries");

            migrationBuilder.DropTable(
                name: "platform_leases");

            migrationBuilder.DropTable(
                name: "platform_protection_keys");

            migrationBuilder.DropTable(
                name: "platform_settings");

            migrationBuilder.DropTable(
                name: "sites_consent_texts");

            migrationBuilder.DropTable(
                name: "tickets_blocked_senders");

            migrationBuilder.DropTable(
                name: "tickets_changes");

            migrationBuilder.DropTable(
                name: "tickets_drafts");

            migrationBuilder.DropTable(
                name: "tickets_field_values");

            migrationBuilder.DropTable(
                name: "tickets_fields");

            migrationBuilder.DropTable(
                name: "tickets_followers");

            migrationBuilder.DropTable(
                name: "tickets_message_files");

            migrationBuilder.DropTable(
                name: "tickets_message_tokens");

            migrationBuilder.DropTable(
                name: "tickets_notifications");

            migrationBuilder.DropTable(
                name: "tickets_statuses");

            migrationBuilder.DropTable(
                name: "tickets_tags");

            migrationBuilder.DropTable(
                name: "tickets_views");

            migrationBuilder.DropTable(
                name: "accounts_teams");

            migrationBuilder.DropTable(
                name: "accounts_staff");

            migrationBuilder.DropTable(
                name: "customers_visitors");

            migrationBuilder.DropTable(
                name: "platform_files");

            migrationBuilder.DropTable(
                name: "tickets_messages");

            migrationBuilder.DropTable(
                name: "tickets_tickets");

            migrationBuilder.DropTable(
                name: "customers_customers");

            migrationBuilder.DropTable(
                name: "sites_sites");
        }
    }
}
