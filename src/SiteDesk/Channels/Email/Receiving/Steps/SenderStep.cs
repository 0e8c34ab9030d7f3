using SiteDesk.Mail;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Whom the mail is from: the author, or the person named in Reply-To where a program of the site wrote in their name.</summary>
public sealed class SenderStep : IReceivingStep
{
    public string Name => "sender";

    public Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var author = mail.Message.From;
        var answersTo = mail.Message.ReplyTo.FirstOrDefault(address => MailAddress.IsAddress(address.Address) && !IsMailbox(address, mail));
        if (answersTo is not null && (author is null || IsProgramOfSite(author, mail)))
            author = answersTo with { Name = answersTo.Name.Length > 0 || author is null ? answersTo.Name : author.Name };
        if (author is null || !MailAddress.IsAddress(author.Address))
        {
            mail.Finish(MailOutcome.NoSender);
            return Task.CompletedTask;
        }

        mail.Sender = author;
        mail.Raw.Sender = author.Address.ToLowerInvariant();
        return Task.CompletedTask;
    }

    private static bool IsProgramOfSite(MailAddress author, MailUnderWay mail)
    {
        var local = author.Address.Split('@')[0].Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return IsMailbox(author, mail)
            || local.StartsWith("noreply", StringComparison.OrdinalIgnoreCase) || local.StartsWith("donotreply", StringComparison.OrdinalIgnoreCase)
            || local is "wordpress" or "www-data" or "wwwdata" or "apache" or "webmaster";
    }

    private static bool IsMailbox(MailAddress address, MailUnderWay mail) => string.Equals(address.Address, mail.Mailbox.Address, StringComparison.OrdinalIgnoreCase);
}
