using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SiteDesk.CommandLine.Backup;
using SiteDesk.Platform.Data;
using SiteDesk.Tests.Testing;

namespace SiteDesk.Tests.CommandLine;

public sealed class BackupTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(20_26)]
    public async Task A_backup_goes_from_sqlite_to_postgresql_and_back_without_a_difference(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await FillAsync(["--data", Data("first")], new Random(seed));
        var file = await KeepAFileAsync("first");
        string[] server = ["--data", Data("second"), "--database", await postgres.CreateDatabaseAsync(typeof(BackupTests), CancellationToken.None)];

        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        await RunAsync(["restore", Archive("first"), .. server]);
        await RunAsync(["backup", Archive("second"), .. server]);
        await RunAsync("restore", Archive("second"), "--data", Data("third"));
        await RunAsync("backup", Archive("third"), "--data", Data("third"));

        var first = Contents(Archive("first"));
        first.Values.Count(content => content.Length > 2).ShouldBeGreaterThan(20);
        Contents(Archive("second")).ShouldBe(first);
        Contents(Archive("third")).ShouldBe(first);
        (await File.ReadAllTextAsync(Path.Combine(Data("third"), "files", file[..2], file))).ShouldBe("kept bytes");
    }

    [Fact]
    public async Task A_restore_goes_into_the_schema_the_program_uses_and_leaves_what_is_not_ours()
    {
        await FillAsync(["--data", Data("first")], new Random(7));
        await KeepAFileAsync("first");
        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        var database = await postgres.CreateDatabaseAsync(typeof(BackupTests), CancellationToken.None);
        await using var server = Npgsql.NpgsqlDataSource.Create(database);
        await using (var prepare = server.CreateCommand("CREATE SCHEMA desk; CREATE TABLE desk.somebody_elses (id int); CREATE TABLE public.somebody_elses (id int)"))
            await prepare.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        string[] own = ["--data", Data("second"), "--database", new Npgsql.NpgsqlConnectionStringBuilder(database) { SearchPath = "desk" }.ToString()];

        await RunAsync(["restore", Archive("first"), .. own]);
        await RunAsync(["restore", Archive("first"), "--force", .. own]);
        await RunAsync(["backup", Archive("second"), .. own]);

        Contents(Archive("second")).ShouldBe(Contents(Archive("first")));
        await using var look = server.CreateCommand("SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY schemaname) FROM pg_tables WHERE tablename = 'somebody_elses' OR schemaname = 'public'");
        (await look.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe("desk.somebody_elses public.somebody_elses");
    }

    [Fact]
    public async Task Numbers_given_once_are_not_given_again_after_a_restore()
    {
        await RunAsync("migrate", "--data", Data("first"));
        await AddStaffAsync("first", "gone@example.com");
        await using (var app = SiteDeskApplication.Build(["--data", Data("first")]))
        {
            await using var scope = app.Services.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<Database>();
            database.RemoveRange(database.Set<SiteDesk.Accounts.StaffMember>());
            await database.SaveChangesAsync();
        }

        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        await RunAsync("restore", Archive("first"), "--data", Data("second"));
        await AddStaffAsync("second", "new@example.com");

        await using var restored = SiteDeskApplication.Build(["--data", Data("second")]);
        await using var look = restored.Services.CreateAsyncScope();
        look.ServiceProvider.GetRequiredService<Database>().Set<SiteDesk.Accounts.StaffMember>().Single().Id.ShouldBe(2);
    }

    [Fact]
    public async Task A_restore_over_an_installation_needs_force_and_keeps_what_was_there()
    {
        await AddStaffAsync("first", "first@example.com");
        await AddStaffAsync("second", "second@example.com");
        await RunAsync("backup", Archive("first"), "--data", Data("first"));

        var refused = await CommandRun.Of("restore", Archive("first"), "--data", Data("second"));
        refused.Code.ShouldBe(78);
        refused.Errors.ShouldContain("--force");
        (await StaffAsync("second")).ShouldBe(["second@example.com"]);

        var forced = await RunAsync("restore", Archive("first"), "--data", Data("second"), "--force");
        forced.Output.ShouldContain("sitedesk.db.replaced");
        (await StaffAsync("second")).ShouldBe(["first@example.com"]);
    }

    [Fact]
    public async Task A_restore_under_a_running_program_is_refused()
    {
        await AddStaffAsync("first", "first@example.com");
        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        await using var running = SiteDeskApplication.Build(["--data", Data("first"), "--urls", "http://127.0.0.1:0"]);
        await SiteDeskApplication.StartAsync(running, CancellationToken.None);
        await using var scope = running.Services.CreateAsyncScope();
        await RelationalDatabaseFacadeExtensions.OpenConnectionAsync(scope.ServiceProvider.GetRequiredService<Database>().Database);

        var refused = await CommandRun.Of("restore", Archive("first"), "--data", Data("first"), "--force");

        refused.Errors.ShouldContain("Stop SiteDesk first");
        refused.Code.ShouldBe(75);
    }

    [Theory]
    [InlineData("tables/accounts_staff.jsonl")]
    [InlineData("manifest.json")]
    public async Task A_damaged_backup_is_refused_before_anything_is_touched(string entry)
    {
        await AddStaffAsync("first", "first@example.com");
        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        Damage(Archive("first"), entry);

        var refused = await CommandRun.Of("restore", Archive("first"), "--data", Data("second"));

        refused.Code.ShouldBeOneOf(65, 78);
        refused.Errors.ShouldContain(entry);
        File.Exists(Path.Combine(Data("second"), "sitedesk.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_not_a_backup_is_refused_by_name()
    {
        await File.WriteAllTextAsync(_folder.PathTo("letter.txt"), "Dear Sir");
        var refused = await CommandRun.Of("restore", _folder.PathTo("letter.txt"), "--data", Data("second"));
        refused.Code.ShouldBe(78);
        refused.Errors.ShouldContain("letter.txt is not a backup");
    }

    [Theory]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":1,\"program\":\"x\",\"schema\":\"Initial\",\"createdAt\":\"2020-01-01T00:00:00Z\",\"tables\":null,\"files\":[],\"missingFiles\":[]}")]
    public async Task A_table_of_contents_with_gaps_is_refused_by_name(string manifest)
    {
        await AddStaffAsync("first", "first@example.com");
        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        Rewrite(Archive("first"), ArchiveManifest.EntryName, _ => manifest);

        var refused = await CommandRun.Of("restore", Archive("first"), "--data", Data("second"));
        refused.Code.ShouldBe(78);
        refused.Errors.ShouldContain("is not a backup of SiteDesk");
        refused.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        await AddStaffAsync("first", "first@example.com");
        var run = await CommandRun.Of("backup", Path.Combine(_folder.Root, "nowhere", "desk.zip"), "--data", Data("first"));
        run.Code.ShouldBe(64);
        run.Errors.ShouldContain("nowhere");
        run.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_backup_of_a_newer_program_is_refused()
    {
        await AddStaffAsync("first", "first@example.com");
        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        Rewrite(Archive("first"), ArchiveManifest.EntryName, text => text.Replace("\"schema\": \"", "\"schema\": \"Future", StringComparison.Ordinal));

        var refused = await CommandRun.Of("restore", Archive("first"), "--data", Data("second"));

        refused.Code.ShouldBe(78);
        refused.Errors.ShouldContain("newer SiteDesk");
    }

    [Fact]
    public async Task A_row_that_points_nowhere_is_refused_and_nothing_is_restored()
    {
        await FillAsync(["--data", Data("first")], new Random(5));
        await KeepAFileAsync("first");
        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        EmptyTable(Archive("first"), "customers_customers");

        var refused = await CommandRun.Of("restore", Archive("first"), "--data", Data("second"));

        refused.Code.ShouldBe(65);
        refused.Errors.ShouldContain("points at a row");
        File.Exists(Path.Combine(Data("second"), "sitedesk.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_is_lost_is_reported_and_the_rest_is_saved()
    {
        await RunAsync("migrate", "--data", Data("first"));
        var file = await KeepAFileAsync("first");
        File.Delete(Path.Combine(Data("first"), "files", file[..2], file));

        var run = await CommandRun.Of("backup", Archive("first"), "--data", Data("first"));

        run.Code.ShouldBe(65);
        run.Errors.ShouldContain(file);
        await RunAsync("restore", Archive("first"), "--data", Data("second"));
    }

    [Fact]
    public async Task A_backup_is_for_its_owners_eyes_only()
    {
        await RunAsync("migrate", "--data", Data("first"));
        await RunAsync("backup", Archive("first"), "--data", Data("first"));
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Archive("first")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Data(string name) => _folder.PathTo(name);

    private string Archive(string name) => _folder.PathTo(name + ".zip");

    private static async Task<CommandRun> RunAsync(params string[] arguments) => (await CommandRun.Of(arguments)).ShouldBeDone();

    private async Task AddStaffAsync(string data, string email) =>
        (await CommandRun.WithInput("correct horse battery", "user", "add", email, "--role", "owner", "--data", Data(data))).ShouldBeDone();

    private async Task<List<string>> StaffAsync(string data)
    {
        await using var app = SiteDeskApplication.Build(["--data", Data(data)]);
        await using var scope = app.Services.CreateAsyncScope();
        return [.. scope.ServiceProvider.GetRequiredService<Database>().Set<SiteDesk.Accounts.StaffMember>().Select(member => member.Email!)];
    }

    private static async Task FillAsync(string[] settings, Random random)
    {
        await RunAsync(["migrate", .. settings]);
        await using var app = SiteDeskApplication.Build(settings);
        await using var scope = app.Services.CreateAsyncScope();
        await new RandomContents(scope.ServiceProvider.GetRequiredService<Database>(), random).FillAsync(40);
        // Random files have no bytes behind them.
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        await using var command = RelationalDatabaseFacadeExtensions.GetDbConnection(database.Database).CreateCommand();
        command.CommandText = "UPDATE platform_files SET \"Sha256\" = $digest";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "$digest";
        parameter.Value = KeptDigest;
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync();
    }

    private static string KeptDigest { get; } = Convert.ToHexStringLower(SHA256.HashData("kept bytes"u8));

    // The bytes of the one file that all rows speak of.
    private async Task<string> KeepAFileAsync(string data)
    {
        var path = Path.Combine(Data(data), "files", KeptDigest[..2], KeptDigest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "kept bytes");
        await using var app = SiteDeskApplication.Build(["--data", Data(data)]);
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        if (!database.Set<SiteDesk.Platform.Files.StoredFile>().Any())
        {
            database.Add(new SiteDesk.Platform.Files.StoredFile { Token = "token", Name = "a.txt", ContentType = "text/plain", Size = 10, Sha256 = KeptDigest, CreatedAt = DateTime.UnixEpoch });
            await database.SaveChangesAsync();
        }

        return KeptDigest;
    }

    private static Dictionary<string, string> Contents(string archive)
    {
        using var zip = ZipFile.OpenRead(archive);
        return zip.Entries.Where(entry => entry.FullName != ArchiveManifest.EntryName).ToDictionary(entry => entry.FullName, Read, StringComparer.Ordinal);
    }

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }

    private static void Damage(string archive, string entry) =>
        Rewrite(archive, entry, text => entry.EndsWith(".jsonl", StringComparison.Ordinal) ? text.Replace("first@", "third@", StringComparison.Ordinal) : null);

    /// <summary>Replaces an entry's text; null removes the entry.</summary>
    private static void Rewrite(string archive, string name, Func<string, string?> change)
    {
        using var zip = ZipFile.Open(archive, ZipArchiveMode.Update);
        var entry = zip.GetEntry(name)!;
        var changed = change(Read(entry));
        entry.Delete();
        if (changed is null)
            return;
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(changed);
    }

    /// <summary>Makes an archive that is whole by its checksums but lacks a table's rows.</summary>
    private static void EmptyTable(string archive, string table)
    {
        Rewrite(archive, ArchivedTable.EntryName(table), _ => "");
        Rewrite(archive, ArchiveManifest.EntryName, text =>
        {
            var manifest = JsonSerializer.Deserialize<ArchiveManifest>(text, ArchiveManifest.Json)!;
            var tables = manifest.Tables.Select(each => each.Name == table ? each with { Rows = 0, Sha256 = Convert.ToHexStringLower(SHA256.HashData([])) } : each).ToList();
            return JsonSerializer.Serialize(manifest with { Tables = tables }, ArchiveManifest.Json);
        });
    }
}
