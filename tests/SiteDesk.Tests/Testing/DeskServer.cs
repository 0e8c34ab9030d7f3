using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteDesk.Platform.Data;

namespace SiteDesk.Tests.Testing;

/// <summary>The whole program in this process, on a free loopback port, with its own folder and database.</summary>
public sealed class DeskServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly WebApplication _app;

    private DeskServer(string folder, WebApplication app) => (_folder, _app) = (folder, app);

    /// <summary>The address it listens on, with a slash at the end.</summary>
    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>The folder with files and, on SQLite, the database.</summary>
    public string DataFolder => _folder;

    /// <param name="database">A PostgreSQL connection string or the path of a SQLite file; null for a new SQLite database in the folder.</param>
    /// <param name="replace">Puts a test's clock or outside world in place.</param>
    /// <param name="arguments">More of the command line.</param>
    public static async Task<DeskServer> StartAsync(
        string? database = null, Action<IServiceCollection>? replace = null, params string[] arguments)
    {
        var folder = MemoryFolder.Create("sitedesk-test-");
        string[] all = ["--data", folder, "--urls", "http://127.0.0.1:0", .. database is null ? [] : new[] { "--database", database }, .. arguments];
        if (database is null)
            await MigratedDatabase.WriteSqliteAsync(Path.Combine(folder, "sitedesk.db"));
        var app = SiteDeskApplication.Build(all, services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            // A password of a test need not withstand a stolen database; PasswordStrengthTests holds what the program has.
            services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 100);
            // What takes a part without an order takes another one each time, and fills the owner's log with warnings.
            services.ConfigureDbContext<SqliteDatabase>(options => options.ConfigureWarnings(Strictly));
            services.ConfigureDbContext<PostgresDatabase>(options => options.ConfigureWarnings(Strictly));
            replace?.Invoke(services);
        });
        await SiteDeskApplication.StartAsync(app, CancellationToken.None);
        return new DeskServer(folder, app) { Address = new Uri(app.Urls.First().TrimEnd('/') + "/") };
    }

    private static void Strictly(WarningsConfigurationBuilder warnings) => warnings.Throw(CoreEventId.RowLimitingOperationWithoutOrderByWarning);

    /// <summary>A browser's worth of state: cookies, no redirects followed unless asked.</summary>
    public DeskClient NewClient(bool followRedirects = false) => new(Address, followRedirects);

    /// <summary>Runs the set-up: an owner and a site.</summary>
    /// <returns>A client signed in as the owner.</returns>
    public async Task<DeskClient> SetUpAsync(string siteAddress = "https://shop.example.com", params string[] languages)
    {
        var client = NewClient();
        var answer = await client.PostFormAsync("/set-up", [
            new("Name", "Olga Owner"), new("Email", Owner), new("Password", Password),
            new("SiteName", "Nordlight"), new("SiteAddress", siteAddress), new("TimeZone", "Europe/Berlin"),
            .. (languages.Length == 0 ? ["en", "ru", "zh-Hans"] : languages).Select(language => new KeyValuePair<string, string>("Languages", language)),
        ]);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync());
        return client;
    }

    public const string Owner = "owner@example.com";
    public const string Password = "correct horse battery";

    /// <summary>Looks at or prepares rows directly.</summary>
    public async Task<TResult> InDatabaseAsync<TResult>(Func<Database, Task<TResult>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<Database>());
    }

    public async ValueTask DisposeAsync()
    {
        var address = _app.Services.GetRequiredService<DatabaseAddress>();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (address.Engine == DatabaseEngine.Postgres)
        {
            // The pool outlives the desk; hundreds of desks would use up the server's connections.
            await using var pooled = new Npgsql.NpgsqlConnection(address.ConnectionString);
            Npgsql.NpgsqlConnection.ClearPool(pooled);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
