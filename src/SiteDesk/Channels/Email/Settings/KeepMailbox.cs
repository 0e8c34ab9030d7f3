using Microsoft.EntityFrameworkCore;
using SiteDesk.Accounts;
using SiteDesk.Channels.Email.Following;
using SiteDesk.Channels.Email.Sending;
using SiteDesk.Customers;
using SiteDesk.Mail;
using SiteDesk.Platform;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Jobs;
using SiteDesk.Platform.Localisation;
using SiteDesk.Platform.Security;
using SiteDesk.Sites;

namespace SiteDesk.Channels.Email.Settings;

/// <summary>Adds, changes and takes away mailboxes. A secret goes in and never comes out again.</summary>
public sealed class KeepMailbox(Database database, MailSecrets secrets, FindServers find, AuditLog audit, WakeSignal<MailboxFollowers> follow, MailSender sender, TimeProvider time)
{
    /// <summary>No provider takes more of one account.</summary>
    public const int MostMailsPerHour = 100_000;

    private const int LongestSignature = 2000;

    /// <returns>The mailbox and the secret of the address to which raw mail can be posted.</returns>
    public async Task<Outcome<(Mailbox Mailbox, string PostSecret)>> AddAsync(MailboxForm form, string deskAddress, Staff by, CancellationToken cancellation)
    {
        var problems = await CheckAsync(form, null, by, cancellation);
        if (problems.Count > 0)
            return problems;
        if (form.FindServers)
            (await find.RunAsync(form.Address, cancellation)).FillIn(form);
        var servers = ReadServers(form);
        if (!servers.Succeeded)
            return servers.Problems.ToList();

        var address = ContactAddress.ParseEmail(form.Address)!;
        var secret = Tokens.New();
        var mailbox = new Mailbox
        {
            SiteId = form.Site,
            Address = address.Shown,
            AddressKey = address.Value,
            PostSecretHash = Tokens.Hash(secret),
            CreatedAt = time.Now(),
            DeskAddress = deskAddress,
        };
        Apply(mailbox, form, servers.Value);
        database.Add(mailbox);
        audit.Write(by.AsActor(), "mailbox.added", $"mailbox:{mailbox.Address}", ("site", form.Site.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await database.InTransactionAsync(async () =>
        {
            await database.SaveChangesAsync(cancellation);
            database.Add(new MailboxState { MailboxId = mailbox.Id });
            return await database.SaveChangesAsync(cancellation);
        }, cancellation);
        follow.Wake();
        return (mailbox, secret);
    }

    public async Task<Outcome<Mailbox>> ChangeAsync(Mailbox mailbox, MailboxForm form, string deskAddress, Staff by, CancellationToken cancellation)
    {
        var problems = await CheckAsync(form, mailbox.Id, by, cancellation);
        if (problems.Count > 0)
            return problems;
        var servers = ReadServers(form);
        if (!servers.Succeeded)
            return servers.Problems.ToList();
        var address = ContactAddress.ParseEmail(form.Address)!;
        mailbox.SiteId = form.Site;
        mailbox.Address = address.Shown;
        mailbox.AddressKey = address.Value;
        mailbox.DeskAddress = deskAddress;
        var before = mailbox.Renewal;
        Apply(mailbox, form, servers.Value);
        if (before != mailbox.Renewal)
        {
            // Tokens of another client, or that came of another refresh token, are worth nothing.
            await database.Set<MailboxState>().Where(row => row.MailboxId == mailbox.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedAccessToken, (string?)null).SetProperty(row => row.SealedRefreshToken, (string?)null), cancellation);
        }

        audit.Write(by.AsActor(), "mailbox.changed", $"mailbox:{mailbox.Id}", ("address", mailbox.Address), ("unproven-staff-mail", mailbox.AcceptsUnprovenStaffMail ? "accepted" : null));
        return await SaveAsync(mailbox, cancellation);
    }

    /// <summary>A new secret for posting mail; the old address stops working.</summary>
    public async Task<Outcome<string>> RenewSecretAsync(Mailbox mailbox, Staff by, CancellationToken cancellation)
    {
        var secret = Tokens.New();
        mailbox.PostSecretHash = Tokens.Hash(secret);
        audit.Write(by.AsActor(), "mailbox.changed", $"mailbox:{mailbox.Id}", ("posting", "renewed"));
        var saved = await SaveAsync(mailbox, cancellation);
        return saved.Succeeded ? secret : saved.Problems.ToList();
    }

    /// <summary>Takes it away: its mail and tickets stay, its secrets go.</summary>
    public async Task<Outcome<Mailbox>> RemoveAsync(Mailbox mailbox, Staff by, CancellationToken cancellation)
    {
        mailbox.RemovedAt = time.Now();
        mailbox.IsEnabled = false;
        mailbox.SealedSecret = null;
        mailbox.Renewal = null;
        mailbox.Dkim = null;
        await database.Set<MailboxState>().Where(row => row.MailboxId == mailbox.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedAccessToken, (string?)null).SetProperty(row => row.SealedRefreshToken, (string?)null), cancellation);
        mailbox.PostSecretHash = Tokens.Hash(Tokens.New());
        audit.Write(by.AsActor(), "mailbox.removed", $"mailbox:{mailbox.Id}", ("address", mailbox.Address));
        return await SaveAsync(mailbox, cancellation);
    }

    private async Task<Outcome<Mailbox>> SaveAsync(Mailbox mailbox, CancellationToken cancellation)
    {
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new Problem("", "settings.changed-meanwhile");
        }

