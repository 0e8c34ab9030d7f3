using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;

namespace SiteDesk.Assistant.LanguageModel.Connection;

/// <summary>
/// Keeps the month's bound. A request is counted before it leaves, by one conditional update, so that several nodes together keep to it;
/// tokens are known only afterwards, so the requests under way may go past that bound by what they use themselves.
/// </summary>
internal sealed class ModelBudget(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <returns>Whether one more request is within the bounds; it is then counted.</returns>
    public async Task<bool> TakeAsync(ModelConnection connection, CancellationToken cancellation)
    {
        var month = Month();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        if (await CountAsync(database, connection, month, cancellation))
            return true;
        if (!await database.Set<ModelUse>().AnyAsync(use => use.Month == month, cancellation))
        {
            try
            {
                database.Add(new ModelUse { Month = month });
                await database.SaveChangesAsync(cancellation);
            }
            catch (DbUpdateException problem) when (problem.IsConflict())
            {
                database.ChangeTracker.Clear(); // somebody else began the month at the same moment
            }
        }

        // Again in any case: the month may have begun between the two questions.
        return await CountAsync(database, connection, month, cancellation);
    }

    public async Task AddTokensAsync(long tokens, CancellationToken cancellation)
    {
        var month = Month();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Database>().Set<ModelUse>().Where(use => use.Month == month)
            .ExecuteUpdateAsync(set => set.SetProperty(use => use.Tokens, use => use.Tokens + tokens), cancellation);
    }

    /// <summary>What was used in this month.</summary>
    public async Task<(long Requests, long Tokens)> UsedAsync(CancellationToken cancellation)
    {
        var month = Month();
        await using var scope = scopes.CreateAsyncScope();
        var used = await scope.ServiceProvider.GetRequiredService<Database>().Set<ModelUse>().AsNoTracking().FirstOrDefaultAsync(use => use.Month == month, cancellation);
        return (used?.Requests ?? 0, used?.Tokens ?? 0);
    }

    private static async Task<bool> CountAsync(Database database, ModelConnection connection, string month, CancellationToken cancellation)
    {
        var (mostRequests, mostTokens) = (connection.MostRequests ?? long.MaxValue, connection.MostTokens ?? long.MaxValue);
        return await database.Set<ModelUse>().Where(use => use.Month == month && use.Requests < mostRequests && use.Tokens < mostTokens)
            .ExecuteUpdateAsync(set => set.SetProperty(use => use.Requests, use => use.Requests + 1), cancellation) > 0;
    }

    private string Month() => time.Now().ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
