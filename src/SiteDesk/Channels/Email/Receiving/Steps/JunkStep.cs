using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform.Data;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Junk by the receiving server's verdict or a blocked sender. Nothing is thrown away: junk is a pile of its own.</summary>
public sealed class JunkStep(JunkRules rules, TimeProvider time) : IReceivingStep
{
    /// <summary>Spam confidence level of Exchange from which on it files a mail as junk itself.</summary>
    private const int ExchangeJunk = 5;

    public string Name => "junk";

    public async Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        if (ContactAddress.ParseEmail(mail.Sender.Address) is { } address)
        {
            var contact = new CustomerContact { Kind = address.Kind, Value = address.Value, Shown = address.Shown, AddedAt = time.Now() };
            if (await rules.IsBlockedAsync([contact], null, cancellation))
                mail.Junk = "blocked";
        }

        if (mail.Junk is null && HasVerdict(mail.Message))
            mail.Junk = "verdict";
    }

    private static bool HasVerdict(MimeMessage message)
    {
        return Says("X-Spam-Flag", "yes") || Says("X-Spam-Status", "yes") || Says("X-Spam", "yes") || Says("X-Spam-Result", "spam")
            || Says("X-Rspamd-Action", "add header") || Says("X-Rspamd-Action", "rewrite subject") || Says("X-Rspamd-Action", "reject")
            || message.Headers.Value("X-Forefront-Antispam-Report")?.Contains("SFV:SPM", StringComparison.OrdinalIgnoreCase) == true
            || int.TryParse(message.Headers.Value("X-MS-Exchange-Organization-SCL"), out var level) && level >= ExchangeJunk;

        bool Says(string field, string beginning) => message.Headers.Value(field)?.TrimStart().StartsWith(beginning, StringComparison.OrdinalIgnoreCase) == true;
    }
}
