using System.Globalization;
using SiteDesk.Mail;
using SiteDesk.Platform.Localisation;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>The fields of a mailbox, as they were typed.</summary>
public sealed class MailboxForm
{
    public long Site { get; set; }

    public long? Team { get; set; }

    public string Address { get; set; } = "";

    public string IncomingHost { get; set; } = "";

    public string IncomingPort { get; set; } = "";

    public string IncomingSecurity { get; set; } = nameof(ConnectionSecurity.ImplicitTls);

    public string OutgoingHost { get; set; } = "";

    public string OutgoingPort { get; set; } = "";

    public string OutgoingSecurity { get; set; } = nameof(ConnectionSecurity.ImplicitTls);

    public string UserName { get; set; } = "";

    /// <summary>Signs in as nobody: a relay on this machine.</summary>
    public bool IsAnonymous { get; set; }

    public string SecretKind { get; set; } = nameof(MailSecretKind.Password);

    /// <summary>Empty keeps the one that is stored.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Empty: tokens are not renewed.</summary>
    public string TokenEndpoint { get; set; } = "";

    public string ClientId { get; set; } = "";

    /// <summary>Empty keeps the one that is stored.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Empty keeps the one that is stored.</summary>
    public string RefreshToken { get; set; } = "";

    public string TokenScope { get; set; } = "";

    public string Folder { get; set; } = "INBOX";

    /// <summary>0: as many as there are; empty: the usual number.</summary>
    public string MailsPerHour { get; set; } = Mailbox.UsualMailsPerHour.ToString(CultureInfo.InvariantCulture);

    public Dictionary<string, string> SenderNames { get; set; } = [];

    public Dictionary<string, string> Signatures { get; set; } = [];

    public bool SendsConfirmation { get; set; } = true;

    public bool UsesPlusAddress { get; set; }

    public bool KeepsCopies { get; set; }

    public string TrustedHosts { get; set; } = "";

    public bool AcceptsUnprovenStaffMail { get; set; }

    public Dictionary<string, string> ConfirmationTexts { get; set; } = [];

    public bool IsEnabled { get; set; } = true;

    /// <summary>Looks for the servers by the address; those that are typed win.</summary>
    public bool FindServers { get; set; }

    public static MailboxForm Of(Mailbox mailbox) => new()
    {
        Site = mailbox.SiteId,
        Team = mailbox.TeamId,
        Address = mailbox.Address,
        IncomingHost = mailbox.Incoming?.Host ?? "",
        IncomingPort = mailbox.Incoming?.Port.ToString(CultureInfo.InvariantCulture) ?? "",
        IncomingSecurity = (mailbox.Incoming?.Security ?? ConnectionSecurity.ImplicitTls).ToString(),
        OutgoingHost = mailbox.Outgoing?.Host ?? "",
        OutgoingPort = mailbox.Outgoing?.Port.ToString(CultureInfo.InvariantCulture) ?? "",
        OutgoingSecurity = (mailbox.Outgoing?.Security ?? ConnectionSecurity.ImplicitTls).ToString(),
        UserName = mailbox.UserName,
        IsAnonymous = mailbox.UserName.Length == 0,
        SecretKind = mailbox.SecretKind.ToString(),
        TokenEndpoint = mailbox.Renewal?.Endpoint ?? "",
        ClientId = mailbox.Renewal?.ClientId ?? "",
        TokenScope = mailbox.Renewal?.Scope ?? "",
        Folder = mailbox.Folder,
        MailsPerHour = mailbox.MailsPerHour.ToString(CultureInfo.InvariantCulture),
        SenderNames = mailbox.SenderNames,
        Signatures = mailbox.Signatures,
        SendsConfirmation = mailbox.SendsConfirmation,
        UsesPlusAddress = mailbox.UsesPlusAddress,
        KeepsCopies = mailbox.KeepsCopies,
        TrustedHosts = string.Join('\n', mailbox.TrustedHosts),
        AcceptsUnprovenStaffMail = mailbox.AcceptsUnprovenStaffMail,
        ConfirmationTexts = mailbox.ConfirmationTexts,
        IsEnabled = mailbox.IsEnabled,
    };

    /// <summary>Reads a form by hand: boxes that are not ticked are missing in it.</summary>
    public static MailboxForm Of(IFormCollection form) => new()
    {
        Site = Number(form["Site"]) ?? 0,
        Team = Number(form["Team"]),
        Address = form["Address"].ToString().Trim(),
        IncomingHost = form["IncomingHost"].ToString(),
        IncomingPort = form["IncomingPort"].ToString(),
        IncomingSecurity = form["IncomingSecurity"].ToString(),
        OutgoingHost = form["OutgoingHost"].ToString(),
        OutgoingPort = form["OutgoingPort"].ToString(),
        OutgoingSecurity = form["OutgoingSecurity"].ToString(),
        UserName = form["UserName"].ToString(),
        IsAnonymous = form.ContainsKey("IsAnonymous"),
        SecretKind = form["SecretKind"].ToString(),
        Secret = form["Secret"].ToString(),
        TokenEndpoint = form["TokenEndpoint"].ToString().Trim(),
        ClientId = form["ClientId"].ToString().Trim(),
        ClientSecret = form["ClientSecret"].ToString(),
        RefreshToken = form["RefreshToken"].ToString().Trim(),
        TokenScope = form["TokenScope"].ToString().Trim(),
        Folder = form["Folder"].ToString(),
        MailsPerHour = form["MailsPerHour"].ToString().Trim() is { Length: > 0 } perHour ? perHour : Mailbox.UsualMailsPerHour.ToString(CultureInfo.InvariantCulture),
        SenderNames = Languages.All.ToDictionary(language => language, language => form[$"SenderName-{language}"].ToString(), StringComparer.Ordinal),
        Signatures = Languages.All.ToDictionary(language => language, language => form[$"Signature-{language}"].ToString(), StringComparer.Ordinal),
        SendsConfirmation = form.ContainsKey("SendsConfirmation"),
        UsesPlusAddress = form.ContainsKey("UsesPlusAddress"),
        KeepsCopies = form.ContainsKey("KeepsCopies"),
        TrustedHosts = form["TrustedHosts"].ToString(),
        AcceptsUnprovenStaffMail = form.ContainsKey("AcceptsUnprovenStaffMail"),
        ConfirmationTexts = Languages.All.ToDictionary(language => language, language => form[$"Confirmation-{language}"].ToString(), StringComparer.Ordinal),
        IsEnabled = form.ContainsKey("IsEnabled"),
        FindServers = form.ContainsKey("FindServers"),
    };

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
