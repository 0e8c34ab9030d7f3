using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Sites;
using SiteDesk.Tickets;

namespace SiteDesk.Channels.Email.Receiving;

/// <summary>A mail on its way through the steps, with what they found out.</summary>
/// <param name="read">Takes its bytes apart; asked once, when a step first looks into it.</param>
public sealed class MailUnderWay(Func<MimeMessage> read)
{
    private readonly Lazy<MimeMessage> _message = new(read);

    public required RawMail Raw { get; init; }

    public required Mailbox Mailbox { get; init; }

    public required Site Site { get; init; }

    public MimeMessage Message => _message.Value;

    /// <summary>Whom it is from: the author, or who should be answered where the author is only a program of the site.</summary>
    public MailAddress Sender { get; set; } = new("", "");

    public AutomaticMail Automatic { get; set; } = new(false, false, "");

    public AuthenticationResults Authentication { get; set; } = AuthenticationResults.None;

    /// <summary>Why it is junk; null when it is not.</summary>
    public string? Junk { get; set; }

    /// <summary>Too many from one sender in a short time: stored, and nothing set in motion.</summary>
    public bool IsLoop { get; set; }

    /// <summary>The sender has opened a ticket by mail shortly before.</summary>
    public bool HasWrittenLately { get; set; }

    /// <summary>The ticket it goes on in; null for a new one.</summary>
    public Ticket? Ticket { get; set; }

    /// <summary>With whom the ticket is conducted, once it is opened.</summary>
    public Correspondence? Correspondence { get; set; }

    /// <summary>Who asks, for a new ticket.</summary>
    public Customer? Customer { get; set; }

    /// <summary>One of the program's languages; null when it could not be told.</summary>
    public string? Language { get; set; }

    /// <summary>It showed a token of ours: the sender has read our mail.</summary>
    public bool HasToken { get; set; }

    /// <summary>The author's domain vouches for the author to a server we trust.</summary>
    public bool IsVouchedFor => Message.From is { } author && Authentication.PassedDmarcFor(author.Domain);

    /// <summary>
    /// The sender is who they say: they have read our mail, or their domain vouches for them. That says nothing of an address in Reply-To:
    /// a form of the site's, or anybody's no-reply account, may write there what it likes.
    /// </summary>
    public bool IsProven => HasToken || IsVouchedFor && string.Equals(Message.From!.Address, Sender.Address, StringComparison.OrdinalIgnoreCase);

    /// <summary>It is the answer of a member of staff to a notice; null for everybody else's mail.</summary>
    public Steps.StaffReply? StaffReply { get; set; }

    /// <summary>It says nothing of its own; <see cref="Text"/> then has something to show in its place.</summary>
    public bool HasNoText { get; set; }

    public TrimmedReply Text { get; set; } = new("", "", "", "");

    public List<string> FileTokens { get; } = [];

    /// <summary>Kept pictures that the mail shows in its text, with what a text of ours names them by.</summary>
    public List<(MailAttachment Attachment, string Key)> Pictures { get; } = [];

    public List<string> RefusedFiles { get; } = [];

    /// <summary>A machine wrote it, or it must be treated so: it reopens nothing and is answered by nothing.</summary>
    public bool IsAutomatic => Automatic.IsAutomatic || IsLoop;

    /// <summary>Ends the way before a ticket: what became of it.</summary>
    public string? Outcome { get; private set; }

    /// <summary>What became of it is decided; the steps that follow are not run.</summary>
    public void Finish(string outcome, string? reason = null)
    {
        Outcome = outcome;
        Raw.Reason = reason;
    }

    /// <summary>Every address the mail names as a receiver, with those only servers write.</summary>
    public IEnumerable<MailAddress> Receivers() =>
        ReceiverFields.SelectMany(Message.Addresses).Where(address => address.Address.Length > 0);

    private static readonly string[] ReceiverFields = ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Apparently-To", "Resent-To"];
}

/// <summary>A step of the way: looks at one thing, and finishes the mail or lets it go on. Steps have no order of their own; <see cref="ReceiveMail"/> lists them.</summary>
public interface IReceivingStep
{
    /// <summary>For the administrator who sees where a mail stopped.</summary>
    string Name { get; }

    Task RunAsync(MailUnderWay mail, CancellationToken cancellation);
}
