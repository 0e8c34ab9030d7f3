using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.CommandLine;

/// <summary>What an administrator can get wrong ends with a sentence that says what to do and with a code of its own; nothing is damaged.</summary>
public sealed class FaultsTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64, "--help", "frobnicate")]
    [InlineData(64, "one word too many", "backup", "a.zip", "b.zip")]
    [InlineData(64, "Name the file", "backup")]
    [InlineData(64, "needs a value", "serve", "--data")]
    [InlineData(64, "no-such.txt", "user", "add", "anna@example.com", "--role", "owner", "--password-file", "no-such.txt")]
    [InlineData(78, "not known", "serve", "--colour", "red")]
    [InlineData(78, "not understood", "migrate", "--database", "Server=somewhere;Initial Catalog=x")]
    [InlineData(78, "PostgreSQL connection string is not valid", "migrate", "--database", "Host=localhost;Colour=red")]
    [InlineData(78, "PublicAddress", "migrate", "--public-address", "help.example.com")]
    [InlineData(78, "Urls: “nonsense” is not an address", "serve", "--urls", "nonsense")]
    [InlineData(78, "begins with neither", "serve", "--urls", "http://localhost:5080;ftp://localhost:21")]
    [InlineData(78, "HTTPS, but there is no certificate", "serve", "--urls", "https://127.0.0.1:5443")]
    [InlineData(78, "TrustedProxies", "migrate", "--trusted-proxies", "everybody")]
    [InlineData(78, "Certificate", "migrate", "--certificate", "only-one.pem")]
    [InlineData(78, "VirusScanner", "migrate", "--virus-scanner", "nowhere")]
    [InlineData(78, "Otlp", "migrate", "--otlp", "collector")]
    [InlineData(78, "does not exist", "migrate", "--config", "missing.json")]
    [InlineData(69, "cannot be reached", "migrate", "--database", "Host=127.0.0.1;Port=1;Database=x;Username=x")]
    public async Task A_wrong_setting_is_named(int code, string sentence, params string[] arguments)
    {
        var run = await CommandRun.Of(arguments.Contains("--data") ? arguments : [.. arguments, "--data", _folder.Root]);
        run.Errors.ShouldContain(sentence);
        run.Errors.ShouldNotContain("   at ");
        run.Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_settings_file_that_is_not_json_is_named()
    {
        await File.WriteAllTextAsync(_folder.PathTo("sitedesk.json"), "{ \"Urls\": ");
        var run = await CommandRun.Of("migrate", "--data", _folder.Root);
        run.Code.ShouldBe(78);
        run.Errors.ShouldContain("sitedesk.json is not valid JSON");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_named()
    {
        var known = await postgres.CreateDatabaseAsync(typeof(FaultsTests), CancellationToken.None);
        var unknown = new Npgsql.NpgsqlConnectionStringBuilder(known) { Database = "no_such_database" }.ToString();
        var run = await CommandRun.Of("doctor", "--data", _folder.Root, "--database", unknown);
        run.Code.ShouldBe(78);
        run.Output.ShouldContain("no database of that name");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        var run = await CommandRun.Of("serve", "--data", _folder.Root, "--urls", url);

        run.Code.ShouldBe(69);
        run.Errors.ShouldContain("--urls");
        (await CommandRun.Of("doctor", "--data", _folder.Root, "--urls", url)).Output.ShouldContain("taken by another program");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_a_sentence_and_not_in_a_stack()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "SiteDesk.dll"), "serve", "--data", _folder.Root, "--urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        using var program = Process.Start(start)!;
        var said = await Task.WhenAll(program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        program.ExitCode.ShouldBe(69);
        string.Concat(said).ShouldContain("taken by another program");
        // The sentence and nothing else: no background service tells of what it was interrupted in.
        string.Concat(said).ShouldNotContain("   at ");
        said[0].ShouldBe("");
        said[1].Trim().Split('\n').Length.ShouldBe(1, said[1]);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        (await CommandRun.Of("migrate", "--data", _folder.Root)).ShouldBeDone();
        await ExecuteAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Future', '10.0.0')""");

        var run = await CommandRun.Of("serve", "--data", _folder.Root, "--urls", "http://127.0.0.1:0");

        run.Code.ShouldBe(78);
        run.Errors.ShouldContain("newer SiteDesk");
        (await CommandRun.Of("doctor", "--data", _folder.Root, "--urls", "http://127.0.0.1:0")).Output.ShouldContain("newer SiteDesk");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_alone()
    {
        await File.WriteAllTextAsync(_folder.PathTo("sitedesk.db"), new string('x', 10_000));
        var run = await CommandRun.Of("migrate", "--data", _folder.Root);
        run.Code.ShouldBe(65);
        run.Errors.ShouldContain("damaged or is not a SiteDesk database");
        new FileInfo(_folder.PathTo("sitedesk.db")).Length.ShouldBe(10_000);
    }

    [Fact]
    public async Task A_migration_that_was_killed_does_not_keep_the_next_from_starting()
    {
        (await CommandRun.Of("migrate", "--data", _folder.Root)).ShouldBeDone();
        await ExecuteAsync("""
            CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2020-01-01 00:00:00')
            """);
        (await CommandRun.Of("migrate", "--data", _folder.Root)).ShouldBeDone();
    }

    [Fact]
    public async Task A_full_disk_is_named_and_leaves_no_half_backup()
    {
        (await CommandRun.Of("migrate", "--data", _folder.Root)).ShouldBeDone();
        // Whatever is written to this device meets a full disk.
        File.CreateSymbolicLink(_folder.PathTo("backup.zip.partial"), "/dev/full");

        var run = await CommandRun.Of("backup", _folder.PathTo("backup.zip"), "--data", _folder.Root);

        run.Errors.ShouldContain("disk is full");
        run.Code.ShouldBe(74);
        File.Exists(_folder.PathTo("backup.zip")).ShouldBeFalse();
    }

    [Fact]
    public async Task Help_names_every_command_and_every_setting()
    {
        var run = (await CommandRun.Of("--help")).ShouldBeDone();
        foreach (var command in new[] { "serve", "migrate", "user add", "user reset-password", "backup", "restore", "doctor" })
            run.Output.ShouldContain(command);
        foreach (var setting in typeof(SiteDesk.Platform.Web.SiteDeskOptions).GetProperties())
            run.Output.ShouldContain("SITEDESK_" + setting.Name.ToUpperInvariant());
    }

    [Fact]
    public async Task The_doctor_finds_a_sound_set_up_sound()
    {
        (await CommandRun.WithInput("correct horse battery", "user", "add", "anna@example.com", "--role", "owner", "--data", _folder.Root)).ShouldBeDone();
        var run = (await CommandRun.Of("doctor", "--data", _folder.Root, "--urls", "http://127.0.0.1:0")).ShouldBeDone();
        run.Output.ShouldContain("0 faults");
        run.Output.ShouldContain("SQLite finds no damage");
    }

    [Fact]
    public async Task The_doctor_sees_an_https_address_without_a_named_proxy()
    {
        var run = await CommandRun.Of("doctor", "--data", _folder.Root, "--urls", "http://127.0.0.1:0", "--public-address", "https://localhost:1");
        run.Code.ShouldBe(78);
        run.Output.ShouldContain("TrustedProxies");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder.PathTo("sitedesk.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
