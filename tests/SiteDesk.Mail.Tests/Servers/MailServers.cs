using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SiteDesk.Mail.Tests.Servers;

/// <summary>Dovecot and Postfix in a temporary folder, on free loopback ports, over one set of mailboxes. Both are Debian's and want to be started by
/// root; mail and sign-in run under unprivileged users.</summary>
public sealed class MailServers : IAsyncLifetime
{
    private const int Nobody = 65534;

    /// <summary>Whoever is written to at this domain, Postfix takes it, and keeps it where <see cref="ToAnyone"/> looks.</summary>
    public const string AnyoneDomain = "anyone.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("sitedesk-mail-").FullName;
    private Process? _dovecot;

    public int ImapPort { get; } = FreePort();

    public int ImapsPort { get; } = FreePort();

    public int SmtpPort { get; } = FreePort();

    public int SmtpsPort { get; } = FreePort();

    /// <summary>Takes a password without TLS: for programs of their own, which do not know this certificate.</summary>
    public int PlainSmtpPort { get; } = FreePort();

    public string Log => string.Join('\n', Directory.GetFiles(_folder, "*.log").Select(File.ReadAllText));

    public MailServer Imap(string user, ConnectionSecurity security = ConnectionSecurity.ImplicitTls) => new()
    {
        Host = "127.0.0.1",
        Port = security == ConnectionSecurity.ImplicitTls ? ImapsPort : ImapPort,
        Security = security,
        UserName = user,
        Password = "sécret \"pass",
        Timeout = TimeSpan.FromSeconds(20),
        ValidateCertificate = (_, certificate, _, _) => certificate?.Subject == "CN=mail.test.example",
    };

