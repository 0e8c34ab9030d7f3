using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteDesk.Accounts;
using SiteDesk.Api;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Security;

namespace SiteDesk.Bench.Desk;

/// <summary>The program's own parts over a database, without a server: to prepare rows and to look at queries.</summary>
internal sealed class DeskServices : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <param name="database">A PostgreSQL connection string; null for SQLite in the data folder.</param>
    /// <param name="interceptor">Sees the commands that are sent to the database.</param>
    public DeskServices(string data, string? database = null, IInterceptor? interceptor = null) =>
        _app = SiteDeskApplication.Build(["--data", data, .. database is null ? [] : new[] { "--database", database }], services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            if (interceptor is not null)
                services.AddSingleton(interceptor);
        });

    public IServiceProvider Root => _app.Services;

    public Task MigrateAsync() => Root.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);

    public async Task<TResult> UseAsync<TPart, TResult>(Func<TPart, Task<TResult>> use) where TPart : notnull
    {
        await using var scope = Root.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TPart>());
    }

    /// <summary>The owner that the set-up made.</summary>
    public Task<Staff> OwnerAsync() => UseAsync<Database, Staff>(async database =>
        (await database.Set<StaffMember>().AsNoTracking().Include(member => member.Sites).Include(member => member.Teams).OrderBy(member => member.Id).FirstAsync()).AsStaff());

    /// <returns>The secret of a new token of the owner's that is good for everything.</returns>
    public async Task<string> NewApiTokenAsync()
    {
        var owner = await OwnerAsync();
        var outcome = await UseAsync<ApiTokens, Platform.Outcome<(ApiToken Token, string Secret)>>(tokens => tokens.CreateAsync("bench", ApiScopes.All, null, owner, CancellationToken.None));
        return outcome.Value.Secret;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
