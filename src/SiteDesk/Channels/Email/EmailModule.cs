using SiteDesk.Channels.Email.Following;
using SiteDesk.Channels.Email.Receiving;
using SiteDesk.Channels.Email.Receiving.Steps;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Channels.Email.Settings;
using SiteDesk.Channels.Email.StaffMail;
using SiteDesk.Channels.Email.Workspace;
using SiteDesk.Channels.UnseenAnswers;
using SiteDesk.Customers.SignIn;
using SiteDesk.Platform.Events;
using SiteDesk.Platform.Html.Settings;
using SiteDesk.Platform.Security;
using SiteDesk.Tickets;
using SiteDesk.Tickets.Workspace;

namespace SiteDesk.Channels.Email;

/// <summary>Mailboxes of a site as a channel: mail becomes tickets, answers leave as mail.</summary>
public static class EmailModule
{
    /// <summary>The channel's name on tickets and messages.</summary>
    public const string Channel = "email";

    public static IServiceCollection AddEmail(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<IConfiguration>().GetSection("Email").Get<MailIntakeLimits>() ?? new MailIntakeLimits());
        services.AddSingleton<MailTokens>();
        services.AddSingleton<MailSecrets>();
        services.AddSingleton<MailTransport>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<MailServers>();
        services.AddScoped<KnownMailboxes>();
        AddReceiving(services);
        AddSending(services);
        AddSettings(services);
        services.AddSingleton<MailDocument>();
        services.AddScoped<ChooseRecipients>();
        services.AddScoped<IAddToMessages, MailAdditions>();
        services.AddSingleton(new ComposerPart("mail", ticketId => $"/agent/tickets/{ticketId}/mail-recipients", TicketPermissions.Reply));
        return services;
    }

    public static void MapEmail(this IEndpointRouteBuilder routes)
    {
        PostedMail.Map(routes);
        MailboxRoutes.Map(routes);
        MailLogRoutes.Map(routes);
        EmailViewRoutes.Map(routes);
        RecipientRoutes.Map(routes);
        StaffMailRoutes.Map(routes);
        Unsubscribe.Map(routes);
    }

    private static void AddReceiving(IServiceCollection services)
    {
        services.AddScoped<StoreMail>();
        services.AddScoped<ReceiveMail>();
        services.AddScoped<OversizeStep>();
        services.AddScoped<RepeatStep>();
        services.AddScoped<OwnMailStep>();
        services.AddScoped<BounceStep>();
        services.AddScoped<SenderStep>();
        services.AddScoped<AutomaticReplyStep>();
        services.AddScoped<LoopStep>();
        services.AddScoped<JunkStep>();
        services.AddScoped<FollowUpStep>();
        services.AddScoped<TextStep>();
        services.AddSingleton<LearnedJunk>();
        services.AddScoped<Platform.Jobs.IRecurringJob, RawMailRetention>();
        services.AddScoped<LearnedJunkStep>();
        services.AddScoped<AttachmentsStep>();
        services.AddScoped<CustomerStep>();
        services.AddScoped<TicketStep>();
        services.AddScoped<StaffReplyStep>();
        services.AddScoped<AnswerAsStaffStep>();
        services.AddScoped<ConfirmationStep>();
        services.AddSingleton<MailProcessor>();
        services.AddHostedService(provider => provider.GetRequiredService<MailProcessor>());
        services.AddSingleton(provider => new MailboxFollower(
            provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<Platform.Jobs.Leases>(), provider.GetRequiredService<MailServers>(), provider.GetRequiredService<AccessTokens>(),
            provider.GetRequiredService<MailIntakeLimits>(), Random.Shared, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MailboxFollower>>()));
        services.AddHostedService<MailboxFollowers>();
    }

    private static void AddSending(IServiceCollection services)
    {
        services.AddScoped<QueueMail>();
        services.AddScoped<QueueProof>();
        services.AddScoped<ProofLetter>();
        services.AddScoped<IKnowWhatLeft, MailThatLeft>();
        services.AddScoped<NoticeWriter>();
        services.AddScoped<PasswordLetter>();
        services.AddScoped<SignInLetter>();
        services.AddScoped<LetterWriter>();
        services.AddSingleton<MailSigner>();
        services.AddScoped<SendMail>();
        services.AddScoped<SentCopies>();
        services.AddSingleton<ServerPace>();
        services.AddSingleton<ServerWords>();
        services.AddScoped<HourlyLimit>();
        services.AddSingleton<MailSender>();
        services.AddHostedService(provider => provider.GetRequiredService<MailSender>());
        services.AddHandler<MessageAdded, QueueAnswers>(message => message is { IsNote: false, ByCustomer: false });
        services.AddHandler<AnswerWaits, QueueAnswers>();
        services.AddHandler<TicketSplit, KeepCorrespondence>();
        services.AddHandler<StaffNotified, MailStaff>();
        services.AddHandler<SignInWished, QueueSignInLetter>();
        services.AddScoped<ISendSignInLinks, QueueSignInLetter>();
        services.AddScoped<Platform.Jobs.IRecurringJob, SignInLetterRetention>();
        services.AddHandler<Accounts.PasswordForgotten, QueuePasswordLetter>();
        services.AddScoped<Accounts.ICarryStaffLetters>(provider => provider.GetRequiredService<QueuePasswordLetter>());
    }

    private static void AddSettings(IServiceCollection services)
    {
        services.AddScoped<KeepMailbox>();
        services.AddScoped<ChooseStaffMail>();
        services.AddSettingsEntry(SettingsGroup.Me, "mail.notices", "/agent/profile/mail", "bell", null, 2);
        services.AddScoped<TestMailbox>();
        services.AddScoped<KeepDkim>();
        services.AddSingleton<DomainRecords>();
        services.AddScoped<FindServers>();
        services.AddScoped<MailLog>();
        services.AddSettingsEntry(SettingsGroup.Sites, "mail.title", "/agent/mailboxes", "mail", EmailPermissions.Manage, 1);
        services.AddSettingsEntry(SettingsGroup.System, "mail.log", "/agent/mail-log", "mail", EmailPermissions.ReadLog, 3);
    }
}

public static class EmailPermissions
{
    /// <summary>Add and change mailboxes, see their state.</summary>
    public static readonly Permission Manage = Permission.Of("email.manage", Role.Owner, Role.Administrator);

    /// <summary>See what mail came and went, with its source, and try again.</summary>
    public static readonly Permission ReadLog = Permission.Of("email.log", Role.Owner, Role.Administrator, Role.Engineer);
}
