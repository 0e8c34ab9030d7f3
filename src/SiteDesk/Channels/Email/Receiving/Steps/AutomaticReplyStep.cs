using SiteDesk.Mail;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Tells a machine's mail from a person's (RFC 3834), and reads what our receiving server found out about the sender (RFC 8601).</summary>
public sealed class AutomaticReplyStep : IReceivingStep
{
    public string Name => "automatic reply";

    public Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        mail.Automatic = AutomaticMail.Judge(mail.Message);
        mail.Authentication = AuthenticationResults.Read(mail.Message, mail.Mailbox.TrustedHosts);
        return Task.CompletedTask;
    }
}