        // Answers that found no server wait here: now there may be one.
        if (mailbox is { Outgoing: not null, IsEnabled: true })
        {
            var since = time.Now() - SendMail.LongestWait;
            await database.Set<OutgoingMail>().Where(mail => mail.MailboxId == mailbox.Id && mail.State == OutgoingState.NoServer && mail.CreatedAt > since)
                .ExecuteUpdateAsync(set => set.SetProperty(mail => mail.State, OutgoingState.Queued), cancellation);
        }

        follow.Wake();
        sender.Resume(mailbox.Id);
        return mailbox;
    }

    private async Task<List<Problem>> CheckAsync(MailboxForm form, long? id, Staff by, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var address = ContactAddress.ParseEmail(form.Address);
        if (address is null)
            problems.Add(new Problem("Address", "mail.address-needed"));
        else if (await database.Set<Mailbox>().AnyAsync(row => row.AddressKey == address.Value && row.RemovedAt == null && row.Id != id, cancellation))
            problems.Add(new Problem("Address", "mail.address-taken"));
        if (!by.SeesSite(form.Site) || !await database.Set<Site>().AnyAsync(site => site.Id == form.Site && site.ArchivedAt == null, cancellation))
            problems.Add(new Problem("Site", "mail.site-needed"));
        problems.AddRange(TokenRenewalForm.Check(form, id is null ? null : (await database.Set<Mailbox>().AsNoTracking().FirstAsync(row => row.Id == id, cancellation)).Renewal));
        if (form.Team is { } team && !await database.Set<Team>().AnyAsync(row => row.Id == team, cancellation))
            problems.Add(new Problem("Team", "team.unknown"));
        if (form.Signatures.Values.Any(signature => signature.Length > LongestSignature))
            problems.Add(new Problem("Signatures", "mail.signature-long", ("count", LongestSignature)));
        if (MailsPerHour(form) is null)
            problems.Add(new Problem("MailsPerHour", "mail.per-hour-wrong", ("count", MostMailsPerHour)));
        return problems;
    }

    private static int? MailsPerHour(MailboxForm form) =>
        int.TryParse(form.MailsPerHour, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number <= MostMailsPerHour ? number : null;

    private static Outcome<(ServerAddress? Incoming, ServerAddress? Outgoing)> ReadServers(MailboxForm form)
    {
        var problems = new List<Problem>();
        var incoming = Read("Incoming", form.IncomingHost, form.IncomingPort, form.IncomingSecurity, 993, problems);
        var outgoing = Read("Outgoing", form.OutgoingHost, form.OutgoingPort, form.OutgoingSecurity, 465, problems);
        return problems.Count > 0 ? problems : (incoming, outgoing);
    }

    /// <summary>Host names and addresses; which ones is the administrator's business: mail servers often stand in the own network.</summary>
    private static ServerAddress? Read(string side, string host, string port, string security, int usualPort, List<Problem> problems)
    {
        var name = host.Trim();
        if (name.Length == 0)
            return null;
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
            problems.Add(new Problem($"{side}Host", "mail.host-wrong"));
        var number = usualPort;
        if (port.Trim().Length > 0 && (!int.TryParse(port, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number) || number is < 1 or > 65535))
            problems.Add(new Problem($"{side}Port", "mail.port-wrong"));
        return new ServerAddress(name, number, Enum.TryParse<ConnectionSecurity>(security, out var chosen) && Enum.IsDefined(chosen) ? chosen : ConnectionSecurity.ImplicitTls);
    }

    private void Apply(Mailbox mailbox, MailboxForm form, (ServerAddress? Incoming, ServerAddress? Outgoing) servers)
    {
        mailbox.TeamId = form.Team;
        mailbox.Incoming = servers.Incoming;
        mailbox.Outgoing = servers.Outgoing;
        mailbox.UserName = form.UserName.Trim() is { Length: > 0 } name ? name : form.IsAnonymous ? "" : mailbox.Address;
        mailbox.SecretKind = Enum.TryParse<MailSecretKind>(form.SecretKind, out var kind) && Enum.IsDefined(kind) ? kind : MailSecretKind.Password;
        if (form.Secret.Length > 0)
            mailbox.SealedSecret = secrets.Seal(form.Secret);
        mailbox.Renewal = TokenRenewalForm.Read(form, mailbox.Renewal, secrets);
        mailbox.Folder = form.Folder.Trim() is { Length: > 0 and <= 200 } folder ? folder : "INBOX";
        mailbox.MailsPerHour = MailsPerHour(form) ?? Mailbox.UsualMailsPerHour;
        mailbox.SenderNames = Kept(form.SenderNames, 100);
        mailbox.Signatures = Kept(form.Signatures, LongestSignature);
        mailbox.SendsConfirmation = form.SendsConfirmation;
        mailbox.UsesPlusAddress = form.UsesPlusAddress;
        mailbox.KeepsCopies = form.KeepsCopies;
        mailbox.AcceptsUnprovenStaffMail = form.AcceptsUnprovenStaffMail;
        mailbox.ConfirmationTexts = Kept(form.ConfirmationTexts, LongestSignature);
        mailbox.TrustedHosts = form.TrustedHosts.Split([' ', ',', ';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(host => host.Length <= 255).Select(host => host.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Take(20).ToList();
        mailbox.IsEnabled = form.IsEnabled;
    }

    private static Dictionary<string, string> Kept(Dictionary<string, string> texts, int longest) =>
        texts.Where(pair => Languages.All.Contains(pair.Key) && pair.Value.Trim().Length > 0)
            .ToDictionary(pair => pair.Key, pair => Tickets.MessageComposer.Clean(pair.Value.ReplaceLineEndings("\n")).UpTo(longest), StringComparer.Ordinal);
}