    public MailServer Smtp(ConnectionSecurity security = ConnectionSecurity.ImplicitTls, string? user = null) => new()
    {
        Host = "127.0.0.1",
        Port = security == ConnectionSecurity.ImplicitTls ? SmtpsPort : SmtpPort,
        Security = security,
        UserName = user,
        Password = "sécret \"pass",
        Timeout = TimeSpan.FromSeconds(20),
        ClientName = "client.test.example",
        ValidateCertificate = (_, certificate, _, _) => certificate?.Subject == "CN=mail.test.example",
    };

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess) throw new InvalidOperationException("Dovecot and Postfix must be started by root; run the tests as root (in a container) on Debian or Ubuntu");
        Chmod("755", _folder);
        foreach (var name in (string[])["run", "mail", "home", "postfix", "spool", "data"]) Directory.CreateDirectory(Path.Combine(_folder, name));
        await RunAsync("chown", $"{Nobody}:{Nobody}", Path.Combine(_folder, "mail"), Path.Combine(_folder, "home"));
        await RunAsync("chown", "postfix", Path.Combine(_folder, "data"));
        WriteCertificate();
        await StartDovecotAsync();
        await StartPostfixAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopPostfixAsync();
        if (_dovecot is not null)
        {
            await RunAsync("doveadm", "-c", Path.Combine(_folder, "dovecot.conf"), "stop");
            await _dovecot.WaitForExitAsync();
            _dovecot.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What Postfix has delivered at <see cref="AnyoneDomain"/>, the raw mails.</summary>
    public IEnumerable<byte[]> ToAnyone() =>
        Directory.Exists(Path.Combine(_folder, "mail", "anyone", "new")) ? Directory.EnumerateFiles(Path.Combine(_folder, "mail", "anyone", "new")).Select(File.ReadAllBytes) : [];

    /// <summary>Throws a user's connections out.</summary>
    public Task KickAsync(string user) => RunAsync("doveadm", "-c", Path.Combine(_folder, "dovecot.conf"), "kick", user);

    /// <summary>Forgets the UIDs of an inbox, as a restore from backup does: UIDVALIDITY changes.</summary>
    public void ForgetUids(string user)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_folder, "mail", user), "dovecot*")) File.Delete(file);
    }

    /// <summary>Takes lines into master.cf, and has mail for a domain go that way.</summary>
    /// <param name="transport">An entry of master.cf.</param>
    /// <param name="domain">Whose mail goes there.</param>
    /// <param name="name">The transport's name.</param>
    public async Task AddTransportAsync(string transport, string domain, string name)
    {
        var folder = Path.Combine(_folder, "postfix");
        await File.AppendAllTextAsync(Path.Combine(folder, "master.cf"), transport + "\n");
        var settings = Path.Combine(folder, "main.cf");
        // A setting that stands twice is warned of by every process of Postfix at its start; while its logger is away they wait for each other.
        var others = (await File.ReadAllLinesAsync(settings)).Where(line => !line.StartsWith("relay_domains =", StringComparison.Ordinal) && !line.StartsWith("transport_maps =", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(settings, [.. others, $"relay_domains = {domain}", $"transport_maps = inline:{{ {domain}={name}: }}"]);
        // Not reloaded: that is when the logger was away.
        await StopPostfixAsync();
        await RunAsync("postfix", "-c", folder, "start");
        await ListensAsync(SmtpPort);
    }

    /// <summary>A stranger's program delivers a mail by SMTP, without TLS and without signing in.</summary>
    public Task SwaksAsync(string from, string to, string subject, string body) =>
        RunAsync("swaks", "--server", "127.0.0.1", "--port", SmtpPort.ToString(System.Globalization.CultureInfo.InvariantCulture), "--from", from, "--to", to, "--h-Subject", subject, "--body", body);

    /// <summary>Puts a mail into an inbox behind the server's back, as a local delivery does.</summary>
    public async Task DeliverAsync(string user, string name, byte[] raw)
    {
        var inbox = Path.Combine(_folder, "mail", user);
        foreach (var folder in (string[])["tmp", "new", "cur"]) Directory.CreateDirectory(Path.Combine(inbox, folder));
        var written = Path.Combine(inbox, "tmp", name);
        await File.WriteAllBytesAsync(written, raw);
        // Not what lies in the folders: Dovecot may be renaming it.
        await RunAsync("chown", $"{Nobody}:{Nobody}", inbox, Path.Combine(inbox, "tmp"), Path.Combine(inbox, "new"), Path.Combine(inbox, "cur"), written);
        File.Move(written, Path.Combine(inbox, "new", name));
    }

    private async Task StartDovecotAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "users"), string.Concat(((string[])["anna", "boris", "chen", "dora", "emil", "fumi", "gina"]).Select(user => $"{user}:{{PLAIN}}sécret \"pass\n")));
        var configuration = Path.Combine(_folder, "dovecot.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            base_dir = {{_folder}}/run
            log_path = {{_folder}}/dovecot.log
            protocols = imap
            ssl = yes
            ssl_cert = <{{_folder}}/certificate.pem
            ssl_key = <{{_folder}}/key.pem
            disable_plaintext_auth = yes
            login_trusted_networks =
            auth_mechanisms = plain login
            mail_location = maildir:{{_folder}}/mail/%n
            first_valid_uid = 1
            mail_max_userip_connections = 100
            mail_fsync = never
            passdb {
              driver = passwd-file
              args = username_format=%n {{_folder}}/users
            }
            userdb {
              driver = static
              args = uid={{Nobody}} gid={{Nobody}} home={{_folder}}/home/%n
            }
            service imap-login {
              inet_listener imap {
                address = 127.0.0.1
                port = {{ImapPort}}
              }
              inet_listener imaps {
                address = 127.0.0.1
                port = {{ImapsPort}}
                ssl = yes
              }
            }
            service anvil {
              # Every sign-in from an address waits, up to seventeen seconds, once one from there was refused: here all come from one address.
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            service auth {
              unix_listener auth-postfix {
                mode = 0666
              }
            }
            namespace inbox {
              inbox = yes
              mailbox Sent {
                auto = create
                special_use = \Sent
              }
            }

            """);
        _dovecot = Process.Start(new ProcessStartInfo(Find("dovecot"), ["-F", "-c", configuration]))!;
        await ListensAsync(ImapPort);
        await ListensAsync(ImapsPort);
    }

    private async Task StopPostfixAsync()
    {
        try
        {
            await RunAsync("postfix", "-c", Path.Combine(_folder, "postfix"), "stop");
        }
        catch (OperationCanceledException)
        {
            // It hangs: nobody waits for it.
            using var master = Process.GetProcessById(int.Parse((await File.ReadAllTextAsync(Path.Combine(_folder, "spool", "pid", "master.pid"))).Trim(), System.Globalization.CultureInfo.InvariantCulture));
            master.Kill(entireProcessTree: true);
        }
    }

    private async Task StartPostfixAsync()
    {
        var folder = Path.Combine(_folder, "postfix");
        await File.WriteAllTextAsync(Path.Combine(folder, "main.cf"), $$"""
            compatibility_level = 3.6
            queue_directory = {{_folder}}/spool
            data_directory = {{_folder}}/data
            mail_owner = postfix
            myhostname = mx.test.example
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks =
            maillog_file = {{_folder}}/postfix.log
            maillog_file_prefixes = {{Path.GetTempPath().TrimEnd('/')}}
            alias_maps =
            alias_database =
            virtual_mailbox_domains = test.example, {{AnyoneDomain}}
            virtual_mailbox_base = {{_folder}}/mail
            virtual_mailbox_maps = inline:{ {anna@test.example=anna/} {boris@test.example=boris/} {chen@test.example=chen/} {dora@test.example=dora/} {fumi@test.example=fumi/} {gina@test.example=gina/} {почта@test.example=emil/} {@{{AnyoneDomain}}=anyone/} }
            virtual_uid_maps = static:{{Nobody}}
            virtual_gid_maps = static:{{Nobody}}
            smtpd_recipient_restrictions = check_recipient_access inline:{ {grey@test.example=450 4.2.0 Greylisted} {full@test.example=552 5.2.2 Mailbox full} }, permit_sasl_authenticated, reject_unauth_destination
            smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
            message_size_limit = 200000
            smtputf8_enable = yes
            smtpd_tls_cert_file = {{_folder}}/certificate.pem
            smtpd_tls_key_file = {{_folder}}/key.pem
            smtpd_tls_security_level = may
            smtpd_tls_auth_only = yes
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = {{_folder}}/run/auth-postfix
            default_transport = discard

            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "master.cf"), $"""
            127.0.0.1:{SmtpPort} inet n - n - - smtpd
            127.0.0.1:{PlainSmtpPort} inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
            127.0.0.1:{SmtpsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            proxymap unix - - n - - proxymap
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd

            """);
        await RunAsync("postfix", "-c", folder, "start");
        await ListensAsync(SmtpPort);
    }

    private void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail.test.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(_folder, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static async Task ListensAsync(int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                // Not up yet: the limit above ends the asking.
                await Task.Delay(30, limit.Token);
            }
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Find(program), arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }

    private static void Chmod(string mode, string path) => Process.Start("chmod", [mode, path]).WaitForExit();

    private static string Find(string program) =>
        ((string[])["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{program} is not installed: apt-get install dovecot-imapd postfix");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

[CollectionDefinition(Name)]
public sealed class MailServersCollection : ICollectionFixture<MailServers>
{
    public const string Name = "mail servers";
}
