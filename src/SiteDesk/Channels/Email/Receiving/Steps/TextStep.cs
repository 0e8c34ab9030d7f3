using SiteDesk.Language;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Localisation;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving.Steps;

/// <summary>Separates what the sender has just written from quotes and signature, and tells its language. Nothing is thrown away: the rest is shown folded.</summary>
public sealed class TextStep(TextCatalog texts) : IReceivingStep
{
    private static readonly string[] Forwards = ["fwd:", "fw:", "wg:", "tr:", "пересл", "转发", "轉寄"];

    public string Name => "text";

    public Task RunAsync(MailUnderWay mail, CancellationToken cancellation)
    {
        var whole = MessageComposer.Clean(mail.Message.Body.Text);
        mail.Text = IsForward(mail.Message.Subject) ? new TrimmedReply(whole, "", "", "") : ReplyTrimmer.Trim(whole);
        mail.Language = Languages.Match(LanguageDetector.Detect($"{mail.Message.Subject}\n{mail.Text.Reply}").Code);
        var reply = string.Join("\n\n", new[] { MessageComposer.Clean(mail.Text.Reply) }.Concat(mail.Message.Body.Invitations.Take(5).Select(Describe)).Where(part => part.Length > 0));
        mail.HasNoText = reply.Length == 0;
        if (reply.Length == 0 && mail.Message.Body.Attachments.Count == 0)
            reply = MessageComposer.Clean(mail.Message.Subject) is { Length: > 0 } subject ? subject : texts.Get(mail.Site.DefaultLanguage, "mail.no-text");
        mail.Text = mail.Text with { Reply = Cut(reply) };
        return Task.CompletedTask;
    }

    /// <summary>What is forwarded stands in the quote: there it is the point of the mail.</summary>
    private static bool IsForward(string subject) => Array.Exists(Forwards, mark => subject.TrimStart().StartsWith(mark, StringComparison.OrdinalIgnoreCase));

    private static string Describe(CalendarInvitation invitation) =>
        string.Join(" · ", new[] { invitation.Summary, Written(invitation.Start), Written(invitation.End), invitation.TimeZone, invitation.Location }.Where(part => !string.IsNullOrWhiteSpace(part)));

    private static string? Written(DateTime? moment) => moment?.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The whole text stays in the original.</summary>
    private static string Cut(string text) => text.Length <= Message.LongestText ? text : text.UpTo(Message.LongestText - 1) + "…";
}
