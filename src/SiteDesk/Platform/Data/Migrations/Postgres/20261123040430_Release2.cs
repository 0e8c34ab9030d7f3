using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SiteDesk.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Release2 : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsWithAssistant",
                table: "tickets_tickets",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "MergedCount",
                table: "tickets_tickets",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Choice",
                table: "tickets_messages",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Offer",
                table: "tickets_messages",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "WithdrawnAt",
                table: "tickets_messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "Day",
                table: "tickets_field_values",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<double>(
                name: "Number",
                table: "tickets_field_values",
                type: "double precision",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Held",
                table: "tickets_drafts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Revision",
                table: "tickets_drafts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Assistant",
                table: "sites_sites",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "HelpOrigin",
                table: "sites_sites",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProvenBy",
                table: "customers_contacts",
                type: "character varying(20)",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "VisitorHash",
                table: "customers_consents",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Names",
                table: "accounts_teams",
                type: "text",
                nullable: true);

            Release2Rows.FillOnPostgres(migrationBuilder);

            migrationBuilder.CreateTable(
                name: "accounts_sign_in_failures",
                columns: table => new
                {
                    Network = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    Since = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts_sign_in_failures", x => x.Network);
                });

            migrationBuilder.CreateTable(
                name: "assistant_knowledge",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Document = table.Column<string>(type: "text", nullable: false),
                    IsLive = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ById = table.Column<long>(type: "bigint", nullable: true),
                    ByName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_knowledge", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "assistant_lessons",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ById = table.Column<long>(type: "bigint", nullable: false),
                    ByName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Intent = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    IsNewIntent = table.Column<bool>(type: "boolean", nullable: false),
                    Phrases = table.Column<string>(type: "text", nullable: false),
                    TurnIds = table.Column<string>(type: "text", nullable: false),
                    JudgedIds = table.Column<string>(type: "text", nullable: false),
                    UndoneAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_lessons", x => x.Id);
                    table.ForeignKey(
                        name: "FK_assistant_lessons_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "assistant_model_connections",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false),
                    Address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    Model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    SealedKey = table.Column<string>(type: "text", nullable: true),
                    IsEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    WordsAnswers = table.Column<bool>(type: "boolean", nullable: false),
                    TranslatesForStaff = table.Column<bool>(type: "boolean", nullable: false),
                    TimeLimitMilliseconds = table.Column<int>(type: "integer", nullable: false),
                    MostRequests = table.Column<long>(type: "bigint", nullable: true),
                    MostTokens = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_model_connections", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "assistant_model_uses",
                columns: table => new
                {
                    Month = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: false),
                    Requests = table.Column<long>(type: "bigint", nullable: false),
                    Tokens = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_model_uses", x => x.Month);
                });

            migrationBuilder.CreateTable(
                name: "assistant_suggestions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Value = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    WasTaken = table.Column<bool>(type: "boolean", nullable: false),
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_suggestions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_assistant_suggestions_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "assistant_talks",
                columns: table => new
                {
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    HeardId = table.Column<long>(type: "bigint", nullable: false),
                    HeardAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    HandledId = table.Column<long>(type: "bigint", nullable: false),
                    IsWaiting = table.Column<bool>(type: "boolean", nullable: false),
                    ClaimedUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Memory = table.Column<string>(type: "text", nullable: false),
                    Cause = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Resolution = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    AnsweredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_talks", x => x.TicketId);
                    table.ForeignKey(
                        name: "FK_assistant_talks_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_assistant_talks_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "assistant_trials",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    DraftVersion = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ById = table.Column<long>(type: "bigint", nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    BeatAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    TurnIds = table.Column<string>(type: "text", nullable: false),
                    Done = table.Column<int>(type: "integer", nullable: false),
                    Changes = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_trials", x => x.Id);
                    table.ForeignKey(
                        name: "FK_assistant_trials_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "assistant_turns",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    QuestionId = table.Column<long>(type: "bigint", nullable: false),
                    ReplyId = table.Column<long>(type: "bigint", nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Candidate = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    ArticleId = table.Column<long>(type: "bigint", nullable: true),
                    Probability = table.Column<double>(type: "double precision", nullable: false),
                    KnowledgeNumber = table.Column<int>(type: "integer", nullable: false),
                    Milliseconds = table.Column<int>(type: "integer", nullable: false),
                    Helped = table.Column<bool>(type: "boolean", nullable: true),
                    IsOpen = table.Column<bool>(type: "boolean", nullable: false),
                    Correction = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_assistant_turns", x => x.Id);
                    table.ForeignKey(
                        name: "FK_assistant_turns_tickets_messages_QuestionId",
                        column: x => x.QuestionId,
                        principalTable: "tickets_messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_assistant_turns_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customers_merges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    FromId = table.Column<long>(type: "bigint", nullable: false),
                    IntoId = table.Column<long>(type: "bigint", nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ByName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Before = table.Column<string>(type: "text", nullable: false),
                    Contacts = table.Column<string>(type: "text", nullable: false),
                    UndoneAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_merges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_sign_in_links",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ContactId = table.Column<long>(type: "bigint", nullable: false),
                    Path = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_sign_in_links", x => x.Id);
                    table.ForeignKey(
                        name: "FK_customers_sign_in_links_customers_contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "customers_contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "email_correspondence",
                columns: table => new
                {
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    MailboxId = table.Column<long>(type: "bigint", nullable: true),
                    To = table.Column<string>(type: "text", nullable: true),
                    Cc = table.Column<string>(type: "text", nullable: false),
                    ByMail = table.Column<bool>(type: "boolean", nullable: true),
                    NextBcc = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_correspondence", x => x.TicketId);
                    table.ForeignKey(
                        name: "FK_email_correspondence_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "email_mailboxes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    TeamId = table.Column<long>(type: "bigint", nullable: true),
                    Address = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    AddressKey = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Incoming = table.Column<string>(type: "text", nullable: true),
                    Outgoing = table.Column<string>(type: "text", nullable: true),
                    UserName = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    SecretKind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SealedSecret = table.Column<string>(type: "text", nullable: true),
                    Folder = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    SenderNames = table.Column<string>(type: "text", nullable: false),
                    Signatures = table.Column<string>(type: "text", nullable: false),
                    SendsConfirmation = table.Column<bool>(type: "boolean", nullable: false),
                    UsesPlusAddress = table.Column<bool>(type: "boolean", nullable: false),
                    KeepsCopies = table.Column<bool>(type: "boolean", nullable: false),
                    TrustedHosts = table.Column<string>(type: "text", nullable: false),
                    AcceptsUnprovenStaffMail = table.Column<bool>(type: "boolean", nullable: false),
                    ConfirmationTexts = table.Column<string>(type: "text", nullable: false),
                    Renewal = table.Column<string>(type: "text", nullable: true),
                    Dkim = table.Column<string>(type: "text", nullable: true),
                    PostSecretHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    DeskAddress = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    IsEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    MailsPerHour = table.Column<int>(type: "integer", nullable: false),
                    RemovedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_mailboxes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_email_mailboxes_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "email_message_mails",
                columns: table => new
                {
                    MessageId = table.Column<long>(type: "bigint", nullable: false),
                    RawMailId = table.Column<long>(type: "bigint", nullable: false),
                    MailId = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    From = table.Column<string>(type: "text", nullable: false),
                    To = table.Column<string>(type: "text", nullable: false),
                    Cc = table.Column<string>(type: "text", nullable: false),
                    Quoted = table.Column<string>(type: "text", nullable: false),
                    Signature = table.Column<string>(type: "text", nullable: false),
                    Spf = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    Dkim = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    Dmarc = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    AutomaticReason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    RefusedFiles = table.Column<string>(type: "text", nullable: false),
                    HasHtml = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_message_mails", x => x.MessageId);
                    table.ForeignKey(
                        name: "FK_email_message_mails_tickets_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "tickets_messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "email_outgoing_mails",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Key = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    MailboxId = table.Column<long>(type: "bigint", nullable: true),
                    TicketId = table.Column<long>(type: "bigint", nullable: true),
                    NotificationId = table.Column<long>(type: "bigint", nullable: true),
                    MessageId = table.Column<long>(type: "bigint", nullable: true),
                    LastMessageId = table.Column<long>(type: "bigint", nullable: false),
                    MailId = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    MailIdHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Subject = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    InReplyTo = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    References = table.Column<string>(type: "text", nullable: false),
                    Recipients = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<int>(type: "integer", maxLength: 40, nullable: false),
                    NotBefore = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    UnknownEnds = table.Column<int>(type: "integer", nullable: false),
                    ClaimedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ReturnedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    LastAnswer = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_outgoing_mails", x => x.Id);
                    table.ForeignKey(
                        name: "FK_email_outgoing_mails_tickets_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "tickets_messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_email_outgoing_mails_tickets_notifications_NotificationId",
                        column: x => x.NotificationId,
                        principalTable: "tickets_notifications",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_email_outgoing_mails_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "email_staff_choices",
                columns: table => new
                {
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    Assigned = table.Column<bool>(type: "boolean", nullable: false),
                    Mentioned = table.Column<bool>(type: "boolean", nullable: false),
                    CustomerReplied = table.Column<bool>(type: "boolean", nullable: false),
                    Followed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_staff_choices", x => x.StaffId);
                    table.ForeignKey(
                        name: "FK_email_staff_choices_accounts_staff_StaffId",
                        column: x => x.StaffId,
                        principalTable: "accounts_staff",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "email_unreachable_addresses",
                columns: table => new
                {
                    Address = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    IsComplaint = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_unreachable_addresses", x => x.Address);
                });

            migrationBuilder.CreateTable(
                name: "help_link_checks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    CheckedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Status = table.Column<int>(type: "integer", nullable: false),
                    Failures = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_link_checks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "help_searches",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Words = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    Times = table.Column<int>(type: "integer", nullable: false),
                    Empty = table.Column<int>(type: "integer", nullable: false),
                    Opened = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_searches", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_searches_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_sections",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    ParentId = table.Column<long>(type: "bigint", nullable: true),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_sections", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_sections_help_sections_ParentId",
                        column: x => x.ParentId,
                        principalTable: "help_sections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_help_sections_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "help_synonyms",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Words = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_synonyms", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_synonyms_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_ticket_trails",
                columns: table => new
                {
                    TicketId = table.Column<long>(type: "bigint", nullable: false),
                    Steps = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_ticket_trails", x => x.TicketId);
                    table.ForeignKey(
                        name: "FK_help_ticket_trails_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_versions",
                columns: table => new
                {
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_versions", x => x.SiteId);
                    table.ForeignKey(
                        name: "FK_help_versions_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets_links",
                columns: table => new
                {
                    LowId = table.Column<long>(type: "bigint", nullable: false),
                    HighId = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    CreatedById = table.Column<long>(type: "bigint", nullable: true)
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
                name: "tickets_notices",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    ActorName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Subject = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Address = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ReadAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_notices", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_reply_templates",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Texts = table.Column<string>(type: "text", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: true),
                    TeamId = table.Column<long>(type: "bigint", nullable: true),
                    RetiredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_reply_templates", x => x.Id);
                    table.ForeignKey(
                        name: "FK_tickets_reply_templates_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "tickets_view_orders",
                columns: table => new
                {
                    StaffId = table.Column<long>(type: "bigint", nullable: false),
                    View = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Order = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_view_orders", x => new { x.StaffId, x.View });
                });

            migrationBuilder.CreateTable(
                name: "customers_moved_rows",
                columns: table => new
                {
                    MergeId = table.Column<long>(type: "bigint", nullable: false),
                    Place = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    RowId = table.Column<long>(type: "bigint", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "email_mailbox_states",
                columns: table => new
                {
                    MailboxId = table.Column<long>(type: "bigint", nullable: false),
                    FetchedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    FetchError = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    FetchErrorAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    UidValidity = table.Column<long>(type: "bigint", nullable: false),
                    LastUid = table.Column<long>(type: "bigint", nullable: false),
                    FirstNewUid = table.Column<long>(type: "bigint", nullable: false),
                    SealedAccessToken = table.Column<string>(type: "text", nullable: true),
                    SealedRefreshToken = table.Column<string>(type: "text", nullable: true),
                    AccessTokenUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SendError = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    SendErrorAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_mailbox_states", x => x.MailboxId);
                    table.ForeignKey(
                        name: "FK_email_mailbox_states_email_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "email_mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "email_raw_mails",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    MailboxId = table.Column<long>(type: "bigint", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    ReceivedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    ContentHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    MessageIdHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Sender = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Subject = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    State = table.Column<int>(type: "integer", maxLength: 40, nullable: false),
                    Outcome = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Step = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    ReadAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    TicketId = table.Column<long>(type: "bigint", nullable: true),
                    MessageId = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_raw_mails", x => x.Id);
                    table.ForeignKey(
                        name: "FK_email_raw_mails_email_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "email_mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_email_raw_mails_tickets_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "tickets_messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_email_raw_mails_tickets_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets_tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_articles",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    SectionId = table.Column<long>(type: "bigint", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Audience = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SegmentCondition = table.Column<string>(type: "text", nullable: true),
                    OwnerId = table.Column<long>(type: "bigint", nullable: true),
                    ReviewBy = table.Column<DateOnly>(type: "date", nullable: true),
                    SourceLanguage = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    RemovedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_articles", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_articles_help_sections_SectionId",
                        column: x => x.SectionId,
                        principalTable: "help_sections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_help_articles_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "help_section_names",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SectionId = table.Column<long>(type: "bigint", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    Slug = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_section_names", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_section_names_help_sections_SectionId",
                        column: x => x.SectionId,
                        principalTable: "help_sections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "email_raw_contents",
                columns: table => new
                {
                    RawMailId = table.Column<long>(type: "bigint", nullable: false),
                    Bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_raw_contents", x => x.RawMailId);
                    table.ForeignKey(
                        name: "FK_email_raw_contents_email_raw_mails_RawMailId",
                        column: x => x.RawMailId,
                        principalTable: "email_raw_mails",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_addresses",
                columns: table => new
                {
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Slug = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ArticleId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_addresses", x => new { x.SiteId, x.Language, x.Slug });
                    table.ForeignKey(
                        name: "FK_help_addresses_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_help_addresses_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_article_files",
                columns: table => new
                {
                    ArticleId = table.Column<long>(type: "bigint", nullable: false),
                    FileId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_article_files", x => new { x.ArticleId, x.FileId });
                    table.ForeignKey(
                        name: "FK_help_article_files_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_help_article_files_platform_files_FileId",
                        column: x => x.FileId,
                        principalTable: "platform_files",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "help_deflections",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    ArticleId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Place = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Visit = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    OpenedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    AnsweredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    TicketAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_deflections", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_deflections_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_help_deflections_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_readings",
                columns: table => new
                {
                    ArticleId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Times = table.Column<int>(type: "integer", nullable: false),
                    FromSearch = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_readings", x => new { x.ArticleId, x.Language, x.Day });
                    table.ForeignKey(
                        name: "FK_help_readings_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_related_articles",
                columns: table => new
                {
                    ArticleId = table.Column<long>(type: "bigint", nullable: false),
                    RelatedId = table.Column<long>(type: "bigint", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_related_articles", x => new { x.ArticleId, x.RelatedId });
                    table.ForeignKey(
                        name: "FK_help_related_articles_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_help_related_articles_help_articles_RelatedId",
                        column: x => x.RelatedId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_texts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ArticleId = table.Column<long>(type: "bigint", nullable: false),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Slug = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    LastNumber = table.Column<int>(type: "integer", nullable: false),
                    PublishedVersionId = table.Column<long>(type: "bigint", nullable: true),
                    PublishedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    FirstPublishedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ScheduledVersionId = table.Column<long>(type: "bigint", nullable: true),
                    PublishAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SourceVersionId = table.Column<long>(type: "bigint", nullable: true),
                    PublishedSourceVersionId = table.Column<long>(type: "bigint", nullable: true),
                    ReviewRequestedById = table.Column<long>(type: "bigint", nullable: true),
                    ReviewRequestedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_texts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_texts_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_trail_steps",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SiteId = table.Column<long>(type: "bigint", nullable: false),
                    Visit = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Words = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    ArticleId = table.Column<long>(type: "bigint", nullable: true),
                    FoundNothing = table.Column<bool>(type: "boolean", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_trail_steps", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_trail_steps_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id");
                    table.ForeignKey(
                        name: "FK_help_trail_steps_sites_sites_SiteId",
                        column: x => x.SiteId,
                        principalTable: "sites_sites",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_votes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ArticleId = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    VersionId = table.Column<long>(type: "bigint", nullable: false),
                    Helped = table.Column<bool>(type: "boolean", nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Text = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Words = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Token = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_votes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_votes_help_articles_ArticleId",
                        column: x => x.ArticleId,
                        principalTable: "help_articles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_article_versions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ArticleTextId = table.Column<long>(type: "bigint", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Summary = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    Body = table.Column<string>(type: "text", nullable: false),
                    AuthorId = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Remark = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_article_versions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_article_versions_help_texts_ArticleTextId",
                        column: x => x.ArticleTextId,
                        principalTable: "help_texts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_drafts",
                columns: table => new
                {
                    ArticleTextId = table.Column<long>(type: "bigint", nullable: false),
                    Title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Summary = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    Body = table.Column<string>(type: "text", nullable: false),
                    BasedOnVersionId = table.Column<long>(type: "bigint", nullable: true),
                    ChangedById = table.Column<long>(type: "bigint", nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_drafts", x => x.ArticleTextId);
                    table.ForeignKey(
                        name: "FK_help_drafts_help_texts_ArticleTextId",
                        column: x => x.ArticleTextId,
                        principalTable: "help_texts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "help_questions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ArticleTextId = table.Column<long>(type: "bigint", nullable: false),
                    Text = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_help_questions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_help_questions_help_texts_ArticleTextId",
                        column: x => x.ArticleTextId,
                        principalTable: "help_texts",
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
                name: "IX_tickets_tickets_Status_UpdatedAt_Id",
                table: "tickets_tickets",
                columns: new[] { "Status", "UpdatedAt", "Id" });

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
                name: "IX_sites_sites_HelpOrigin",
                table: "sites_sites",
                column: "HelpOrigin",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_page_visits_VisitorId",
                table: "customers_page_visits",
                column: "VisitorId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_customers_Name",
                table: "customers_customers",
                column: "Name");

            migrationBuilder.CreateIndex(
                name: "IX_customers_contacts_beginning",
                table: "customers_contacts",
                columns: new[] { "Kind", "Value" })
                .Annotation("Npgsql:IndexOperators", new[] { "text_pattern_ops", "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "IX_accounts_sign_in_failures_Since",
                table: "accounts_sign_in_failures",
                column: "Since");

            migrationBuilder.CreateIndex(
                name: "IX_assistant_knowledge_IsLive",
                table: "assistant_knowledge",
                column: "IsLive",
                filter: "\"IsLive\"");

            migrationBuilder.CreateIndex(
                name: "IX_assistant_knowledge_Number",
                table: "assistant_knowledge",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_assistant_lessons_SiteId_Id",
                table: "assistant_lessons",
                columns: new[] { "SiteId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_assistant_suggestions_SiteId_At",
                table: "assistant_suggestions",
                columns: new[] { "SiteId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_assistant_suggestions_TicketId_Kind_Value",
                table: "assistant_suggestions",
                columns: new[] { "TicketId", "Kind", "Value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_assistant_talks_AnsweredAt",
                table: "assistant_talks",
                column: "AnsweredAt",
                filter: "\"AnsweredAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_assistant_talks_IsWaiting_HeardAt",
                table: "assistant_talks",
                columns: new[] { "IsWaiting", "HeardAt" },
                filter: "\"IsWaiting\"");

            migrationBuilder.CreateIndex(
                name: "IX_assistant_talks_SiteId_StartedAt",
                table: "assistant_talks",
                columns: new[] { "SiteId", "StartedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_assistant_trials_SiteId_Id",
                table: "assistant_trials",
                columns: new[] { "SiteId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_assistant_turns_IsOpen_At",
                table: "assistant_turns",
                columns: new[] { "IsOpen", "At" },
                filter: "\"IsOpen\"");

            migrationBuilder.CreateIndex(
                name: "IX_assistant_turns_QuestionId",
                table: "assistant_turns",
                column: "QuestionId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_assistant_turns_SiteId_At",
                table: "assistant_turns",
                columns: new[] { "SiteId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_assistant_turns_SiteId_Candidate_At",
                table: "assistant_turns",
                columns: new[] { "SiteId", "Candidate", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_assistant_turns_TicketId_Id",
                table: "assistant_turns",
                columns: new[] { "TicketId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_merges_FromId",
                table: "customers_merges",
                column: "FromId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_merges_IntoId_At",
                table: "customers_merges",
                columns: new[] { "IntoId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_links_ContactId",
                table: "customers_sign_in_links",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_links_CreatedAt",
                table: "customers_sign_in_links",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_email_mailboxes_AddressKey",
                table: "email_mailboxes",
                column: "AddressKey");

            migrationBuilder.CreateIndex(
                name: "IX_email_mailboxes_PostSecretHash",
                table: "email_mailboxes",
                column: "PostSecretHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_email_mailboxes_SiteId",
                table: "email_mailboxes",
                column: "SiteId");

            migrationBuilder.CreateIndex(
                name: "IX_email_outgoing_mails_Key",
                table: "email_outgoing_mails",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_email_outgoing_mails_MailboxId_ClaimedAt",
                table: "email_outgoing_mails",
                columns: new[] { "MailboxId", "ClaimedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_email_outgoing_mails_MailIdHash",
                table: "email_outgoing_mails",
                column: "MailIdHash");

            migrationBuilder.CreateIndex(
                name: "IX_email_outgoing_mails_MessageId",
                table: "email_outgoing_mails",
                column: "MessageId");

            migrationBuilder.CreateIndex(
                name: "IX_email_outgoing_mails_NotificationId",
                table: "email_outgoing_mails",
                column: "NotificationId");

            migrationBuilder.CreateIndex(
                name: "IX_email_outgoing_mails_State_NotBefore",
                table: "email_outgoing_mails",
                columns: new[] { "State", "NotBefore" });

            migrationBuilder.CreateIndex(
                name: "IX_email_outgoing_mails_TicketId",
                table: "email_outgoing_mails",
                column: "TicketId");

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_Fingerprint",
                table: "email_raw_mails",
                column: "Fingerprint",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_MailboxId_ContentHash",
                table: "email_raw_mails",
                columns: new[] { "MailboxId", "ContentHash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_MessageId",
                table: "email_raw_mails",
                column: "MessageId");

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_SiteId_MessageIdHash",
                table: "email_raw_mails",
                columns: new[] { "SiteId", "MessageIdHash" });

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_SiteId_ReceivedAt",
                table: "email_raw_mails",
                columns: new[] { "SiteId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_SiteId_Sender_ReceivedAt",
                table: "email_raw_mails",
                columns: new[] { "SiteId", "Sender", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_State_Id",
                table: "email_raw_mails",
                columns: new[] { "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_email_raw_mails_TicketId",
                table: "email_raw_mails",
                column: "TicketId");

            migrationBuilder.CreateIndex(
                name: "IX_help_addresses_ArticleId",
                table: "help_addresses",
                column: "ArticleId");

            migrationBuilder.CreateIndex(
                name: "IX_help_article_files_FileId",
                table: "help_article_files",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_help_article_versions_ArticleTextId_Number",
                table: "help_article_versions",
                columns: new[] { "ArticleTextId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_articles_SectionId",
                table: "help_articles",
                column: "SectionId");

            migrationBuilder.CreateIndex(
                name: "IX_help_articles_SiteId_RemovedAt",
                table: "help_articles",
                columns: new[] { "SiteId", "RemovedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_help_articles_SiteId_SectionId_Position_Id",
                table: "help_articles",
                columns: new[] { "SiteId", "SectionId", "Position", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_help_deflections_ArticleId",
                table: "help_deflections",
                column: "ArticleId");

            migrationBuilder.CreateIndex(
                name: "IX_help_deflections_SiteId_OpenedAt",
                table: "help_deflections",
                columns: new[] { "SiteId", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_help_deflections_Visit_ArticleId",
                table: "help_deflections",
                columns: new[] { "Visit", "ArticleId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_link_checks_Address",
                table: "help_link_checks",
                column: "Address",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_questions_ArticleTextId_Position",
                table: "help_questions",
                columns: new[] { "ArticleTextId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_help_readings_Day",
                table: "help_readings",
                column: "Day");

            migrationBuilder.CreateIndex(
                name: "IX_help_related_articles_RelatedId",
                table: "help_related_articles",
                column: "RelatedId");

            migrationBuilder.CreateIndex(
                name: "IX_help_searches_SiteId_Day_Language_Words",
                table: "help_searches",
                columns: new[] { "SiteId", "Day", "Language", "Words" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_section_names_SectionId_Language",
                table: "help_section_names",
                columns: new[] { "SectionId", "Language" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_section_names_SiteId_Language_Slug",
                table: "help_section_names",
                columns: new[] { "SiteId", "Language", "Slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_sections_ParentId",
                table: "help_sections",
                column: "ParentId");

            migrationBuilder.CreateIndex(
                name: "IX_help_sections_SiteId",
                table: "help_sections",
                column: "SiteId");

            migrationBuilder.CreateIndex(
                name: "IX_help_synonyms_SiteId_Language",
                table: "help_synonyms",
                columns: new[] { "SiteId", "Language" });

            migrationBuilder.CreateIndex(
                name: "IX_help_texts_ArticleId_Language",
                table: "help_texts",
                columns: new[] { "ArticleId", "Language" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_texts_PublishAt",
                table: "help_texts",
                column: "PublishAt",
                filter: "\"PublishAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_help_texts_SiteId_Language_Slug",
                table: "help_texts",
                columns: new[] { "SiteId", "Language", "Slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_help_trail_steps_ArticleId",
                table: "help_trail_steps",
                column: "ArticleId");

            migrationBuilder.CreateIndex(
                name: "IX_help_trail_steps_At",
                table: "help_trail_steps",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_help_trail_steps_SiteId",
                table: "help_trail_steps",
                column: "SiteId");

            migrationBuilder.CreateIndex(
                name: "IX_help_trail_steps_Visit",
                table: "help_trail_steps",
                column: "Visit");

            migrationBuilder.CreateIndex(
                name: "IX_help_votes_ArticleId_CreatedAt",
                table: "help_votes",
                columns: new[] { "ArticleId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_help_votes_CreatedAt",
                table: "help_votes",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_help_votes_Token",
                table: "help_votes",
                column: "Token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_links_HighId",
                table: "tickets_links",
                column: "HighId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_notices_Address",
                table: "tickets_notices",
                column: "Address");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_notices_CreatedAt",
                table: "tickets_notices",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_notices_Key",
                table: "tickets_notices",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_notices_StaffId_CreatedAt",
                table: "tickets_notices",
                columns: new[] { "StaffId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_reply_templates_SiteId",
                table: "tickets_reply_templates",
                column: "SiteId");

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
                name: "assistant_knowledge");

            migrationBuilder.DropTable(
                name: "assistant_lessons");

            migrationBuilder.DropTable(
                name: "assistant_model_connections");

            migrationBuilder.DropTable(
                name: "assistant_model_uses");

            migrationBuilder.DropTable(
                name: "assistant_suggestions");

            migrationBuilder.DropTable(
                name: "assistant_talks");

            migrationBuilder.DropTable(
                name: "assistant_trials");

            migrationBuilder.DropTable(
                name: "assistant_turns");

            migrationBuilder.DropTable(
                name: "customers_moved_rows");

            migrationBuilder.DropTable(
                name: "customers_sign_in_links");

            migrationBuilder.DropTable(
                name: "email_correspondence");

            migrationBuilder.DropTable(
                name: "email_mailbox_states");

            migrationBuilder.DropTable(
                name: "email_message_mails");

            migrationBuilder.DropTable(
                name: "email_outgoing_mails");

            migrationBuilder.DropTable(
                name: "email_raw_contents");

            migrationBuilder.DropTable(
                name: "email_staff_choices");

            migrationBuilder.DropTable(
                name: "email_unreachable_addresses");

            migrationBuilder.DropTable(
                name: "help_addresses");

            migrationBuilder.DropTable(
                name: "help_article_files");

            migrationBuilder.DropTable(
                name: "help_article_versions");

            migrationBuilder.DropTable(
                name: "help_deflections");

            migrationBuilder.DropTable(
                name: "help_drafts");

            migrationBuilder.DropTable(
                name: "help_link_checks");

            migrationBuilder.DropTable(
                name: "help_questions");

            migrationBuilder.DropTable(
                name: "help_readings");

            migrationBuilder.DropTable(
                name: "help_related_articles");

            migrationBuilder.DropTable(
                name: "help_searches");

            migrationBuilder.DropTable(
                name: "help_section_names");

            migrationBuilder.DropTable(
                name: "help_synonyms");

            migrationBuilder.DropTable(
                name: "help_ticket_trails");

            migrationBuilder.DropTable(
                name: "help_trail_steps");

            migrationBuilder.DropTable(
                name: "help_versions");

            migrationBuilder.DropTable(
                name: "help_votes");

            migrationBuilder.DropTable(
                name: "tickets_links");

            migrationBuilder.DropTable(
                name: "tickets_notices");

            migrationBuilder.DropTable(
                name: "tickets_reply_templates");

            migrationBuilder.DropTable(
                name: "tickets_view_orders");

            migrationBuilder.DropTable(
                name: "customers_merges");

            migrationBuilder.DropTable(
                name: "email_raw_mails");

            migrationBuilder.DropTable(
                name: "help_texts");

            migrationBuilder.DropTable(
                name: "email_mailboxes");

            migrationBuilder.DropTable(
                name: "help_articles");

            migrationBuilder.DropTable(
                name: "help_sections");

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
                name: "IX_tickets_tickets_Status_UpdatedAt_Id",
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
                name: "IX_sites_sites_HelpOrigin",
                table: "sites_sites");

            migrationBuilder.DropIndex(
                name: "IX_customers_page_visits_VisitorId",
                table: "customers_page_visits");

            migrationBuilder.DropIndex(
                name: "IX_customers_customers_Name",
                table: "customers_customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_contacts_beginning",
                table: "customers_contacts");

            migrationBuilder.DropColumn(
                name: "IsWithAssistant",
                table: "tickets_tickets");

            migrationBuilder.DropColumn(
                name: "MergedCount",
                table: "tickets_tickets");

            migrationBuilder.DropColumn(
                name: "Choice",
                table: "tickets_messages");

            migrationBuilder.DropColumn(
                name: "Offer",
                table: "tickets_messages");

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
                name: "Held",
                table: "tickets_drafts");

            migrationBuilder.DropColumn(
                name: "Revision",
                table: "tickets_drafts");

            migrationBuilder.DropColumn(
                name: "Assistant",
                table: "sites_sites");

            migrationBuilder.DropColumn(
                name: "HelpOrigin",
                table: "sites_sites");

            migrationBuilder.DropColumn(
                name: "ProvenBy",
                table: "customers_contacts");

            migrationBuilder.DropColumn(
                name: "VisitorHash",
                table: "customers_consents");

            migrationBuilder.DropColumn(
                name: "Names",
                table: "accounts_teams");
        }
    }
}
